import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Kills processes that name the folder in their command line, as QEMU, vde_switch and vde_plug of a lab there do. */
export async function endLeftovers(folder: string): Promise<readonly string[]> {
  const killed: string[] = [];
  for (const { pid, command } of processesNaming(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
      killed.push(command);
    } catch {
      // It ended in the meantime.
    }
  }
  for (let wait = 0; wait < 50 && processesNaming(folder).length > 0; wait++) await delay(50);
  return killed;
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
