/**
 * How wide a text will be, in pixels: nobody can measure here, and a few per cent do for what has to fit into a box.
 * The widths are those of the usual sans serif faces of screens.
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width * size;
}

/** Longer ones are nobody's label; what is over is not even looked at. */
const longest = 300;

/** The text, or as much of it as fits, with an ellipsis. */
export function fitted(text: string, size: number, width: number): string {
  const chars = Array.from(text.slice(0, longest));
  if (text.length <= longest && textWidth(text, size) <= width) return text;
  let left = width / size - charWidth('…');
  const end = chars.findIndex(char => (left -= charWidth(char)) < 0);
  return `${chars.slice(0, end < 0 ? chars.length : end).join('')}…`;
}

/** The lines of a label, each fitted; the last one tells that there were more. */
export function fittedLines(text: string, size: number, width: number, most: number): readonly string[] {
  // The one after the last line is only looked for.
  const lines = text.slice(0, longest * most).split('\n', most + 1);
  const kept = lines.slice(0, most).map(line => fitted(line.trim(), size, width));
  if (lines.length <= most) return kept;
  return kept.with(-1, `${kept.at(-1)?.replace(/…$/, '') ?? ''}…`);
}

function charWidth(char: string): number {
  if (/[iljtfI.,:;'!|()[\]{}]/.test(char)) return 0.3;
  if (/[\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/.test(char)) return 0;
  if (/[mwMW@%]/.test(char)) return 0.87;
  if (/[ -~]/.test(char)) return /[A-Z]/.test(char) ? 0.67 : 0.55;
  return /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]/.test(char) || char.length > 1 ? 1 : 0.6;
}
