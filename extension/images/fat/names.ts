/** A part of a long name in an entry of a folder: where its UTF-16 units stand (the first entry holds 1 to 13). */
export const unitPlaces: readonly number[] = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
export const longestName = 255;

/** Why a name cannot be on a FAT volume, as the end of a sentence; undefined: it can. */
export function nameRefusal(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is no name of a file';
  if (name.length > longestName) return `is longer than ${longestName} characters`;
  const bad = /["*/:<>?\\|\p{Cc}]/u.exec(name)?.[0];
  if (bad !== undefined) return `has the character ${JSON.stringify(bad)}, which FAT does not allow`;
  if (/[. ]$/.test(name)) return 'ends with a dot or a blank, which FAT does not keep';
  return name.includes('\ufffd') ? 'is not written in UTF-8' : undefined;
}

/** Two names that differ only in capitals are one. */
export const nameKey = (name: string): string =>
  name.replaceAll(/./gu, one => (one.toUpperCase().length === one.length ? one.toUpperCase() : one));

/** The eleven characters by which systems without long names know a file: `READ~1  TXT`. Taken ones are added to `taken`. */
export function shortAlias(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot + 1)] : [name, ''];
  const [base, end] = [plain(stem), plain(ending).slice(0, 3)];
  const isSame = isShort(name);
  for (let number = 0; ; number++) {
    if (number === 0 && !isSame) continue;
    const tail = number === 0 ? '' : `~${number}`;
    const alias = (base.slice(0, 8 - tail.length) + tail).padEnd(8) + end.padEnd(3);
    if (taken.has(alias)) continue;
    taken.add(alias);
    return alias;
  }
}

/** Whether its alias says all of the name, so that no long name is needed. */
export const isShort = (name: string): boolean => /^[A-Z0-9_-]{1,8}(\.[A-Z0-9_-]{1,3})?$/.test(name);

const plain = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[. ]/g, '')
    .replaceAll(/[^A-Z0-9_-]/g, '_');

/** Binds long names to their alias. */
export function aliasSum(alias: Uint8Array): number {
  let sum = 0;
  for (const byte of alias.subarray(0, 11)) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

/** Eight characters and an ending as they are read: `READ~1.TXT`. `flags`: that of the entry (both parts in small letters). */
export function aliasText(bytes: Uint8Array, flags: number): string {
  const text = [...bytes.subarray(0, 11)].map((byte, at) => String.fromCharCode(at === 0 && byte === 5 ? 0xe5 : byte));
  const part = (from: number, to: number, isSmall: boolean): string => {
    const all = text.slice(from, to).join('').trimEnd();
    return isSmall ? all.toLowerCase() : all;
  };
  const [stem, ending] = [part(0, 8, (flags & 8) !== 0), part(8, 11, (flags & 16) !== 0)];
  return ending === '' ? stem : `${stem}.${ending}`;
}
