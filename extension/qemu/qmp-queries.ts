import { listOf, member, recordOf, textOf } from './json-value.ts';
import type { QmpQuery } from './qmp.ts';

/** The commands of QMP that we give, each with its typed answer (QEMU's "QMP Reference Manual"). */

const done = (): void => undefined;
const order = (execute: string, args?: Readonly<Record<string, unknown>>): QmpQuery<void> =>
  args ? { execute, args, read: done } : { execute, read: done };

export const pauseVm = order('stop');
export const resumeVm = order('cont');
export const resetVm = order('system_reset');
export const pressPowerButton = order('system_powerdown');

/** By QEMU's name (RunState): running, paused, io-error, guest-panicked … */
export const queryStatus: QmpQuery<string> = {
  execute: 'query-status',
  read: value => {
    const status = textOf(member(value, 'status'));
    if (status === undefined) throw new Error('query-status without a status');
    return status;
  },
};

/** Keys by QEMU's names (QKeyCode), pressed in this order and let go together. */
export const sendKeys = (keys: readonly string[]): QmpQuery<void> =>
  order('send-key', { keys: keys.map(data => ({ type: 'qcode', data })) });

/** `png` for people, `ppm` for programs. QEMU writes the file itself, as its own user. */
export const takeScreenshot = (filename: string, format: 'png' | 'ppm'): QmpQuery<void> =>
  order('screendump', { filename, format });

/** One command of the monitor for people; the answer is its text, with line ends as on Unix. */
export const monitorCommand = (line: string): QmpQuery<string> => ({
  execute: 'human-monitor-command',
  args: { 'command-line': line },
  read: value => (textOf(value) ?? '').replaceAll('\r\n', '\n'),
});

/** A drive whose medium can be changed. */
export interface CdDrive {
  /** How commands name it: by its own ID, else by the place of its device. */
  readonly drive: { readonly device: string } | { readonly id: string };
  /** The image in it; undefined: it is empty. */
  readonly file: string | undefined;
  readonly isTrayOpen: boolean;
  /** The guest holds the medium. */
  readonly isLocked: boolean;
}

/** The CD drives, first ours (`id=cdrom`). */
export const queryCdDrives: QmpQuery<readonly CdDrive[]> = {
  execute: 'query-block',
  read: value =>
    listOf(value)
      .filter(isCdDrive)
      .sort((a, b) => Number(nameOf(b) === cdDriveId) - Number(nameOf(a) === cdDriveId))
      .map(readDrive),
};

/** The ID that the scripts give the drive. */
export const cdDriveId = 'cdrom';

const nameOf = (entry: unknown): string => textOf(member(entry, 'device')) ?? '';

/** Floppy drives and card readers are removable too; only CD drives have a tray, and QEMU names its own `ide1-cd0`. */
function isCdDrive(entry: unknown): boolean {
  if (member(entry, 'removable') !== true) return false;
  return nameOf(entry) === cdDriveId || /cd\d*$/.test(nameOf(entry)) || typeof member(entry, 'tray_open') === 'boolean';
}

function readDrive(entry: unknown): CdDrive {
  const { device, qdev, tray_open: tray, locked, inserted } = recordOf(entry);
  const name = textOf(device) ?? '';
  return {
    drive: name === '' ? { id: textOf(qdev) ?? '' } : { device: name },
    file: textOf(member(inserted, 'file')),
    isTrayOpen: tray === true,
    isLocked: locked === true,
  };
}

export const ejectCd = ({ drive }: CdDrive, force: boolean): QmpQuery<void> => order('eject', { ...drive, force });

/** The format is given, so that QEMU never guesses it from what a guest may have written. */
export const changeCd = ({ drive }: CdDrive, filename: string, force: boolean): QmpQuery<void> =>
  order('blockdev-change-medium', {
    ...drive,
    filename,
    format: 'raw',
    'read-only-mode': 'read-only',
    ...(force ? { force } : {}),
  });
