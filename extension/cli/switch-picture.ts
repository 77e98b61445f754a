import { UserError } from '../base/user-error.ts';
import type { Lab } from '../lab/model.ts';
import { readLabFile } from '../runtime/lab-check.ts';
import { baseName, folderOf } from '../runtime/paths.ts';
import type { SwitchPicture } from '../runtime/switches/port-picture.ts';
import type { RunningSwitch } from '../runtime/state.ts';
import { SwitchReader } from '../runtime/switches/switch-reader.ts';
import type { CliPorts } from './command.ts';

/** A lab of which something runs, with its file. */
export interface FoundLab {
  readonly path: string;
  readonly lab: Lab;
}

/** Looks at a switch; with a pause, twice, so that there are rates. */
export async function pictureOf(
  of: RunningSwitch,
  lab: Lab | undefined,
  ports: CliPorts,
  pauseMs = 0,
): Promise<SwitchPicture> {
  const reader = readerOf(of, ports);
  await reader.read('all', ports.signal);
  if (pauseMs > 0) {
    await new Promise<void>(resolve => void ports.clock.after(pauseMs, resolve));
    await reader.read('ports', ports.signal);
  }
  const picture = reader.picture(lab);
  if (!picture) throw new UserError(`Switch ${of.name} told nothing.`);
  return picture;
}

/** Every switch of the host that can be asked; one that is stuck must not hide the others. */
export async function allPictures(ports: CliPorts): Promise<readonly SwitchPicture[]> {
  const labs = new Map<string, Promise<FoundLab | undefined>>();
  const pictures = ports.store.host.switches.map(async of => {
    try {
      const found = of.lab === undefined ? undefined : (labs.get(of.lab) ?? findLab(of.lab, ports));
      if (of.lab !== undefined && found) labs.set(of.lab, found);
      return [await pictureOf(of, (await found)?.lab, ports)];
    } catch (error) {
      if (error instanceof UserError) return [];
      throw error;
    }
  });
  return (await Promise.all(pictures)).flat();
}

function readerOf(of: RunningSwitch, { management, processes, clock, labCheck }: CliPorts): SwitchReader {
  return new SwitchReader(of, { management, processes, clock, runRoots: [labCheck.runRoot] });
}

/**
 * The file of a lab that runs: the run-time folder names the folder of its scripts, and the lab file lies beside that;
 * else a lab file of the current folder. Undefined if there is none of that name.
 */
export async function findLab(name: string | undefined, ports: CliPorts): Promise<FoundLab | undefined> {
  if (name === undefined) return undefined;
  const { files, labCheck, folder } = ports;
  const scripts = (await files.read(`${labCheck.runRoot}/${name}/folder`))?.trim();
  const beside = scripts === undefined ? [] : [`${folderOf(scripts)}/${baseName(scripts)}`];
  const here = (await folder.list()).filter(file => /\.lab\.ya?ml$/.test(file)).map(file => folder.resolve(file));
  for (const path of [...beside.flatMap(start => [`${start}.lab.yaml`, `${start}.lab.yml`]), ...here]) {
    const lab = (await files.exists(path)) ? (await readLabFile(path, files, labCheck)).reading.lab : undefined;
    if (lab?.name === name) return { path, lab };
  }
  return undefined;
}
