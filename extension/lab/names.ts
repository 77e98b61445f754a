/** The largest length of a name of a lab, VM or switch, in bytes. */
export const longestName = 40;

/** Safe as a file name, as a word of the shell and as a QEMU ID, whatever the tool. */
export const isSafeName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name);

/** Bytes of a text in UTF-8, which is what limits of the kernel count. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Control characters as JSON escapes (\u0007) and a limited length, so that a message stays one short line. */
export function shown(text: string): string {
  if (text.length <= 60 && !/\p{Cc}/u.test(text)) return text;
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return cut.replace(/\p{Cc}/gu, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Finds the known name that is nearest to a misspelt one. It looks at a limited number of pairs,
 * so that a file full of mistakes is still read at once.
 */
export class NearestName {
  private pairsLeft = 20_000;

  find(wrong: string, known: Iterable<string>): string | undefined {
    if (wrong === '' || wrong.length > longestName) return undefined;
    let best: string | undefined;
    let bestDistance = Math.max(1, Math.floor(wrong.length / 3)) + 1;
    for (const name of known) {
      if (this.pairsLeft-- <= 0) break;
      if (Math.abs(name.length - wrong.length) >= bestDistance) continue;
      const distance = levenshtein(wrong.toLowerCase(), name.toLowerCase());
      if (distance >= bestDistance) continue;
      best = name;
      bestDistance = distance;
    }
    return best;
  }
}

/** `. Did you mean lan?` or nothing. */
export const didYouMean = (name: string | undefined): string => (name === undefined ? '' : ` Did you mean "${name}"?`);

/** The number of characters to insert, delete or replace to get from one text to the other. */
function levenshtein(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let at = 1; at <= to.length; at += 1) {
      const replaced = (row[at - 1] ?? 0) + (from[line - 1] === to[at - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
