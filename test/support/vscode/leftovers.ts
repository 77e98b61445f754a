import { setTimeout as delay } from 'node:timers/promises';
import { commandLine, killIfAlive, processesThatMention } from '../own-processes.ts';

/** Kills what still runs of the labs below the folder, and waits until it is gone. */
export async function endLeftovers(folder: string): Promise<void> {
  killLeftovers(folder);
  for (let wait = 0; wait < 400 && processesNaming(folder).length > 0; wait++) await delay(50);
}

/** Kills processes that name the folder in their command line, as QEMU, vde_switch and vde_plug of a lab there do. */
export function killLeftovers(folder: string): void {
  for (const { pid } of processesNaming(folder)) killIfAlive(pid);
}

/** What still runs of the labs below the folder. */
export const processesNaming = (folder: string): readonly { readonly pid: number; readonly command: string }[] =>
  processesThatMention(`${folder}/`).map(pid => ({ pid, command: commandLine(pid).replaceAll('\0', ' ').trim() }));
