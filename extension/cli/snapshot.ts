import { UserError } from '../base/user-error.ts';
import { sizeWords } from '../runtime/images/image-list.ts';
import { readLabFile } from '../runtime/lab-check.ts';
import { baseName } from '../runtime/paths.ts';
import { comparePoints } from '../runtime/snapshots/compare-points.ts';
import { deleteSnapshot } from '../runtime/snapshots/delete-snapshot.ts';
import { mendPoints } from '../runtime/snapshots/mend-points.ts';
import { restoreSnapshot } from '../runtime/snapshots/restore-snapshot.ts';
import { saveSnapshot } from '../runtime/snapshots/save-snapshot.ts';
import {
  currentPoint,
  findPoint,
  listPoints,
  pointsFolder,
  type SnapshotParts,
} from '../runtime/snapshots/snapshot-parts.ts';
import { diskBytes, memoryBytes, type SnapshotPoint } from '../runtime/snapshots/snapshot-point.ts';
import { treeOfPoints } from '../runtime/snapshots/snapshot-tree.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { isLabFile, openLab, openSoundLab, takeLabFile, type OpenLab } from './lab-file.ts';
import { pictureOf } from './switch-picture.ts';
import { exportPoint, importPoint, importPointInto } from './snapshot-archive.ts';
import { printable, renderTable } from './text-table.ts';

interface Task {
  readonly open: OpenLab;
  readonly names: readonly string[];
  readonly options: Arguments['options'];
  readonly parts: SnapshotParts;
  readonly ports: CliPorts;
}

const verbs: Readonly<Record<string, (task: Task) => Promise<ExitCode>>> = {
  save,
  restore,
  list,
  diff,
  delete: remove,
  export: ({ open, names, parts, ports }) => exportPoint(open, names, parts, ports),
};

export const snapshotCommand: Command = {
  name: 'snapshot',
  operands: 'save|restore|list|diff|delete|export|import [FILE] [NAME]…',
  summary: 'Keep a whole lab at one moment, also while it runs, and go back to it',
  details: [
    'snapshot save [FILE] NAME       VMs (disks, and memory of those that run), VLANs, faults of wires',
    '                                and the text of the lab file; VMs stand still for a moment',
    'snapshot restore [FILE] NAME    ends what runs and brings all of that back',
    'snapshot list [FILE]            as a tree; * is where the lab came from',
    'snapshot diff [FILE] NAME [NAME]  two points; with one name, that and the newest',
    'snapshot delete [FILE] NAME',
    'snapshot export [FILE] NAME ARCHIVE  all that it needs on another host, also disks and the guest',
    'snapshot import ARCHIVE [FOLDER]     a lab in a new folder, with this snapshot',
    'snapshot import ARCHIVE FILE         one more snapshot of a lab that is there, if it fits',
    '',
    'Disks have to be qcow2, which keep their states inside. What passes an uplink is not kept.',
    'What was cut off (kill -9, a power cut) is brought to an end by the next of these commands.',
    'With --json, list prints {snapshots: [{name, note, taken, parent, memory, diskBytes, vms}]}.',
  ],
  options: [
    { name: 'note', value: 'TEXT', summary: 'What this point is about (save)' },
    { name: 'as', value: 'NAME', summary: 'What the snapshot is called in a lab that is there (import)' },
    { name: 'files', summary: 'Put back also lab files that changed since; the present ones are kept (restore)' },
    jsonOption,
  ],
  maxOperands: 4,
  async run({ operands: [verb = '', ...operands], options }, ports) {
    if (verb === 'import') return bringIn(operands, options, ports);
    const work = Object.entries(verbs).find(([name]) => name === verb)?.[1];
    if (!work) throw new UsageError(`snapshot does one of: ${[...Object.keys(verbs), 'import'].join(', ')}.`);
    const { file, others } = await takeLabFile(operands, ports);
    // A lab file that is half-way through a change can be put back.
    const open = await (verb === 'save' ? openSoundLab : openLab)(file, ports);
    const task = { open, names: others, options, parts: partsFor(ports), ports };
    return (verb === 'list' || verb === 'diff' ? glance : alone)(task, work);
  },
};

/** `ARCHIVE [FOLDER|FILE]` */
async function bringIn(operands: readonly string[], options: Arguments['options'], ports: CliPorts): Promise<ExitCode> {
  const [file, goal, extra] = operands;
  if (file === undefined) throw new UsageError('Which archive?');
  if (extra !== undefined) throw new UsageError(`"${extra}" is one too many: name an archive, and where it goes.`);
  const [archive, parts] = [ports.folder.resolve(file), partsFor(ports)];
  if (goal !== undefined && isLabFile(goal)) {
    const open = await openSoundLab(goal, ports);
    return alone({ open, names: [], options, parts, ports }, () =>
      importPointInto(archive, open, options.get('as'), parts, ports),
    );
  }
  if (options.has('as')) throw new UsageError('--as names a snapshot of a lab that is there: name its file too.');
  return importPoint(archive, goal, parts, ports);
}

/** Looking needs no lock. What was cut off is brought to an end first, if nobody is at work on it. */
async function glance(task: Task, work: (task: Task) => Promise<ExitCode>): Promise<ExitCode> {
  const { ports, open, parts } = task;
  const folder = pointsFolder(open);
  const lock = (await parts.folders.folders(folder)).length > 0 ? await ports.snapshots.lock(folder) : undefined;
  try {
    if (lock) await mendPoints(open, parts);
  } finally {
    await lock?.release();
  }
  return work(task);
}

