import type { Lab } from '../lab/model.ts';
import type { TextSpan } from '../lab/text-span.ts';

/** A thing of a lab by which somebody looks for it in a whole workspace. */
export interface FoundThing {
  readonly kind: 'vm' | 'switch' | 'group';
  readonly name: string;
  readonly span: TextSpan;
}

/** The VMs, switches and groups whose names have all letters of the query, in their order. */
export function findThings(lab: Lab, query: string): readonly FoundThing[] {
  const all: readonly FoundThing[] = [
    ...lab.vms.map(({ name, nameSpan }) => ({ kind: 'vm', name, span: nameSpan }) as const),
    ...lab.switches.map(({ name, nameSpan }) => ({ kind: 'switch', name, span: nameSpan }) as const),
    ...lab.groups.map(({ name, nameSpan }) => ({ kind: 'group', name, span: nameSpan }) as const),
  ];
  return all.filter(({ name }) => hasInOrder(name.toLowerCase(), query.toLowerCase()));
}

function hasInOrder(name: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    const found = name.indexOf(letter, at);
    if (found < 0) return false;
    at = found + letter.length;
  }
  return true;
}
