/**
 * How wide a text will be, in pixels: nobody can measure here, and a few per cent do for what has to fit into a box.
 * The widths are those of a wide sans serif face, so that what fits here fits with most.
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (let at = 0; at < text.length; at += 1) {
    const own = asciiWidths[text.charCodeAt(at)];
    if (own === undefined) return widthFrom(text.slice(at), width) * size;
    width += own;
  }
  return width * size;
}

/** Longer ones are nobody's label; what is over is not even looked at. */
const longest = 300;

/** Characters that turn the direction of others around: a name could look like another with them. */
const turning = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** The text, or as much of it as fits, with an ellipsis. */
export function fitted(whole: string, size: number, width: number): string {
  const text = whole.slice(0, longest).replaceAll(turning, '\ufffd');
  const chars = Array.from(text);
  if (whole.length <= longest && textWidth(text, size) <= width) return text;
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

/** Added to the width of what stands before it. */
function widthFrom(text: string, before: number): number {
  let width = before;
  for (const char of text) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  return asciiWidths[char.length === 1 ? char.charCodeAt(0) : -1] ?? estimatedWidth(char);
}

function estimatedWidth(char: string): number {
  if (/[iljtfI.,:;'!|()[\]{}]/.test(char)) return 0.35;
  if (/[\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/.test(char)) return 0;
  if (/[mwMW@%]/.test(char)) return 0.92;
  if (/[ -~]/.test(char)) return /[A-Z0-9]/.test(char) ? 0.66 : 0.6;
  return /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]/.test(char) || char.length > 1 ? 1 : 0.6;
}

/** Known beforehand, as large pictures have tens of thousands of characters. */
const asciiWidths = Array.from({ length: 128 }, (_, code) => estimatedWidth(String.fromCharCode(code)));
