import { isMistake, readSentence } from './sentence.ts';

/**
 * Where names of VMs, rows, groups and switches stand in the sentence of a check, also while it is half typed. The number of a
 * NIC (`web/1`) is no part of one.
 */
export const nameParts = {
  subject: /^(?!VLAN )[^\s/]+(?=[\s/])/,
  object: /(?<= (?:reach|reaches|from) )(?!VLAN )[^\s/]+/,
  router: /(?<= through )[^\s/]+/,
} as const;

export const vlanParts = [/(?<=^VLAN )\d+/, /(?<= (?:from|of) VLAN )\d+/] as const;

/** The names that a sentence speaks of, with the numbers of NICs. */
export function wordsOfSentence(text: string): readonly string[] {
  const read = readSentence(text);
  if (isMistake(read)) return [];
  return Object.values(read).flatMap((part: unknown) =>
    typeof part === 'object' && part !== null && 'text' in part ? [String(part.text)] : [],
  );
}

/** The sentence with another name for what it calls `from`. */
export const renamedSentence = (text: string, from: string, to: string): string =>
  Object.values(nameParts).reduce((now, part) => now.replace(part, name => (name === from ? to : name)), text);
