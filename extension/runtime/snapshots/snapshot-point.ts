import { listOf, member, recordOf, textOf } from '../../qemu/json-value.ts';
import type { SavedBytes } from '../snapshot-ports.ts';
import { plainFaults, readFaults, type PlainWire } from './plain-faults.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';

/** What a whole lab was at one moment. */
export interface SnapshotPoint {
  readonly name: string;
  readonly note: string;
  /** Milliseconds since 1970. */
  readonly takenMs: number;
  /** The point that the lab came from; undefined: it came from none. */
  readonly parent: string | undefined;
  /** QEMU's version: only the same one is sure to understand the memory of a VM. */
  readonly qemu: string | undefined;
  /** Where things lay that command lines name. Not there: the point was made before they were kept. */
  readonly places?: PointPlaces | undefined;
  /** The lab file first, then what it includes, by their names from the lab file's folder. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly vms: readonly SavedVm[];
  /** Those that ran. */
  readonly switches: readonly SavedSwitch[];
  /** Those that ran and of which something was wrong. */
  readonly wires: readonly SavedWire[];
}

/** Absolute folders. */
export interface PointPlaces {
  /** Of the lab file. */
  readonly folder: string;
  /** The run-time folder of the lab. */
  readonly run: string;
}

export interface SavedVm {
  readonly name: string;
  readonly state: 'running' | 'paused' | 'stopped';
  /** Of the file `NAME.state` beside the manifest. Undefined: it was stopped. */
  readonly memory: SavedBytes | undefined;
  /** Words of QEMU's command line that started it; empty: it was stopped. */
  readonly command: readonly string[];
  readonly disks: readonly SavedDisk[];
}

/** A disk that keeps its state inside, under the point's tag. */
export interface SavedDisk {
  /** Absolute, or from the lab file's folder. */
  readonly file: string;
  /** What it took on the disk then. */
  readonly allocatedBytes: number;
}

export interface SavedSwitch {
  readonly name: string;
  readonly ports: readonly { readonly number: number; readonly untagged: number; readonly tagged: readonly number[] }[];
}

export interface SavedWire {
  /** The VM of a NIC, or the wire's own name. */
  readonly name: string;
  /** 0: between switches. */
  readonly nic: number;
  readonly faults: WireFaults;
}

/** Safe as the name of a folder and of a snapshot inside an image. */
export const isPointName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(name);

/** What images call it; those that people make themselves have other names. */
export const pointTag = (name: string): string => `lab.${name}`;

export const pointFile = 'point.json';
export const stateFile = (vm: string): string => `${vm}.state`;

/** Bytes that a point takes beside the images. */
export const memoryBytes = ({ vms }: SnapshotPoint): number =>
  vms.reduce((sum, { memory }) => sum + (memory?.bytes ?? 0), 0);

/** What the disks took when it was made; states that they keep share what has not changed since. */
export const diskBytes = ({ vms }: SnapshotPoint): number =>
  vms.reduce((sum, { disks }) => disks.reduce((all, { allocatedBytes }) => all + allocatedBytes, sum), 0);

export const writePoint = (point: SnapshotPoint): string => `${JSON.stringify(plainPoint(point), undefined, 2)}\n`;

/** For JSON. */
export const plainPoint = (point: SnapshotPoint): object => ({
  ...{ format: 1, ...point },
  wires: point.wires.map(({ faults, ...wire }) => ({ ...wire, faults: plainFaults(faults) })),
});

/** Undefined: it is no point, or one of a newer format. It may come from anybody: nothing in it is certain. */
export function readPoint(text: string): SnapshotPoint | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const name = textOf(member(json, 'name')) ?? '';
  const files = listOf(member(json, 'files')).flatMap(one => {
    const [file, content] = [textOf(member(one, 'name')), textOf(member(one, 'text'))];
    return file === undefined || content === undefined || !isInside(file) ? [] : [{ name: file, text: content }];
  });
  if (member(json, 'format') !== 1 || !isPointName(name) || files.length === 0) return undefined;
  return {
    name,
    note: textOf(member(json, 'note')) ?? '',
    takenMs: timeOf(member(json, 'takenMs')),
    parent: textOf(member(json, 'parent')),
    qemu: textOf(member(json, 'qemu')),
    ...placesOf(member(json, 'places')),
    files,
    vms: listOf(member(json, 'vms')).flatMap(readVm),
    switches: listOf(member(json, 'switches')).flatMap(readSwitch),
    wires: listOf(member(json, 'wires')).flatMap(readWire),
  };
}

function placesOf(value: unknown): Pick<SnapshotPoint, 'places'> {
  const [folder, run] = [textOf(member(value, 'folder')), textOf(member(value, 'run'))];
  return folder?.startsWith('/') === true && run?.startsWith('/') === true ? { places: { folder, run } } : {};
}

/** Whether a path stays in the folder that it starts at. */
export const isInside = (path: string): boolean =>
  !path.startsWith('/') && !path.split('/').includes('..') && path !== '';

const isName = (text: string | undefined): text is string => text !== undefined && /^[\w][\w.-]*$/.test(text);

const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** What a Date can hold. */
const latestMs = 8.64e15;

const timeOf = (value: unknown): number => Math.min(Math.max(numberOf(value), 0), latestMs);

const textsOf = (value: unknown): readonly string[] => listOf(value).filter(one => typeof one === 'string');

function readVm(value: unknown): readonly SavedVm[] {
  const { name, state, memory, command, disks } = recordOf(value);
  const vm = textOf(name);
  if (!isName(vm) || (state !== 'running' && state !== 'paused' && state !== 'stopped')) return [];
  const sha256 = textOf(member(memory, 'sha256'));
  return [
    {
      name: vm,
      state,
      memory: sha256 === undefined ? undefined : { bytes: numberOf(member(memory, 'bytes')), sha256 },
      command: textsOf(command),
      disks: listOf(disks).flatMap(disk => {
        const file = textOf(member(disk, 'file'));
        return file === undefined ? [] : [{ file, allocatedBytes: numberOf(member(disk, 'allocatedBytes')) }];
      }),
    },
  ];
}

function readSwitch(value: unknown): readonly SavedSwitch[] {
  const name = textOf(member(value, 'name'));
  if (!isName(name)) return [];
  const ports = listOf(member(value, 'ports')).map(port => ({
    number: numberOf(member(port, 'number')),
    untagged: numberOf(member(port, 'untagged')),
    tagged: listOf(member(port, 'tagged')).map(numberOf),
  }));
  const isVlan = (vlan: number): boolean => Number.isInteger(vlan) && vlan >= 0 && vlan <= 4094;
  const sound = ports.filter(({ number, untagged, tagged }) => number > 0 && [untagged, ...tagged].every(isVlan));
  return [{ name, ports: sound }];
}

function readWire(value: unknown): readonly SavedWire[] {
  const { name, nic, faults } = recordOf(value) as { name?: unknown; nic?: unknown; faults?: PlainWire };
  const wire = textOf(name);
  const read = readFaults(faults);
  return isName(wire) && read ? [{ name: wire, nic: numberOf(nic), faults: read }] : [];
}
