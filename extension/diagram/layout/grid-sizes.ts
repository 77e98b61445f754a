import type { Box } from '../picture.ts';
import type { DiagramSettings } from '../diagram.ts';
import type { GridArea, GridCell } from './classic-grid.ts';

/** nwdiag's unit: the height of a bus, half the distance of lines. */
export const unit = 8;

/** nwdiag's pixels: how wide each column is, how high each row, and what follows from it. */
export class GridSizes {
  private readonly settings: DiagramSettings;
  private readonly widths: readonly number[];
  private readonly heights: readonly number[];
  /** Where each column and row begins; one more at the end. */
  private readonly lefts: readonly number[];
  private readonly tops: readonly number[];

  /** Sizes of columns and rows; where undefined (nothing stands there) they are the diagram's. */
  constructor(
    settings: DiagramSettings,
    widths: readonly (number | undefined)[],
    heights: readonly (number | undefined)[],
  ) {
    const { nodeWidth, nodeHeight, spanWidth, spanHeight } = settings;
    this.settings = settings;
    this.widths = widths.map(width => width ?? nodeWidth);
    this.heights = heights.map(height => height ?? nodeHeight);
    this.lefts = starts(nodeWidth + spanWidth, spanWidth, this.widths);
    this.tops = starts(Math.floor(spanHeight / 2) + spanHeight, spanHeight, this.heights);
  }

  get pageWidth(): number {
    return this.left(this.widths.length);
  }

  get pageHeight(): number {
    return this.top(this.heights.length);
  }

  left(column: number): number {
    const { nodeWidth, spanWidth } = this.settings;
    const beyond = Math.max(0, column - this.widths.length) * (nodeWidth + spanWidth);
    return (this.lefts[Math.min(column, this.widths.length)] ?? 0) + beyond;
  }

  top(row: number): number {
    const { nodeHeight, spanHeight } = this.settings;
    const beyond = Math.max(0, row - this.heights.length) * (nodeHeight + spanHeight);
    return (this.tops[Math.min(row, this.heights.length)] ?? 0) + beyond;
  }

  cell({ column, row }: GridCell): Box {
    return this.area({ column, row, width: 1, height: 1 });
  }

  /** Cells without the space around them. */
  area({ column, row, width, height }: GridArea): Box {
    const { spanWidth, spanHeight } = this.settings;
    return {
      left: this.left(column),
      top: this.top(row),
      right: this.left(column + width) - spanWidth,
      bottom: this.top(row + height) - spanHeight,
    };
  }
}

function starts(first: number, space: number, sizes: readonly number[]): readonly number[] {
  const result = [first];
  let at = first;
  for (const size of sizes) result.push((at += size + space));
  return result;
}
