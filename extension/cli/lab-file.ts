import { UserError } from '../base/user-error.ts';
import type { Lab, LabReading } from '../lab/model.ts';
import { readLabFile } from '../runtime/lab-check.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { problemLines } from './problem-lines.ts';

export interface OpenLab {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly lab: Lab;
  readonly reading: LabReading;
}

export const isLabFile = (name: string): boolean => /\.lab\.ya?ml$/.test(name);

/** Names of all lab files of the current folder; there may be none. */
export const labFilesInFolder = async (ports: CliPorts): Promise<readonly string[]> =>
  (await ports.folder.list()).filter(isLabFile).sort();

/** `FILE` may be left out where the current folder leaves no doubt. */
export async function onlyLabFile(ports: CliPorts): Promise<string> {
  const [file, ...others] = await labFilesInFolder(ports);
  if (file === undefined) throw new UsageError('This folder holds no *.lab.yaml. Name the lab file.');
  if (others.length > 0) throw new UsageError(`Which lab file? This folder holds ${[file, ...others].join(', ')}.`);
  return file;
}

/** All lab files of the current folder, by name. */
export async function labFilesHere(ports: CliPorts): Promise<readonly string[]> {
  const files = await labFilesInFolder(ports);
  if (files.length === 0) throw new UsageError('This folder holds no *.lab.yaml. Name the lab file.');
  return files;
}

/** Takes `FILE` off the operands: a first word that looks like a path or a YAML file. */
export async function takeLabFile(
  operands: readonly string[],
  ports: CliPorts,
): Promise<{ readonly file: string; readonly others: readonly string[] }> {
  const [first, ...others] = operands;
  if (first !== undefined && /\/|\.ya?ml$/i.test(first)) return { file: first, others };
  return { file: await onlyLabFile(ports), others: operands };
}

/** Reads a lab and makes it known to the store. What could not be read at all is a UserError. */
export async function openLab(file: string, ports: CliPorts): Promise<OpenLab> {
  const path = ports.folder.resolve(file);
  const { text, reading } = await readLabFile(path, ports.files, ports.labCheck);
  ports.store.setReading(path, reading);
  if (reading.lab) return { path, text, lab: reading.lab, reading };
  throw new UserError([`${file} is no lab file that can be read.`, ...problemLines(file, text, reading)].join('\n'));
}

/** Makes every lab of the current folder known to the store. Gives the files that could not be read. */
export async function openLabsHere(
  ports: CliPorts,
  isWanted: (path: string) => boolean = () => true,
): Promise<readonly string[]> {
  const unread: string[] = [];
  for (const file of await labFilesInFolder(ports)) {
    if (!isWanted(ports.folder.resolve(file))) continue;
    try {
      await openLab(file, ports);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push(file);
    }
  }
  return unread;
}

/** As `openLab`, for what must not be done with half a lab. */
export async function openSoundLab(file: string, ports: CliPorts): Promise<OpenLab> {
  const open = await openLab(file, ports);
  const errors = open.reading.problems.filter(problem => problem.severity === 'error');
  if (errors.length === 0) return open;
  const lines = problemLines(file, open.text, { ...open.reading, problems: errors });
  throw new UserError([`${file} has errors. Nothing was done.`, ...lines].join('\n'));
}
