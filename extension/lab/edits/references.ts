import { isList, isRecord, valueAt, type Plain, type PlainPath } from '../reading/plain-data.ts';

/** Of a map or a list; none of anything else. */
export const keysAt = (data: Plain, path: PlainPath): readonly (string | number)[] => {
  const value = valueAt(data, path);
  return isList(value) ? [...value.keys()] : isRecord(value) ? Object.keys(value) : [];
};

/** Where groups name their VMs. */
export const membersOf = (data: Plain): readonly PlainPath[] =>
  keysAt(data, ['groups']).map(group => ['groups', group, 'vms']);

/** Where VMs and templates name those that they come after. */
export const aftersOf = (data: Plain): readonly PlainPath[] =>
  ['vms', 'templates'].flatMap(section => keysAt(data, [section]).map((owner): PlainPath => [section, owner, 'after']));

/** Where NICs name their switches: those of VMs and of templates. */
export const plugsOf = (data: Plain): readonly PlainPath[] =>
  ['vms', 'templates'].flatMap(section =>
    keysAt(data, [section]).flatMap(owner =>
      keysAt(data, [section, owner, 'nics']).map((nic): PlainPath => [section, owner, 'nics', nic, 'switch']),
    ),
  );

/** Where wires name their switches. */
export const endsOf = (data: Plain): readonly PlainPath[] =>
  keysAt(data, ['wires']).map((wire): PlainPath => ['wires', wire, 'between']);

/** Where steps of scenarios name something behind this key. */
export const stepsOf = (data: Plain, key: 'pause' | 'kill' | 'wire' | 'flap'): readonly PlainPath[] =>
  keysAt(data, ['scenarios']).flatMap(scenario =>
    keysAt(data, ['scenarios', scenario]).map((step): PlainPath => ['scenarios', scenario, step, key]),
  );

export const wireSteps = (data: Plain): readonly PlainPath[] => [...stepsOf(data, 'wire'), ...stepsOf(data, 'flap')];

/** Where checks have their sentences, and the VMs in which they run commands. */
export const sentencesOf = (data: Plain): readonly PlainPath[] =>
  keysAt(data, ['checks']).flatMap(check => [
    ['checks', check],
    ['checks', check, 'check'],
  ]);
export const commandsOf = (data: Plain): readonly PlainPath[] =>
  keysAt(data, ['checks']).map((check): PlainPath => ['checks', check, 'on']);

/** Empty: there is no text. */
export function textAt(data: Plain, path: PlainPath): string {
  const value = valueAt(data, path);
  return typeof value === 'string' ? value : '';
}
