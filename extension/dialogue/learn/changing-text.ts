/** A piece of a line: text that will come again, or something that differs from time to time. */
export interface LinePiece {
  readonly text: string;
  /** Source of a regular expression for all that may stand there. Undefined: it stays as it is. */
  readonly pattern: string | undefined;
}

/** What differs from one time to the next, and what then stands there. Earlier ones win at the same place. */
const kinds: readonly (readonly [find: string, pattern: string])[] = [
  // A bar of progress, dots that become more.
  ['\\[[=#*.\\-_>| ]{3,}\\]', '\\[[^\\]]*\\]'],
  ['[=#*.\\-_>]{4,}', '[=#*.\\-_>]+'],
  // One key of a choice: [1], (2), [1-4].
  ['[[(]\\d(?:[-/,]\\d)?[\\])]', ''],
  // The kernel's time.
  ['\\[ *\\d+\\.\\d+\\]', '\\[ *\\d+\\.\\d+\\]'],
  ['\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{2,4}(?![.\\d])', '\\d+[-/.]\\d+[-/.]\\d+'],
  ['(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\\b[a-z]*', '\\w+'],
  ['(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\\b(?= +\\d)', '\\w+'],
  ['[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}', '[-\\da-fA-F]+'],
  ['[\\da-f]{2}(?::[\\da-f]{2}){5}', '[:\\da-fA-F]+'],
  ['\\d+(?::\\d+)+(?:[.,]\\d+)?(?![\\w:])', '[\\d:.,]+'],
  ['(?:[\\da-f]{1,4})?(?:::?[\\da-f]{1,4}){2,}(?:::)?(?:/\\d+)?', '[:/\\da-fA-F]+'],
  ['0x[\\da-f]+', '0x[\\da-fA-F]+'],
  ['(?=[a-f]*\\d[\\da-f]*[a-f]|\\d+[a-f])[\\da-f]{7,}(?![\\da-z])', '[\\da-fA-F]+'],
  ['\\d+(?:[.,]\\d+)*', '[\\d.,]+'],
];

/** Not in the middle of a name: tty1, debian-12. */
const changing = new RegExp(`(?<![\\w-])(?:${kinds.map(([find]) => `(${find})`).join('|')})`, 'gi');

/** A line, cut where it will differ the next time. */
export function piecesOf(line: string): readonly LinePiece[] {
  const pieces: LinePiece[] = [];
  let from = 0;
  for (const match of line.matchAll(changing)) {
    const [, ...groups]: readonly (string | undefined)[] = match;
    const kind = kinds[groups.findIndex(group => group !== undefined)];
    if (kind?.[1] === undefined || kind[1] === '') continue;
    pieces.push({ text: line.slice(from, match.index), pattern: undefined });
    pieces.push({ text: match[0], pattern: kind[1] });
    from = match.index + match[0].length;
  }
  pieces.push({ text: line.slice(from), pattern: undefined });
  return pieces.filter(({ text }) => text !== '');
}
