/** A part of a text of block style that can be parsed by itself: an entry of the top or of a section, and what follows it. */
export interface TextPiece {
  /** Where the line of its key begins, and where the line of the next piece's key does. */
  readonly start: number;
  readonly end: number;
  /** The spaces before its key: 0 at the top. */
  readonly indent: number;
  /** The spaces before the key behind it; `atEnd`: nothing follows. */
  readonly follower: number;
}

export const atEnd = -1;

/** A key at the top with its first entry, and its other entries if they are there in block style. */
export interface TextSection {
  readonly head: TextPiece;
  readonly entries: readonly TextPiece[];
}

/** What may mean something for the whole text wherever it is: document markers, directives, odd blanks. */
const unsafe = /[\t\0\uFEFF]|\r(?!\n)|^(?:---|\.\.\.|%)/m;
const plainKey = /\w[\w.-]*:(?=[ \r\n]|$)/y;
const bareKey = /[^:]*: *(?:#.*)?$/my;

/**
 * Cuts a text where plain keys stand at the top, and at the first level below. The cuts are guesses by the look of the lines:
 * whether a piece really ends where the next one begins is for whoever parses it. Undefined: not to be cut.
 */
export function cutText(text: string): readonly TextSection[] | undefined {
  if (unsafe.test(text)) return undefined;
  const keys: KeyLine[] = [];
  let inner: number | undefined;
  for (const { start, indent } of contentLines(text)) {
    const isTop = indent === 0;
    if (keys.length === 0 && !isTop) return undefined;
    const isKey = matchesAt(plainKey, text, start + indent);
    if (isTop && isKey) {
      keys.push({ start, indent });
      inner = matchesAt(bareKey, text, start) ? undefined : atEnd;
    } else if (keys.length === 0) return undefined;
    else if (inner === undefined) inner = isKey && !isTop ? indent : atEnd;
    else if (isKey && indent === inner) keys.push({ start, indent });
  }
  return sectionsOf(keys, text.length);
}

interface KeyLine {
  readonly start: number;
  readonly indent: number;
}

/** Lines with more than blanks and a comment. */
function* contentLines(text: string): Generator<KeyLine> {
  for (let start = 0; start < text.length;) {
    let at = start;
    while (text.charCodeAt(at) === 32) at += 1;
    const first = text[at];
    const isBlank = first === undefined || first === '\n' || first === '\r';
    if (!isBlank && first !== '#') yield { start, indent: at - start };
    const end = text.indexOf('\n', at);
    start = end < 0 ? text.length : end + 1;
  }
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

function sectionsOf(keys: readonly KeyLine[], length: number): readonly TextSection[] | undefined {
  const sections: { readonly head: TextPiece; readonly entries: TextPiece[] }[] = [];
  keys.forEach((key, index) => {
    const next = keys[index + 1];
    const piece = { ...key, end: next?.start ?? length, follower: next?.indent ?? atEnd };
    if (key.indent === 0) sections.push({ head: piece, entries: [] });
    else sections.at(-1)?.entries.push(piece);
  });
  return sections.length === 0 ? undefined : sections;
}
