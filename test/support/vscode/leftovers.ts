import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Kills what still runs of the labs below the folder, and waits until it is gone. */
export async function endLeftovers(folder: string): Promise<void> {
  killLeftovers(folder);
  for (let wait = 0; wait < 50 && processesNaming(folder).length > 0; wait++) await delay(50);
}

/** Kills processes that name the folder in their command line, as QEMU, vde_switch and vde_plug of a lab there do. */
export function killLeftovers(folder: string): void {
  for (const { pid } of processesNaming(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
}

/** What still runs of the labs below the folder. */
export function processesNaming(folder: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(name => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ command }) => command.includes(`${folder}/`));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
