import { UserError } from '../../base/user-error.ts';
import { highestVlan } from '../../vde/switch-commands.ts';

/** What is to become of the VLANs of a port; what is not named stays. */
export interface VlanChange {
  /** 0: none. */
  readonly untagged?: number | undefined;
  readonly tagged?: TagChange | undefined;
}

/** Tags to be added and taken off, or all tags there are to be. */
export type TagChange =
  { readonly add: readonly number[]; readonly remove: readonly number[] } | { readonly only: readonly number[] };

/** Reads `10` and `none`. Throws a UserError that says what is wrong. */
export const readUntagged = (text: string): number => (/^(none|0)$/i.test(text.trim()) ? 0 : readVlan(text));

/** Reads `+10,-20`, `10,20` (these and no others) and `none`. Throws a UserError that says what is wrong. */
export function readTagged(text: string): TagChange {
  const words = text.split(/[\s,]+/).filter(word => word !== '');
  if (words.length === 0)
    throw new UserError('Say which tagged VLANs: +10,-20 to change some, 10,20 for all, or none.');
  if (words.length === 1 && /^none$/i.test(words[0] ?? '')) return { only: [] };
  const signed = words.filter(word => /^[+-]/.test(word));
  if (signed.length === 0) return { only: unique(words.map(readVlan)) };
  if (signed.length < words.length)
    throw new UserError(
      `"${text}" mixes two ways: either +10,-20 to change some tagged VLANs, or 10,20 for all of them.`,
    );
  const of = (sign: string): readonly number[] =>
    unique(words.filter(word => word.startsWith(sign)).map(word => readVlan(word.slice(1))));
  const [add, remove] = [of('+'), of('-')];
  const both = add.find(vlan => remove.includes(vlan));
  if (both !== undefined) throw new UserError(`VLAN ${both} cannot be both added and taken off.`);
  return { add, remove };
}

/** Reads `3`, `3-7` and `1,3-5` as ports of a switch that has `count`. Throws a UserError that says what is wrong. */
export function readPorts(text: string, count: number): readonly number[] {
  const ports = text.split(',').flatMap(word => {
    const [, from, to = from] = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(word) ?? [];
    if (from === undefined) throw new UserError(`"${text}" names no ports. Write 3, 3-7 or 1,3-5.`);
    const [first, last] = [Number(from), Number(to)];
    if (first < 1 || last > count || first > last)
      throw new UserError(`There is no port ${word.trim()}: the switch has ports 1 to ${count}.`);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });
  return unique(ports);
}

function readVlan(text: string): number {
  const word = text.trim();
  const vlan = /^\d{1,5}$/.test(word) ? Number(word) : NaN;
  if (!(vlan >= 1 && vlan <= 4094)) throw new UserError(`"${word}" is no VLAN. VLANs are 1 to 4094.`);
  if (vlan > highestVlan) throw new UserError(`VLAN ${vlan} is beyond vde_switch, which has 1 to ${highestVlan}.`);
  return vlan;
}

/** `untagged 10 · tagged 20, 30`; a port without any is `no VLAN`. */
export function vlansOf({
  untagged,
  tagged,
}: {
  readonly untagged: number;
  readonly tagged: readonly number[];
}): string {
  const words = [
    ...(untagged === 0 ? [] : [`untagged ${untagged}`]),
    ...(tagged.length === 0 ? [] : [`tagged ${tagged.join(', ')}`]),
  ];
  return words.length === 0 ? 'no VLAN' : words.join(' · ');
}

const unique = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)].sort((a, b) => a - b);
