import { isReservedVmName } from '../../lab/layout.ts';
import { longestName } from '../../lab/names.ts';

/**
 * Gives things names that are safe as file names, each once, whatever the case of letters. A name that is safe stays
 * as it is; dots go, as a run-time file of another VM could have such a name.
 */
export class SafeNames {
  private readonly taken = new Set<string>();

  /** `wanted` in order of preference; the first one that leaves letters counts. */
  take(wanted: readonly (string | undefined)[], otherwise: string): string {
    const letters = wanted.map(lettersOf).find(one => one !== '') ?? otherwise;
    const base = letters.slice(0, longestName - 4);
    let name = isReservedVmName(base.toLowerCase()) ? `${base}_` : base;
    for (let number = 2; this.taken.has(name.toLowerCase()); number += 1) name = `${base}-${number}`;
    this.taken.add(name.toLowerCase());
    return name;
  }
}

/** What of a text can stand in a safe name; empty if nothing can. */
export const lettersOf = (text: string | undefined): string =>
  (text ?? '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
