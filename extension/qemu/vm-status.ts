/**
 * Why a QEMU that runs does not run its guest, in words for people; undefined while it does.
 * The names are those of QEMU's RunState (qapi/run-state.json).
 */
export function haltWords(status: string): string | undefined {
  if (status === 'running') return undefined;
  return words[status] ?? status;
}

const words: Readonly<Record<string, string>> = {
  paused: 'paused',
  // Reset while paused, or started with -S: it waits to be resumed just as well.
  prelaunch: 'paused',
  suspended: 'asleep',
  'io-error': 'paused: disk error',
  'guest-panicked': 'paused: guest panicked',
  'internal-error': 'paused: internal error of QEMU',
  watchdog: 'paused by its watchdog',
  shutdown: 'powered off',
  debug: 'paused by a debugger',
  inmigrate: 'waiting for a migration',
  postmigrate: 'migrated away',
  'finish-migrate': 'migrating',
  'save-vm': 'saving its state',
  'restore-vm': 'restoring its state',
};

/** Events after which the status may be another one. */
export const mayChangeStatus = (event: string): boolean => statusEvents.has(event);

const statusEvents = new Set(
  'STOP RESUME RESET SHUTDOWN POWERDOWN SUSPEND SUSPEND_DISK WAKEUP WATCHDOG GUEST_PANICKED BLOCK_IO_ERROR'.split(' '),
);
