import { CalledOff, UserError } from '../../base/user-error.ts';
import { stateSocket } from '../../lab/layout.ts';
import { isPerfect } from '../../lab/wire-faults.ts';
import { forgetStates } from './disk-states.ts';
import { lostConnections, switchesOf } from './lost-connections.ts';
import { haltedFile, mendPoints, newFolder, writeHalted } from './mend-points.ts';
import {
  cancelState,
  limitState,
  queryTransfer,
  queryVersion,
  queryWrittenDisks,
  sendState,
} from '../../qemu/migration.ts';
import { pauseVm, queryStatus, resumeVm } from '../../qemu/qmp-queries.ts';
import type { Lab } from '../../lab/model.ts';
import type { UsedImage } from '../images/lab-images.ts';
import { baseName, folderOf } from '../paths.ts';
import type { SavedBytes } from '../snapshot-ports.ts';
import { timePassed } from '../time-passed.ts';
import { count } from '../views/tree-node.ts';
import type { WireTarget } from '../wires/wire-picture.ts';
import {
  currentFile,
  currentPoint,
  keptPath,
  liveVms,
  pointsFolder,
  restoringPoint,
  writtenDisks,
  type LiveVm,
  type PointedLab,
  type SnapshotParts,
} from './snapshot-parts.ts';
import {
  isPointName,
  pointFile,
  pointTag,
  stateFile,
  writePoint,
  type SavedSwitch,
  type SavedVm,
  type SavedWire,
  type SnapshotPoint,
} from './snapshot-point.ts';

export interface SaveOrder {
  readonly name: string;
  readonly note: string;
  /** The lab file and what it includes, as they are now. */
  readonly files: SnapshotPoint['files'];
}

/** A VM that stands still for the moment, and how it was before. */
interface Halted {
  readonly vm: LiveVm;
  readonly wasRunning: boolean;
}

const lookMs = 20;
/** No limit that a disk would notice: the guest stands still meanwhile. */
const fastest = 16 * 1024 ** 3;

/**
 * Keeps what a whole lab is at one moment: all VMs stand still together, their memory goes into files, their disks keep
 * their state inside, and they go on. Whatever fails, they go on, and there is no half point.
 */
export async function saveSnapshot(of: PointedLab, order: SaveOrder, parts: SnapshotParts): Promise<SnapshotPoint> {
  const folder = `${pointsFolder(of)}/${order.name}`;
  if (!isPointName(order.name))
    throw new UserError(
      `"${order.name}" cannot be the name of a snapshot. Take letters, digits, dots and dashes, at most 60.`,
    );
  if ((await parts.folders.folders(pointsFolder(of))).includes(order.name))
    throw new UserError(
      `Lab ${of.lab.name} has a snapshot ${order.name} already. Take another name, or delete that one.`,
    );
  await mendPoints(of, parts);
  await refuseHalfRestored(of, parts);
  const vms = await liveVms(of, parts);
  const disks = await writtenDisks(of, parts);
  await refuseWhatCannot(of, vms, disks, order.name, parts);
  const network = { switches: await savedSwitches(of, parts), wires: await savedWires(of, parts) };
  const qemu = vms[0] && (await vms[0].line.ask(queryVersion));
  const making = newFolder(of, order.name);
  await parts.folders.makeEmpty(making);
  const point = await wholePoint(of, { vms, disks, making, tag: pointTag(order.name) }, parts, async saved => {
    const parent = await currentPoint(of, parts.files);
    const places = { folder: await parts.folders.real(folderOf(of.path)), run: parts.runDir(of.lab.name) };
    const made = { ...order, takenMs: parts.clock.now(), parent, qemu, places, vms: saved, ...network };
    await parts.files.write(`${making}/${pointFile}`, writePoint(made), 0o600);
    await parts.imageFiles.remove(`${making}/${haltedFile}`);
    await parts.folders.rename(making, folder);
    return made;
  });
  await parts.files.write(currentFile(of), `${order.name}\n`);
  const lost = vms.length > 0 ? lostConnections(of.lab, switchesOf(point)) : undefined;
  if (lost !== undefined) parts.onProgress(lost);
  return point;
}

