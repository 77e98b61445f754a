/** Where a file or folder lay, and where it is. Both absolute. */
export type Move = readonly [from: string, to: string];

/**
 * Words of a QEMU command line as they are after files were moved, or folders with all that is in them. A path begins a
 * word, or stands behind `=`, `:` or a comma; in values QEMU takes two commas for one.
 */
export function movedWords(words: readonly string[], moves: readonly Move[]): readonly string[] {
  if (moves.length === 0) return words;
  const pairs = moves.flatMap(([from, to]) => [[from, to] as const, [doubled(from), doubled(to)] as const]);
  // The longer one first, as one may lie in the other.
  const sorted = pairs.sort(([a], [b]) => b.length - a.length);
  const pattern = new RegExp(`(^|[=:,])(${sorted.map(([from]) => escaped(from)).join('|')})(?=[/,]|$)`, 'g');
  const goals = new Map(pairs);
  return words.map(word =>
    word.replace(pattern, (_whole, before: string, from: string) => before + (goals.get(from) ?? from)),
  );
}

/**
 * The text of a lab file as it is after a file was moved: its path stands alone there, as a YAML value or in a comment.
 * `from` and `to` as the lab file has them.
 */
export function movedText(text: string, from: string, to: string): string {
  const pattern = new RegExp(`(?<=^|[\\s"'[{,:])${escaped(from)}(?=$|[\\s"'\\]},])`, 'gm');
  return text.replace(pattern, () => to);
}

const doubled = (path: string): string => path.replaceAll(',', ',,');
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
