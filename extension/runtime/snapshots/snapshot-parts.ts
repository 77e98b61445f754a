import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { resolvePath } from '../../lab/files.ts';
import { snapshotFolder, vmFiles } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { vmLine, type VmLine } from '../change/vm-nics.ts';
import type { Clock, Files, ManagementDialer, ProcessTable, QmpDialer, ScriptRunner } from '../host.ts';
import type { ImageFiles } from '../image-ports.ts';
import type { ImageActions } from '../images/image-actions.ts';
import { usedImages, type ImagePlaces, type UsedImage } from '../images/lab-images.ts';
import type { LabControl } from '../lab-control.ts';
import { folderOf } from '../paths.ts';
import type { PointFolders, StateStreams } from '../snapshot-ports.ts';
import type { RunningSwitch, ThingRef } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { SwitchPicture } from '../switches/port-picture.ts';
import type { WireControl } from '../wires/wire-control.ts';
import { pointFile, readPoint, type SnapshotPoint } from './snapshot-point.ts';

/** What points of a whole lab are made with. */
export interface SnapshotParts {
  readonly store: LabStore;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  readonly qmp: QmpDialer;
  readonly processes: ProcessTable;
  readonly files: Files;
  readonly images: ImageActions;
  readonly imageFiles: ImageFiles;
  readonly places: ImagePlaces;
  readonly streams: StateStreams;
  readonly folders: PointFolders;
  readonly scripts: ScriptRunner;
  readonly control: LabControl;
  readonly wires: Pick<WireControl, 'read' | 'change'>;
  readonly pictureOf: (of: RunningSwitch, lab: Lab) => Promise<SwitchPicture>;
  readonly management: ManagementDialer;
  readonly runDir: (lab: string) => string;
  readonly clock: Clock;
  /** What is going on, in words. */
  readonly onProgress: (words: string) => void;
  readonly signal: CancelSignal | undefined;
}

/** A lab that points are made of. */
export interface PointedLab {
  /** Absolute path of the lab file. */
  readonly path: string;
  readonly lab: Lab;
}

export const pointsFolder = ({ path, lab }: PointedLab): string => `${folderOf(path)}/${snapshotFolder(lab.name)}`;

/** The VMs of a lab that run, each with its line. */
export interface LiveVm {
  readonly thing: ThingRef;
  readonly line: VmLine;
  readonly pid: number;
}

export async function liveVms({ path, lab }: PointedLab, parts: SnapshotParts): Promise<readonly LiveVm[]> {
  await parts.look();
  return lab.vms.flatMap(({ name }) => {
    const thing: ThingRef = { lab: path, kind: 'vm', name };
    const state = parts.store.stateOf(thing);
    if (state.kind !== 'running') return [];
    if (state.folder !== undefined)
      throw new UserError(
        `${name} was migrated to ${state.folder}, and the lab's other VMs are here. Bring it back first: kvmlab migrate ${name} here`,
      );
    const socket = `${parts.runDir(lab.name)}/${vmFiles(name).qmp}`;
    return [{ thing, line: vmLine(parts.qmp, name, socket), pid: state.pid }];
  });
}

/** The disks that VMs write into, those that are there. */
export async function writtenDisks({ path, lab }: PointedLab, parts: SnapshotParts): Promise<readonly UsedImage[]> {
  const disks = usedImages(path, lab, parts.places).filter(({ role }) => role !== 'image');
  const there = await Promise.all(disks.map(async disk => (await parts.imageFiles.look(disk.path)) !== undefined));
  return disks.filter((_, at) => there[at]);
}

/** The path of a disk as a point keeps it: it goes along when the lab's folder is moved. */
export function keptPath(path: string, labPath: string): string {
  const folder = `${folderOf(labPath)}/`;
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

export const fullPath = (kept: string, labPath: string): string => resolvePath(kept, folderOf(labPath), '');

/** Every point of a lab that can be read, the oldest first. */
export async function listPoints(
  of: PointedLab,
  parts: Pick<SnapshotParts, 'files' | 'folders'>,
): Promise<readonly SnapshotPoint[]> {
  const folder = pointsFolder(of);
  const names = (await parts.folders.folders(folder)).filter(name => !name.startsWith('.'));
  const texts = await Promise.all(names.map(name => parts.files.read(`${folder}/${name}/${pointFile}`)));
  const points = texts.flatMap((text, at) => {
    const point = text === undefined ? undefined : readPoint(text);
    return point && point.name === names[at] ? [point] : [];
  });
  return points.sort((a, b) => a.takenMs - b.takenMs);
}

export async function findPoint(
  of: PointedLab,
  name: string,
  parts: Pick<SnapshotParts, 'files' | 'folders'>,
): Promise<SnapshotPoint> {
  const points = await listPoints(of, parts);
  const found = points.find(point => point.name === name);
  if (found) return found;
  const known = points.map(point => point.name).join(', ');
  throw new UserError(`Lab ${of.lab.name} has no snapshot ${name}. It has: ${known === '' ? 'none' : known}.`);
}

/** The point that the lab was last made or restored at. */
export const currentFile = (of: PointedLab): string => `${pointsFolder(of)}/current`;

export async function currentPoint(of: PointedLab, files: Pick<Files, 'read'>): Promise<string | undefined> {
  const name = (await files.read(currentFile(of)))?.trim();
  return name === '' ? undefined : name;
}

/** Names the point whose restore is going on, or was cut off; else it is not there. */
export const restoringFile = (of: PointedLab): string => `${pointsFolder(of)}/restoring`;

export async function restoringPoint(of: PointedLab, files: Pick<Files, 'read'>): Promise<string | undefined> {
  const name = (await files.read(restoringFile(of)))?.trim();
  return name === '' ? undefined : name;
}