/** What was saved is given to `finish`, which makes it a point. If anything fails, nothing is left of it. */
async function wholePoint<T>(
  of: PointedLab,
  making: Making,
  parts: SnapshotParts,
  finish: (saved: readonly SavedVm[]) => Promise<T>,
): Promise<T> {
  try {
    return await finish(await savedVms(of, making, parts));
  } catch (error) {
    const used = making.disks.map(({ vm, path }) => ({ vm, file: path }));
    // What cannot be forgotten now is by the next command, which finds the folder.
    await forgetStates(of, used, making.tag, parts).then(
      () => parts.folders.removeTree(making.making),
      () => undefined,
    );
    throw error;
  }
}

async function refuseHalfRestored(of: PointedLab, { files }: SnapshotParts): Promise<void> {
  const half = await restoringPoint(of, files);
  if (half === undefined) return;
  throw new UserError(
    `The disks of lab ${of.lab.name} are perhaps only partly what they were at ${half}, as a restore of it was cut off. Restore ${half} or another snapshot first. Nothing was done.`,
  );
}

/** Before anything happens: disks that cannot keep a state inside, and disks that nobody would save. */
async function refuseWhatCannot(
  { path }: PointedLab,
  vms: readonly LiveVm[],
  disks: readonly UsedImage[],
  name: string,
  parts: SnapshotParts,
): Promise<void> {
  const raw = disks.filter(({ format }) => format !== 'qcow2');
  if (raw.length > 0) {
    const list = raw.map(disk => `${disk.text} of ${disk.vm}`).join(', ');
    throw new UserError(
      `Only qcow2 disks keep snapshots, and these are raw: ${list}. Nothing was done. Convert them with qemu-img, or leave them out of the lab.`,
    );
  }
  const known = new Set(disks.map(disk => disk.path));
  for (const { line } of vms) {
    const strange = (await line.ask(queryWrittenDisks)).find(({ file }) => !known.has(file));
    if (!strange) continue;
    throw new UserError(
      `${line.name} writes into ${strange.file === '' ? 'a drive that is no file' : strange.file}, which ${baseName(path)} does not name as its disk, so it would not be in the snapshot. Nothing was done.`,
    );
  }
  for (const disk of disks) {
    if ((await parts.images.snapshots(disk.path)).some(one => one.name === pointTag(name)))
      throw new UserError(
        `${disk.path} has a snapshot ${pointTag(name)} already, of another lab or of a point that is gone. Take another name.`,
      );
  }
}

interface Making {
  readonly vms: readonly LiveVm[];
  readonly disks: readonly UsedImage[];
  /** The folder of the point that is being made. */
  readonly making: string;
  readonly tag: string;
}

async function savedVms(
  of: PointedLab,
  { vms, disks, making, tag }: Making,
  parts: SnapshotParts,
): Promise<readonly SavedVm[]> {
  const halted: Halted[] = [];
  try {
    for (const vm of vms) halted.push({ vm, wasRunning: (await vm.line.ask(queryStatus)) === 'running' });
    const noted = halted.map(({ vm, wasRunning }) => ({ name: vm.thing.name, pid: vm.pid, wasRunning }));
    await parts.files.write(`${making}/${haltedFile}`, writeHalted(noted), 0o600);
    await Promise.all(vms.map(({ line }) => line.ask(pauseVm)));
    parts.onProgress(
      vms.length === 0 ? 'Keeping the disks …' : `Keeping the memory of ${count(vms.length, 'VM')}, still meanwhile …`,
    );
    const memories = await Promise.all(vms.map(vm => memoryOf(vm, `${making}/${stateFile(vm.thing.name)}`, of, parts)));
    for (const path of new Set(disks.map(disk => disk.path))) await parts.images.snapshot('create', path, tag);
    return await Promise.all(
      of.lab.vms.map(async ({ name }) => {
        const at = vms.findIndex(vm => vm.thing.name === name);
        const [live, memory] = [vms[at], memories[at]];
        return {
          name,
          state: !live ? 'stopped' : halted[at]?.wasRunning === true ? 'running' : 'paused',
          memory,
          command: live ? (parts.processes.find([live.pid])[0]?.args ?? []) : [],
          disks: await savedDisks(of, disks, name, parts),
        } as const;
      }),
    );
  } finally {
    await goOn(halted);
  }
}

