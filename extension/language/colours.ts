import type { TextSpan } from '../lab/text-span.ts';
import type { LabIndex } from './names/lab-index.ts';
import type { NameKind } from './names/name-places.ts';

/** Kinds of names that have colours of their own, in the order in which the legend counts them; package.json declares them. */
export const colouredKinds = [
  'vm',
  'switch',
  'group',
  'template',
  'image',
  'host',
  'vlan',
  'address',
] as const satisfies readonly NameKind[];

export interface ColouredName {
  readonly span: TextSpan;
  readonly kind: NameKind;
  readonly isDefinition: boolean;
}

/** The names of a lab file, or of a range of it, in file order. */
export function colouredNames({ occurrences }: LabIndex, range?: TextSpan): readonly ColouredName[] {
  const seen = range
    ? occurrences.filter(({ span }) => span.end >= range.start && span.start <= range.end)
    : occurrences;
  return seen.map(({ span, kind, role }) => ({ span, kind, isDefinition: role === 'definition' }));
}
