import { lineEdits } from '../../script/renew/line-edits.ts';
import { sizeWords } from '../images/image-list.ts';
import { faultWords } from '../../lab/fault-words.ts';
import type { SavedSwitch, SnapshotPoint } from './snapshot-point.ts';

/** What is different about a thing. Undefined: it is not there. */
export interface PointDifference {
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** How one point of a lab differs from another: files line by line, then VMs, disks, VLANs and wires. */
export const comparePoints = (before: SnapshotPoint, after: SnapshotPoint): readonly PointDifference[] => [
  ...fileDifferences(before, after),
  ...differences(pointFacts(before), pointFacts(after)),
];

/** What a point says beside its files: `VM fw` → `running`, then disks, ports and wires. */
export const pointFacts = (point: SnapshotPoint): ReadonlyMap<string, string> =>
  new Map([...vmFacts(point), ...portFacts(point), ...wireFacts(point)]);

function fileDifferences(before: SnapshotPoint, after: SnapshotPoint): readonly PointDifference[] {
  const names = new Set([...before.files, ...after.files].map(({ name }) => name));
  return [...names].flatMap(name => {
    const [old, now] = [before, after].map(point => linesOf(point.files.find(file => file.name === name)?.text));
    if (!old || !now) return [{ what: name, before: old && 'there', after: now && 'there' }];
    const gone = lineEdits(now, old).changed.map(line => ({
      ...{ what: `${name} line ${line}`, before: old[line - 1], after: undefined },
    }));
    const come = lineEdits(old, now).changed.map(line => ({
      ...{ what: `${name} line ${line}`, before: undefined, after: now[line - 1] },
    }));
    return [...gone, ...come];
  });
}

const linesOf = (text: string | undefined): readonly string[] | undefined => text?.split('\n');

type Facts = ReadonlyMap<string, string>;

function differences(before: Facts, after: Facts): readonly PointDifference[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all]
    .filter(what => before.get(what) !== after.get(what))
    .map(what => ({ what, before: before.get(what), after: after.get(what) }));
}

const vmFacts = ({ vms }: SnapshotPoint): Facts =>
  new Map(
    vms.flatMap(({ name, state, disks }) => [
      [`VM ${name}`, state] as const,
      ...disks.map(({ file, allocatedBytes }) => [`disk ${file} of ${name}`, sizeWords(allocatedBytes)] as const),
    ]),
  );

const portFacts = ({ switches }: SnapshotPoint): Facts =>
  new Map(
    switches.flatMap(one => one.ports.map(port => [`port ${port.number} of ${one.name}`, vlanWords(port)] as const)),
  );

const vlanWords = ({ untagged, tagged }: SavedSwitch['ports'][number]): string =>
  [
    untagged === 0 ? 'no VLAN' : `untagged ${untagged}`,
    ...(tagged.length > 0 ? [`tagged ${tagged.join(', ')}`] : []),
  ].join(', ');

const wireFacts = ({ wires }: SnapshotPoint): Facts =>
  new Map(
    wires.map(({ name, nic, faults }) => [
      nic === 0 ? `wire ${name}` : `wire of ${name} NIC ${nic}`,
      faultWords(faults, ['first end', 'second end']) || 'nothing is wrong',
    ]),
  );