export const savedDisks = (
  { path: labPath }: PointedLab,
  disks: readonly UsedImage[],
  name: string,
  parts: SnapshotParts,
) =>
  Promise.all(
    disks
      .filter(disk => disk.vm === name)
      .map(async ({ path }) => ({
        file: keptPath(path, labPath),
        allocatedBytes: (await parts.imageFiles.look(path))?.allocatedBytes ?? 0,
      })),
  );

/** All at once. What cannot be told to go on is told. */
async function goOn(halted: readonly Halted[]): Promise<void> {
  const asked = await Promise.allSettled(
    halted.map(one => (one.wasRunning ? one.vm.line.ask(resumeVm) : standAgain(one))),
  );
  const failure = asked.find(one => one.status === 'rejected');
  if (failure) throw failure.reason;
}

/** One that was paused would be refused the next time, and its images would stay let go: it takes them back, and stands. */
async function standAgain({ vm: { line } }: Halted): Promise<void> {
  if ((await line.ask(queryStatus)) !== 'postmigrate') return;
  await line.ask(resumeVm);
  await line.ask(pauseVm);
}

async function memoryOf(
  { line, thing }: LiveVm,
  file: string,
  { lab }: PointedLab,
  parts: SnapshotParts,
): Promise<SavedBytes> {
  const socket = `${parts.runDir(lab.name)}/${stateSocket(thing.name)}`;
  const receiver = parts.streams.receive(socket, file, parts.signal);
  let unwritten: Error | undefined;
  receiver.written.catch((error: unknown) => (unwritten = error instanceof Error ? error : new Error(String(error))));
  try {
    await receiver.ready;
    if (isCalledOff(parts)) throw calledOff(lab);
    await line.ask(limitState(fastest));
    await line.ask(sendState(`unix:${socket}`));
    for (;;) {
      const { status, reason } = await line.ask(queryTransfer);
      if (status === 'completed') return await receiver.written;
      // A disk that is full makes QEMU fail too, which knows nothing of the reason.
      if (unwritten) throw unwritten;
      if (isCalledOff(parts)) throw calledOff(lab);
      if (status === 'failed' || status === 'cancelled')
        throw new UserError(`The memory of ${line.name} could not be kept: ${reason ?? 'QEMU gave no reason'}.`);
      await timePassed(parts.clock, lookMs, undefined);
    }
  } catch (error) {
    await line.ask(cancelState).catch(() => undefined);
    throw isCalledOff(parts) ? calledOff(lab) : error;
  } finally {
    receiver.dispose();
  }
}

const isCalledOff = ({ signal }: SnapshotParts): boolean => signal?.aborted === true;

const calledOff = ({ name }: Lab): CalledOff =>
  new CalledOff(`The snapshot of lab ${name} was called off. Nothing of it is kept.`);

export async function savedSwitches(
  { lab }: PointedLab,
  { store, pictureOf }: SnapshotParts,
): Promise<readonly SavedSwitch[]> {
  const running = store.host.switches.filter(
    one => one.lab === lab.name && lab.switches.some(({ name }) => name === one.name),
  );
  return Promise.all(
    running.map(async one => {
      const { ports } = await pictureOf(one, lab);
      return { name: one.name, ports: ports.map(({ number, untagged, tagged }) => ({ number, untagged, tagged })) };
    }),
  );
}

export async function savedWires({ path, lab }: PointedLab, { wires }: SnapshotParts): Promise<readonly SavedWire[]> {
  const targets: readonly WireTarget[] = [
    ...lab.wires.map(({ name }) => ({ lab: path, name, nic: 0 })),
    ...lab.vms.flatMap(({ name, nics }) => nics.map(({ number }) => ({ lab: path, name, nic: number }))),
  ];
  const read = await Promise.all(targets.map(async target => ({ target, live: await wires.read(target) })));
  return read.flatMap(({ target: { name, nic }, live }) => {
    if (live.kind === 'silent') throw new UserError(live.reason);
    return live.kind === 'told' && !isPerfect(live.faults) ? [{ name, nic, faults: live.faults }] : [];
  });
}
