import type { ImageFormat } from './image-header.ts';

/** Command lines of qemu-img, as values. Paths are absolute (so no protocol is read into them); formats are always said. */

export interface Base {
  readonly path: string;
  readonly format: ImageFormat;
}

const options = (base: Base | undefined, letter: '-b' | '-B'): readonly string[] =>
  base ? [letter, base.path, '-F', base.format] : [];

export const createArguments = (path: string, format: ImageFormat, size: string | undefined, base?: Base) => [
  ...['create', '-q', '-f', format, ...options(base, '-b'), '--', path],
  ...(size === undefined ? [] : [size]),
];

/**
 * The guest sees the same afterwards: what differs between both bases is copied first. Without a base all of it is.
 */
export const rebaseArguments = (path: string, base: Base | undefined): readonly string[] => [
  ...['rebase', '-p', '-f', 'qcow2'],
  ...(base ? options(base, '-b') : ['-b', '']),
  ...['--', path],
];

/**
 * A copy without what is not used, over the same base. -U only reads what somebody (us) holds; with the default cache
 * the copy would not be on the disk when qemu-img is done.
 */
export const compactArguments = (path: string, format: ImageFormat, copy: string, base: Base | undefined) => [
  ...['convert', '-p', '-U', '-t', 'writeback', '-f', format, '-O', format],
  ...options(base, '-B'),
  ...['--', path, copy],
];

const snapshotLetters = { create: '-c', restore: '-a', delete: '-d' } as const;
export type SnapshotVerb = keyof typeof snapshotLetters;

/** Opened by its options, as this command of qemu-img has no other way to be told the format. */
export const snapshotArguments = (verb: SnapshotVerb, path: string, name: string): readonly string[] => [
  ...['snapshot', '-q', snapshotLetters[verb], name, '--image-opts', '--', driverOptions(path)],
];

export const listSnapshotsArguments = (path: string): readonly string[] => [
  ...['info', '-U', '--output=json', '-f', 'qcow2', '--', path],
];

/** A copy of a state that an image keeps inside, with all that lies under it; -U, as a VM may write into the image meanwhile. */
export const copyStateArguments = (path: string, name: string, copy: string): readonly string[] => [
  ...['convert', '-p', '-U', '-t', 'writeback', '-f', 'qcow2', '-O', 'qcow2', '-l', `snapshot.name=${name}`],
  ...['--', path, copy],
];

/** Gives an image that is there what another one of its size has; its snapshots stay. */
export const overwriteArguments = (content: string, path: string): readonly string[] => [
  ...['convert', '-p', '-n', '-t', 'writeback', '-f', 'qcow2', '-O', 'qcow2', '--', content, path],
];

const driverOptions = (path: string): string =>
  `driver=qcow2,file.driver=file,file.filename=${path.replaceAll(',', ',,')}`;

export interface Snapshot {
  readonly name: string;
  /** Seconds since 1970. */
  readonly seconds: number;
}

/** What `listSnapshotsArguments` prints. Undefined: it is nothing of the kind. */
export function readSnapshots(json: string): readonly Snapshot[] | undefined {
  let info: unknown;
  try {
    info = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof info !== 'object' || info === null) return undefined;
  const list: unknown = 'snapshots' in info ? info.snapshots : [];
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((one: unknown): readonly Snapshot[] => {
    if (typeof one !== 'object' || one === null || !('name' in one) || typeof one.name !== 'string') return [];
    const seconds = 'date-sec' in one && typeof one['date-sec'] === 'number' ? one['date-sec'] : 0;
    return [{ name: one.name, seconds }];
  });
}

/** The last share, in percent, of what -p has printed: `    (12.34/100%)\r`. */
export function readProgress(printed: string): number | undefined {
  const share = /.*\((\d{1,3}(?:\.\d+)?)\/100%\)/s.exec(printed)?.[1];
  return share === undefined ? undefined : Number(share);
}

/** Whether qemu-img refused because somebody, most likely a VM, has the image open. */
export const isLockRefusal = (printed: string): boolean => /Failed to get (shared )?"[\w ]+" lock/.test(printed);
