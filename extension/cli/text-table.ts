export type Cell = string | number | undefined;

/** Columns under a header, aligned, numbers to the right; `-` where there is nothing. Each line ends with a newline. */
export function renderTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map(row => header.map((_, column) => textOf(row[column])));
  const widths = header.map((title, column) =>
    Math.max(...[title, ...texts.map(row => row[column] ?? '')].map(widthOf)),
  );
  const isNumeric = header.map((_, column) => {
    const cells = rows.map(row => row[column]);
    return cells.some(cell => typeof cell === 'number') && !cells.some(cell => typeof cell === 'string');
  });
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((text, column) => {
      const blanks = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)));
      return isNumeric[column] ? blanks + text : text + blanks;
    });
    return `${padded.join('  ').trimEnd()}\n`;
  };
  return [header, ...texts].map(line).join('');
}

/** Names come from other people's command lines: nothing in them may steer the terminal. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');

const textOf = (cell: Cell): string => (cell === undefined || cell === '' ? '-' : printable(String(cell)));
const widthOf = (text: string): number => Array.from(text).length;