/** Two that change the points of one lab would be in each other's way. */
async function alone(task: Task, work: (task: Task) => Promise<ExitCode>): Promise<ExitCode> {
  const { ports, open } = task;
  const lock = await ports.snapshots.lock(pointsFolder(open));
  if (!lock) {
    ports.err(`kvmlab: another command works on the snapshots of lab ${open.lab.name}. Try again when it is done.\n`);
    return exitCodes.already;
  }
  try {
    return await work(task);
  } finally {
    await lock.release();
  }
}

function partsFor(ports: CliPorts): SnapshotParts {
  const { store, qmp, processes, files, images, control, wires, management, clock, signal, labCheck, snapshots } =
    ports;
  return {
    ...{ store, qmp, processes, files, control, wires, management, clock, signal, ...snapshots },
    ...{ images: images.actions, imageFiles: images.files, places: images.places },
    look: () => ports.watcher.poll(),
    pictureOf: (of, lab) => pictureOf(of, lab, ports),
    runDir: lab => `${labCheck.runRoot}/${lab}`,
    onProgress: words => ports.err(`${printable(words)}\n`),
  };
}

function onlyName({ names }: Task): string {
  const [name, extra] = names;
  if (name === undefined) throw new UsageError('Which snapshot?');
  if (extra !== undefined) throw new UsageError(`"${extra}" is one too many: name one snapshot.`);
  return name;
}

async function save(task: Task): Promise<ExitCode> {
  const { open, options, parts, ports } = task;
  const included = (open.reading.included ?? []).map(file => {
    if ('text' in file) return { name: file.name, text: file.text };
    throw new UserError(`${file.name} is not read: ${file.refusal}. Nothing was done.`);
  });
  const files = [{ name: baseName(open.path), text: open.text }, ...included];
  const point = await saveSnapshot(open, { name: onlyName(task), note: options.get('note') ?? '', files }, parts);
  const running = point.vms.filter(({ memory }) => memory).length;
  ports.out(
    `Snapshot ${point.name}: ${running} of ${point.vms.length} VMs with memory, ${sizeWords(memoryBytes(point))}.\n`,
  );
  return exitCodes.done;
}

async function restore(task: Task): Promise<ExitCode> {
  const { open, options, parts, ports } = task;
  const point = await findPoint(open, onlyName(task), parts);
  const readAgain = async () => {
    const { reading } = await readLabFile(open.path, ports.files, ports.labCheck);
    ports.store.setReading(open.path, reading);
    if (reading.lab) return reading.lab;
    throw new UserError(`${open.path} cannot be read as a lab.`);
  };
  await restoreSnapshot(open, { point, withFiles: options.has('files'), readAgain }, parts);
  ports.out(`Lab ${printable(open.lab.name)} is what it was at ${point.name}.\n`);
  return exitCodes.done;
}

async function list({ open, options, parts, ports }: Task): Promise<ExitCode> {
  const [points, current] = [await listPoints(open, parts), await currentPoint(open, ports.files)];
  if (options.has('json')) {
    printJson({ snapshots: points.map(point => plainPoint(point, current)) }, ports);
    return exitCodes.done;
  }
  const rows = treeOfPoints(points).map(({ point, depth }) => [
    `${'  '.repeat(depth)}${point.name}${point.name === current ? ' *' : ''}`,
    new Date(point.takenMs).toISOString().replace('T', ' ').slice(0, 19),
    `${point.vms.filter(({ memory }) => memory).length} of ${point.vms.length} running`,
    sizeWords(memoryBytes(point)),
    sizeWords(diskBytes(point)),
    point.note,
  ]);
  ports.out(renderTable(['SNAPSHOT', 'TAKEN (UTC)', 'VMS', 'MEMORY', 'DISKS', 'NOTE'], rows));
  return exitCodes.done;
}

const plainPoint = (point: SnapshotPoint, current: string | undefined) => ({
  ...{ name: point.name, note: point.note, taken: new Date(point.takenMs).toISOString(), parent: point.parent },
  ...{ isCurrent: point.name === current, memory: memoryBytes(point), diskBytes: diskBytes(point) },
  vms: point.vms.map(({ name, state, disks }) => ({ name, state, disks })),
});

async function diff(task: Task): Promise<ExitCode> {
  const { open, names, options, parts, ports } = task;
  const [first, second, extra] = names;
  if (first === undefined || extra !== undefined) throw new UsageError('Name one snapshot, or two.');
  const before = await findPoint(open, first, parts);
  const after = second === undefined ? (await listPoints(open, parts)).at(-1) : await findPoint(open, second, parts);
  const differences = after ? comparePoints(before, after) : [];
  if (options.has('json')) printJson({ before: first, after: after?.name, differences }, ports);
  else ports.out(renderTable(['WHAT', first.toUpperCase(), (after?.name ?? '').toUpperCase()], differences.map(rowOf)));
  return exitCodes.done;
}

const rowOf = ({ what, before, after }: ReturnType<typeof comparePoints>[number]) => [
  what,
  before ?? '–',
  after ?? '–',
];

async function remove(task: Task): Promise<ExitCode> {
  const { open, parts, ports } = task;
  const point = await findPoint(open, onlyName(task), parts);
  await deleteSnapshot(open, point, parts);
  ports.out(`Snapshot ${point.name} is deleted.\n`);
  return exitCodes.done;
}
