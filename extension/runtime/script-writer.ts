import { UserError } from '../base/user-error.ts';
import type { Lab } from '../lab/model.ts';
import { originOf, recordedChecksum, type ScriptFile } from '../script/script-file.ts';
import type { Files } from './host.ts';
import { scriptFolder } from './lab-identity.ts';
import { baseName, folderOf, relativeFolder } from './paths.ts';

/** What has to happen to one script file. */
export type WriteDecision =
  /** Already there as it should be. */
  | 'same'
  | 'write'
  /** Edited by hand, and the lab asks for nothing new: the edit stays. */
  | 'keep'
  /** Edited by hand, and the lab asks for something else than what was edited. */
  | 'clash'
  /** A file of this name that we did not make. */
  | 'foreign';

export function decideWrite(existing: string | undefined, wanted: string): WriteDecision {
  if (existing === undefined) return 'write';
  if (existing === wanted) return 'same';
  const origin = originOf(existing);
  if (origin.kind === 'untouched') return 'write';
  if (origin.kind === 'foreign') return 'foreign';
  return origin.checksum === recordedChecksum(wanted) ? 'keep' : 'clash';
}

export interface WriteOptions {
  /** Folder for the scripts; beside the lab file, with the lab's name, if not given. */
  readonly out?: string | undefined;
  /** Write anew what was edited by hand; the edited file is kept beside it as NAME.edited-N. */
  readonly replaceEdited?: boolean | undefined;
}

/**
 * Writes the scripts of a lab that was read without errors; gives the paths of all of them.
 * All or nothing: if one file may not be written, none is, and a UserError says why.
 */
export async function writeScripts(
  files: Files,
  labPath: string,
  lab: Lab,
  options: WriteOptions = {},
): Promise<readonly string[]> {
  const folder = options.out ?? scriptFolder(labPath, lab);
  const base = relativeFolder(folder, folderOf(labPath));
  const { renderLab } = await import('./script-room.ts');
  const scripts = renderLab(lab, { source: baseName(labPath), base });
  const planned = await Promise.all(
    scripts.map(async script => {
      const existing = await files.read(`${folder}/${script.name}`);
      return { script, existing, decision: decideWrite(existing, script.text) };
    }),
  );
  refuse(
    folder,
    labPath,
    planned.filter(({ decision }) => decision === 'foreign' || (decision === 'clash' && !options.replaceEdited)),
  );
  for (const { script, existing, decision } of planned) {
    if (decision === 'clash' && existing !== undefined) await keepCopy(files, `${folder}/${script.name}`, existing);
    if (decision === 'clash' || decision === 'write') await files.write(`${folder}/${script.name}`, script.text, 0o755);
  }
  return scripts.map(({ name }) => `${folder}/${name}`);
}

function refuse(
  folder: string,
  labPath: string,
  refused: readonly { readonly script: ScriptFile; readonly decision: WriteDecision }[],
): void {
  if (refused.length === 0) return;
  const names = (kind: WriteDecision): string =>
    refused
      .filter(({ decision }) => decision === kind)
      .map(({ script }) => script.name)
      .join(', ');
  const foreign = names('foreign');
  if (foreign) {
    throw new UserError(
      `Nothing was written: ${folder} has a file of another origin where a script has to go (${foreign}). ` +
        'Move it away, or give the lab another name.',
    );
  }
  throw new UserError(
    `Nothing was written: ${names('clash')} in ${folder} was edited by hand, and the lab file now asks for something else. ` +
      'Put your change into the lab file, or have the script written anew; your version is then kept beside it.',
    [{ title: 'Write Anew, Keep a Copy', command: 'kvmlab.generate', args: [labPath, true] }],
  );
}

async function keepCopy(files: Files, path: string, text: string): Promise<void> {
  let number = 1;
  while (await files.exists(`${path}.edited-${number}`)) number += 1;
  await files.write(`${path}.edited-${number}`, text, 0o644);
}
