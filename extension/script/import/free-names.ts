import { isSafeName, longestName } from '../../lab/names.ts';

/** What of a text can stand in a name; empty if nothing can. */
export function safeName(text: string): string {
  if (isSafeName(text) && text.length <= longestName) return text;
  return text
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, longestName - 4)
    .replace(/[.-]+$/, '');
}

/** `web`, else `web-2`, …: names become files, so they differ in more than case. */
export function freeNameOf(base: string, things: readonly { readonly name: string }[]): string {
  const taken = new Set(things.map(({ name }) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
