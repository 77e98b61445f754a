/** A cell by its place among the rows and columns on the screen, both counted from 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells: from where it was begun to where the focus is. */
export interface Selection {
  readonly anchor: Place;
  readonly focus: Place;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

export const only = (place: Place): Selection => ({ anchor: place, focus: place });

export function isSelected({ anchor, focus }: Selection, { row, column }: Place): boolean {
  const isBetween = (a: number, b: number, at: number): boolean => Math.min(a, b) <= at && at <= Math.max(a, b);
  return isBetween(anchor.row, focus.row, row) && isBetween(anchor.column, focus.column, column);
}

/** Inside the grid, however it has shrunk. */
export function clamped({ anchor, focus }: Selection, size: GridSize): Selection {
  return { anchor: inside(anchor, size), focus: inside(focus, size) };
}

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
}

/** How far Page Up and Page Down go. */
const pageRows = 10;

/** The selection after a key of the grid pattern (ARIA Authoring Practices); undefined: the key does not move. */
export function moved(selection: Selection, key: Key, size: GridSize): Selection | undefined {
  if (key.ctrlKey && key.key.toLowerCase() === 'a')
    return { anchor: { row: 0, column: 0 }, focus: { row: size.rows - 1, column: size.columns - 1 } };
  const { row, column } = selection.focus;
  const ends = key.ctrlKey ? { first: 0, last: size.rows - 1 } : { first: row, last: row };
  const places: Readonly<Record<string, Place>> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row: ends.first, column: 0 },
    End: { row: ends.last, column: size.columns - 1 },
    PageUp: { row: row - pageRows, column },
    PageDown: { row: row + pageRows, column },
    Escape: selection.focus,
  };
  const place = places[key.key];
  if (!place) return undefined;
  const focus = inside(place, size);
  return key.shiftKey && key.key !== 'Escape' ? { anchor: selection.anchor, focus } : only(focus);
}

const inside = ({ row, column }: Place, { rows, columns }: GridSize): Place => ({
  row: Math.max(0, Math.min(row, rows - 1)),
  column: Math.max(0, Math.min(column, columns - 1)),
});
