import { listOf, member, recordOf, textOf } from './json-value.ts';
import type { QmpQuery } from './qmp.ts';

/**
 * The state of a VM (memory and devices) as a stream that goes out of one QEMU and into another, or into a file
 * (QEMU's docs/devel/migration.rst). A QEMU that takes one in was started with `-incoming defer`.
 */

const done = (): void => undefined;

/** Sends the state to whoever listens at `uri`; the guest stands still afterwards, and its images are let go. */
export const sendState = (uri: string): QmpQuery<void> => ({ execute: 'migrate', args: { uri }, read: done });

/** Listens at `uri` for a state. */
export const takeState = (uri: string): QmpQuery<void> => ({ execute: 'migrate-incoming', args: { uri }, read: done });

/** Bytes a second that a state may go out with; QEMU begins with 128 MiB. */
export const limitState = (bytesPerSecond: number): QmpQuery<void> => ({
  execute: 'migrate-set-parameters',
  args: { 'max-bandwidth': bytesPerSecond },
  read: done,
});

export const cancelState: QmpQuery<void> = { execute: 'migrate_cancel', read: done };

export interface StateTransfer {
  /** By QEMU's name (MigrationStatus): setup, active, device, completed, failed, cancelled … `none`: there was none. */
  readonly status: string;
  /** Why it failed, in QEMU's words. */
  readonly reason: string | undefined;
}

export const queryTransfer: QmpQuery<StateTransfer> = {
  execute: 'query-migrate',
  read: value => ({
    status: textOf(member(value, 'status')) ?? 'none',
    reason: textOf(member(value, 'error-desc')),
  }),
};

/** How far a state is on its way between two QEMUs. */
export interface TransferProgress {
  /** By QEMU's name, as in `StateTransfer`. */
  readonly status: string;
  /** Bytes sent, and those of its memory that are still to be sent; a busy guest makes these more again. */
  readonly sentBytes: number;
  readonly leftBytes: number;
  readonly bytesPerSecond: number;
  /** For how long the guest will stand still, as QEMU expects; undefined: it cannot tell yet. */
  readonly pauseMs: number | undefined;
}

export const queryProgress: QmpQuery<TransferProgress> = {
  execute: 'query-migrate',
  read: value => {
    const { transferred, remaining, mbps } = recordOf(member(value, 'ram'));
    const pauseMs = member(value, 'expected-downtime');
    return {
      status: textOf(member(value, 'status')) ?? 'none',
      sentBytes: typeof transferred === 'number' ? transferred : 0,
      leftBytes: typeof remaining === 'number' ? remaining : 0,
      bytesPerSecond: typeof mbps === 'number' ? Math.round((mbps * 1e6) / 8) : 0,
      pauseMs: typeof pauseMs === 'number' ? pauseMs : undefined,
    };
  },
};

/** `7.2.22`, with what Debian adds. */
export const queryVersion: QmpQuery<string> = {
  execute: 'query-version',
  read: value => {
    const { major, minor, micro } = recordOf(member(member(value, 'qemu'), 'qemu') ?? member(value, 'qemu'));
    return [major, minor, micro].map(String).join('.');
  },
};

/** A disk that the guest may write. */
export interface WrittenDisk {
  /** QEMU's name of the drive; empty if it has none. */
  readonly device: string;
  /** As QEMU opened it; empty if it is no file. */
  readonly file: string;
  /** Of QEMU's drivers: qcow2, raw … */
  readonly format: string;
}

export const queryWrittenDisks: QmpQuery<readonly WrittenDisk[]> = {
  execute: 'query-block',
  read: value =>
    listOf(value)
      .map(entry => ({ device: textOf(member(entry, 'device')) ?? '', inserted: recordOf(member(entry, 'inserted')) }))
      .filter(({ inserted }) => inserted['ro'] === false)
      .map(({ device, inserted: { image, drv } }) => ({
        ...{ device, file: textOf(member(image, 'filename')) ?? '', format: textOf(drv) ?? '' },
      })),
};

/** Forgets a state that a disk keeps inside, while the VM runs. `device`: QEMU's name of the drive. */
export const forgetDiskState = (device: string, name: string): QmpQuery<void> => ({
  execute: 'blockdev-snapshot-delete-internal-sync',
  args: { device, name },
  read: done,
});
