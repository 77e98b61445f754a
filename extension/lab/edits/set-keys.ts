import type { LabEdit } from './lab-edit.ts';
import { isList, isRecord, valueAt, type DataChange, type Plain, type PlainPath } from '../reading/plain-data.ts';

type SetKeys = Extract<LabEdit, { kind: 'setKeys' }>;

/** What giving keys of VMs and switches other values changes. What stands for a map (`stp: true`) becomes one. */
export function setKeyChanges(data: Plain, { keys }: SetKeys): readonly DataChange[] {
  return keys.flatMap(({ thing, path, value }): readonly DataChange[] => {
    const full: PlainPath = [thing.kind === 'vm' ? 'vms' : 'switches', thing.name, ...path];
    if (value === undefined) return valueAt(data, full) === undefined ? [] : [{ kind: 'remove', path: full }];
    const entry = valueAt(data, full);
    // The path of a disk image may stand in an entry with a size and format.
    if (isRecord(entry) && 'file' in entry) return [{ kind: 'set', path: [...full, 'file'], value }];
    return [setBelow(data, full, value)];
  });
}

/** Where a plain value stands on the way, it gives way to a map; the only item of a list may stand without brackets. */
function setBelow(data: Plain, path: PlainPath, value: Plain): DataChange {
  const depth = path.findIndex((_, at) => at > 2 && isPlainValue(valueAt(data, path.slice(0, at))));
  if (depth < 0) return { kind: 'set', path, value };
  const rest = path.slice(depth).filter(key => typeof key === 'string');
  return {
    kind: 'set',
    path: path.slice(0, depth),
    value: rest.reduceRight<Plain>((inner, key) => ({ [key]: inner }), value),
  };
}

const isPlainValue = (value: Plain | undefined): boolean =>
  value !== undefined && value !== null && !isList(value) && !isRecord(value);
