import { UserError } from '../base/user-error.ts';
import type { Lab } from '../lab/model.ts';
import type { Side } from '../script/renew/merge-settings.ts';
import type { Files } from './host.ts';
import {
  changedScripts,
  clashesOf,
  planScripts,
  type RenewPlan,
  type ScriptClash,
  type ScriptPlan,
} from './renew/renew-plan.ts';
import { clashName } from './renew/renew-words.ts';

export interface WriteOptions {
  /** Folder for the scripts; beside the lab file, with the lab's name, if not given. */
  readonly out?: string | undefined;
}

/**
 * Writes the scripts of a lab that was read without errors; gives the paths of all of them. Changes that were made by
 * hand stay. All or nothing: if one script may not be written without a decision, none is, and a UserError says why.
 */
export async function writeScripts(
  files: Files,
  labPath: string,
  lab: Lab,
  { out }: WriteOptions = {},
): Promise<readonly string[]> {
  const plan = await planScripts(files, labPath, lab, { out });
  const clashes = clashesOf(plan);
  if (clashes.length > 0) throw undecided(plan, clashes);
  await writePlan(files, plan);
  return plan.scripts.map(({ path }) => path);
}

/**
 * Writes what a plan says. Where something of the user's is given up, a copy of the script as it was is kept beside it as
 * NAME.edited-N. Gives the scripts that were written. Rejects, before anything is written, if a file of another origin is
 * in the way or a script has been changed since the plan was made.
 */
export async function writePlan(
  files: Files,
  plan: Omit<RenewPlan, 'gone'>,
  decide?: (of: ScriptClash) => Side,
): Promise<readonly ScriptPlan[]> {
  refuseForeign(plan);
  for (const { path, name, existing } of plan.scripts)
    if ((await files.read(path)) !== existing)
      throw new UserError(`${name} in ${plan.folder} was changed meanwhile, so nothing was written. Try again.`);
  const changed = changedScripts(plan);
  for (const { name, path, existing, renewal } of changed) {
    const isGivenUp = renewal.clashes.some(
      clash => (decide ? decide({ script: name, clash }) : clash.suggestion) === 'lab',
    );
    if (isGivenUp && existing !== undefined) await keepCopy(files, path, existing);
    await files.write(path, renewal.text, 0o755);
  }
  return changed;
}

function refuseForeign({ scripts, folder }: Omit<RenewPlan, 'gone'>): void {
  const foreign = scripts.filter(({ renewal }) => renewal.kind === 'foreign').map(({ name }) => name);
  if (foreign.length === 0) return;
  throw new UserError(
    `Nothing was written: ${folder} has a file of another origin where a script has to go (${foreign.join(', ')}). ` +
      'Move it away, or give the lab another name.',
  );
}

function undecided({ path, lab, folder }: Omit<RenewPlan, 'gone'>, clashes: readonly ScriptClash[]): UserError {
  const what = clashes.map(({ script, clash }) => `${script} (${clashName(clash)})`).join(', ');
  return new UserError(
    `Nothing was written: ${what} in ${folder} was edited by hand, and the lab file now asks for something else. ` +
      'Renew the scripts to say which counts ("kvmlab renew" in a terminal).',
    [{ title: 'Renew Scripts', command: 'kvmlab.renew', args: [{ lab: path, kind: 'lab', name: lab.name }] }],
  );
}

async function keepCopy(files: Files, path: string, text: string): Promise<void> {
  let number = 1;
  while (await files.exists(`${path}.edited-${number}`)) number += 1;
  await files.write(`${path}.edited-${number}`, text, 0o644);
}
