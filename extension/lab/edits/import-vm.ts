import type { LabEdit } from './lab-edit.ts';
import { newNameRefusal } from './new-name.ts';
import type { Lab } from '../model.ts';
import type { DataChange } from '../reading/plain-data.ts';

/** A whole VM with the switches that it needs, or why there are none, for people. */
export function importChanges(
  lab: Lab,
  { name, vm, switches }: Extract<LabEdit, { kind: 'importVm' }>,
): readonly DataChange[] | string {
  const added = Object.entries(switches);
  const refusals = [newNameRefusal(lab, 'vm', name), ...added.map(([one]) => newNameRefusal(lab, 'switch', one))];
  const refusal = refusals.find(one => one !== undefined);
  if (refusal !== undefined) return refusal;
  return [
    ...added.map(([one, value]): DataChange => ({ kind: 'set', path: ['switches', one], value })),
    { kind: 'set', path: ['vms', name], value: vm },
  ];
}
