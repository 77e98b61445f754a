import { UserError } from '../base/user-error.ts';
import { layered } from '../lab/defaults.ts';
import type { LabEditTools } from '../lab/edits/edit-lab.ts';
import { editLab } from '../lab/edits/edit-lab.ts';
import type { TextEdit } from '../lab/edits/yaml-edit.ts';
import type { ImportNote } from '../script/import/draft.ts';
import { importCommand } from '../script/import/import-command.ts';
import { planVm } from '../script/import/import-vm.ts';
import { labWithVm } from '../script/import/new-lab-text.ts';
import { findQemuCommands } from '../script/import/read-script.ts';
import { originOf } from '../script/script-file.ts';
import type { ProcessEntry, ProcessFolders } from './host.ts';
import { baseName } from './paths.ts';

/** Where a command line was found, and what of the machine matters for it. */
export interface CommandSource {
  /** With the program first. */
  readonly args: readonly string[];
  /** Absolute: where its relative paths start. */
  readonly folder: string;
  /** For a VM that its command line does not name. */
  readonly name: string;
}

export interface ImportTarget {
  /** Absolute. */
  readonly labFolder: string;
  /** Of the lab file; undefined: there is none yet. */
  readonly text: string | undefined;
  readonly usedIds: Iterable<number>;
  readonly tools: LabEditTools;
}

export interface ImportResult {
  readonly vm: string;
  /** Of the lab file's text; of a new one, its whole text. */
  readonly edits: readonly TextEdit[];
  /** What became of the command line, in its order. */
  readonly notes: readonly ImportNote[];
}

/** The command lines of QEMU in a script, or in a line that was pasted. Rejects with a UserError if there is none. */
export function commandsIn(text: string, name: string): ReturnType<typeof findQemuCommands> {
  if (originOf(text).kind !== 'foreign')
    throw new UserError(
      `${name} was made by KVM Lab: import its lab file, or the command line that "${name} command" prints.`,
    );
  const found = findQemuCommands(text);
  if (found.length > 0) return found;
  throw new UserError(
    `There is no command line of QEMU in ${name}: none of its commands is qemu-system-…, qemu-kvm or kvm.`,
  );
}

/** A command line as a VM of a lab: the smallest edits of its file, or a new file. Throws a UserError if it cannot be. */
export function importVm({ args, folder, name }: CommandSource, target: ImportTarget): ImportResult {
  const { text, labFolder, tools, usedIds } = target;
  const absolute = (path: string): string => (/^(\/|~\/)/.test(path) ? path : `${folder}/${path.replace(/^\.\//, '')}`);
  const inLab = (path: string): string => {
    const whole = absolute(path);
    return whole.startsWith(`${labFolder}/`) ? whole.slice(labFolder.length + 1) : whole;
  };
  const draft = importCommand(args, { absolute, inLab });
  const reading = text === undefined ? undefined : tools.readLab(text);
  if (reading && !reading.lab) throw new UserError('The lab file cannot be read, so nothing was written into it.');
  const defaultSources = (reading ?? tools.readLab('vms: {}')).lab?.defaultSources ?? layered([]).sources;
  const planned = planVm(draft, { lab: reading?.lab, defaultSources, usedIds, name });
  const { notes, name: vm } = planned;
  if (text === undefined) return { vm, notes, edits: [{ span: { start: 0, end: 0 }, text: labWithVm(planned) }] };
  const result = editLab(text, { kind: 'importVm', ...planned }, tools);
  if (result.kind === 'refused') throw new UserError(result.reason);
  return { vm, notes, edits: result.edits };
}

/**
 * Where a QEMU that runs was started, so that its relative paths can be followed. Undefined: it has ended, is not for us
 * to see, or has made itself a daemon, which leaves that folder.
 */
export function startFolder({ pid, args }: ProcessEntry, processes: ProcessFolders): string | undefined {
  return args.some(arg => /^--?daemonize$/.test(arg)) ? undefined : processes.workingFolder(pid);
}

/** A command line as people name it: the file without its folder and ending. */
export const sourceName = (path: string): string => baseName(path).replace(/\.(sh|bash|txt)$/, '') || 'vm';

/** The notes in words, a line each. */
export const noteLines = (notes: readonly ImportNote[]): readonly string[] =>
  notes.map(({ kind, words, text }) => `${kinds[kind]}: ${words.length === 0 ? '' : `${words.join(' ')} → `}${text}`);

const kinds: Readonly<Record<ImportNote['kind'], string>> = {
  key: 'understood',
  common: 'as every VM',
  extra: 'extra argument',
  lost: 'not carried over',
};
