/** A range of a text: offsets in UTF-16 code units, `end` excluded. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
  /** Absolute path of the included file whose text this is; absent: the text that was read itself. */
  readonly file?: string;
}

/** A place in a text, line and column counted from 0 in UTF-16 code units (as VS Code counts). */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Turns offsets into lines and columns: one sweep to make, a binary search to ask. */
export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  position(offset: number): TextPosition {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (this.starts[low] ?? 0) };
  }
}
