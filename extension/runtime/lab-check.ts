import { UserError } from '../base/user-error.ts';
import { checkGuests } from '../guest/append.ts';
import { bootFiles, checkBootFiles, checkFiles, neededFiles, resolvePath } from '../lab/files.ts';
import type { DefaultsLayer } from '../lab/defaults.ts';
import type { KvmscriptReading } from '../lab/kvmscript-defaults.ts';
import type { IncludedFile, Lab, LabReading } from '../lab/model.ts';
import type { Problem } from '../lab/problem.ts';
import { parseLab, readLab } from '../lab/reading/reader.ts';
import { valueSpan } from '../lab/reading/spans.ts';
import type { YamlPieces } from '../lab/reading/yaml-pieces.ts';
import { checkWorkspace } from '../lab/checks/workspace-checks.ts';
import type { Files, IncludedFiles } from './host.ts';
import { baseName, folderOf } from './paths.ts';

export interface LabCheckOptions {
  /** Path of `~/.kvmscript`, the user's defaults. */
  readonly kvmscript: string;
  /** Weaker defaults than those: settings of VS Code, as they are now. */
  readonly settings?: () => DefaultsLayer;
  /** The folder of the run-time folders, for the length of socket paths. */
  readonly runRoot: string;
  /** Where the tiny guest lies if it is not beside the lab file. */
  readonly guestFolder: string;
  /** Names of the VMs whose disks need no image any more. Absent: those of none. */
  readonly lone?: (labPath: string, lab: Lab) => Promise<ReadonlySet<string>>;
  /** Absent: nothing can be included. */
  readonly included?: IncludedFiles;
}

/** A lab file and every problem in it, those of its files and neighbours too. */
export interface CheckedLab {
  readonly text: string;
  readonly reading: LabReading;
}

/** Reads a lab file and checks it on its own. Rejects with a UserError if the file is not there. */
export async function readLabFile(path: string, files: Files, options: LabCheckOptions): Promise<CheckedLab> {
  const text = await files.read(path);
  if (text === undefined) throw new UserError(`There is no lab file ${path}.`);
  return { text, reading: await checkLabText(path, text, files, options) };
}

/** As `readLabFile` for several, which are also checked against each other. Keys are the paths. */
export async function readLabFiles(
  paths: readonly string[],
  files: Files,
  options: LabCheckOptions,
): Promise<ReadonlyMap<string, CheckedLab>> {
  const unique = [...new Set(paths)];
  const checked = await Promise.all(unique.map(async path => [path, await readLabFile(path, files, options)] as const));
  const labs = checked.flatMap(([path, { reading }]) => (reading.lab ? [{ path, lab: reading.lab }] : []));
  const clashes = checkWorkspace(labs);
  return new Map(
    checked.map(([path, { text, reading }]) => {
      const problems = [...reading.problems, ...(clashes.get(path) ?? [])];
      return [path, { text, reading: { ...reading, problems } }];
    }),
  );
}

/** The same for a text that may not be saved yet. `pieces`: of a text that changes often, see `parseLab`. */
export async function checkLabText(
  path: string,
  text: string,
  files: Files,
  options: LabCheckOptions,
  pieces?: YamlPieces,
): Promise<LabReading> {
  const defaults = await userDefaults(files, options);
  const parsed = parseLab(text, pieces);
  const included = await Promise.all(parsed.includes.map(name => readIncluded(path, name, options)));
  const fileName = baseName(path);
  const reading = readLab(parsed, { fileName, defaults, runRoot: options.runRoot, included });
  const { lab, problems } = reading;
  if (!lab) return reading;
  const home = folderOf(options.kvmscript);
  const needed = [...new Set([...neededFiles(lab).map(file => file.path), ...bootFiles(lab)])];
  const isThere = await lookFor(needed, file => files.exists(resolvePath(file, folderOf(path), home)));
  const taps = lab.switches.some(({ tap }) => tap) ? await checkTapsOf(lab) : [];
  const guests = await checkGuestFiles(lab, folderOf(path), files, options);
  const isWithoutImage = neededFiles(lab).some(file => file.kind === 'image' && !isThere(file.path));
  const lone = isWithoutImage ? await options.lone?.(path, lab) : undefined;
  const missing = [...checkFiles(lab, isThere, lone), ...checkBootFiles(lab, isThere)];
  const sentences = lab.checks ? await checkSentencesOf(lab, text) : [];
  return { ...reading, problems: [...problems, ...missing, ...checkGuests(lab), ...guests, ...taps, ...sentences] };
}

const checkTapsOf = async (lab: Lab): Promise<readonly Problem[]> =>
  (await import('../lab/checks/check-host-steps.ts')).checkHostSteps(lab);

const checkSentencesOf = async (lab: Lab, text: string): Promise<readonly Problem[]> =>
  (await import('../lab/expectations/check-sentences.ts')).checkSentences(lab, text);

async function readIncluded(path: string, name: string, { included }: LabCheckOptions): Promise<IncludedFile> {
  if (included) return included.read(path, name);
  return { name, path: `${folderOf(path)}/${name}`, refusal: `${name} is not read here.` };
}

/** What the user has said for all labs, weakest first. */
export const userDefaults = async (files: Files, options: LabCheckOptions): Promise<readonly DefaultsLayer[]> => [
  ...(options.settings ? [options.settings()] : []),
  (await kvmscriptOf(files, options)).layer,
];

/** `~/.kvmscript` and what is wrong with it; no file gives none. */
export const kvmscriptOf = async (
  files: Files,
  { kvmscript }: Pick<LabCheckOptions, 'kvmscript'>,
): Promise<KvmscriptReading> => {
  const text = await files.read(kvmscript);
  if (text === undefined) return { layer: { values: {}, sources: {} }, problems: [] };
  // Few have one, so what reads it is loaded only where there is one.
  const { readKvmscript } = await import('../lab/kvmscript-defaults.ts');
  return readKvmscript(text);
};

/** Looks for every file that a lab needs beforehand, so that the checks themselves can be calculations. */
async function lookFor(
  needed: readonly string[],
  exists: (file: string) => Promise<boolean>,
): Promise<(path: string) => boolean> {
  const found = await Promise.all(needed.map(exists));
  const there = new Set(needed.filter((_, index) => found[index]));
  return path => there.has(path);
}

/** A warning only: the lab file is right, and its scripts can be written before the guest is made. */
async function checkGuestFiles(
  lab: Lab,
  folder: string,
  files: Files,
  { guestFolder }: LabCheckOptions,
): Promise<readonly Problem[]> {
  const [vm] = lab.vms.filter(one => one.isTinyGuest && one.host === undefined);
  if (!vm) return [];
  // By the rule of the scripts: a kernel beside the lab file settles it.
  const own = `${folder}/guest`;
  const place = (await files.exists(`${own}/vmlinuz`)) ? own : guestFolder;
  const isThere = await Promise.all([files.exists(`${place}/vmlinuz`), files.exists(`${place}/initrd`)]);
  if (isThere.every(Boolean)) return [];
  const message = `The tiny guest is neither in ${own} nor in ${guestFolder}. Make it with "kvmlab guest".`;
  return [{ code: 'guest-missing', severity: 'warning', message, span: valueSpan(vm, 'guest') }];
}
