import type { Lab } from '../../lab/model.ts';
import type { Side } from '../../script/renew/merge-settings.ts';
import type { Clash, ScriptRenewal } from '../../script/renew/renew-script.ts';
import type { Files, ScriptFolder } from '../host.ts';
import { scriptFolder } from '../lab-identity.ts';
import { baseName, folderOf, relativeFolder } from '../paths.ts';

/** One script: what its file holds, what is generated for it, and what they give together. */
export interface ScriptPlan {
  readonly name: string;
  readonly path: string;
  readonly existing: string | undefined;
  readonly generated: string;
  readonly renewal: ScriptRenewal;
}

/** A script that we made of something which the lab file has no more. */
export interface GoneScript {
  readonly name: string;
  readonly path: string;
  readonly isEdited: boolean;
}

export interface RenewPlan {
  /** Of the lab file. */
  readonly path: string;
  readonly lab: Lab;
  readonly folder: string;
  readonly scripts: readonly ScriptPlan[];
  readonly gone: readonly GoneScript[];
}

/** A clash and the script in which it is. */
export interface ScriptClash {
  readonly script: string;
  readonly clash: Clash;
}

/** How a clash ends. */
export type DecideClash = (of: ScriptClash) => Side;

const asSuggested: DecideClash = ({ clash }) => clash.suggestion;

/** Compares all scripts of a lab that was read without errors with what is generated for them. Nothing is written. */
export async function planScripts(
  files: Pick<Files, 'read'>,
  labPath: string,
  lab: Lab,
  { out, decide = asSuggested }: { readonly out?: string | undefined; readonly decide?: DecideClash | undefined } = {},
): Promise<Omit<RenewPlan, 'gone'>> {
  const folder = out ?? scriptFolder(labPath, lab);
  const { renderLab, renewScript } = await import('../script-room.ts');
  const scripts = await Promise.all(
    renderLab(lab, { source: baseName(labPath), base: relativeFolder(folder, folderOf(labPath)) }).map(
      async ({ name, text: generated }): Promise<ScriptPlan> => {
        const path = `${folder}/${name}`;
        const existing = await files.read(path);
        const renewal = renewScript(existing, generated, clash => decide({ script: name, clash }));
        return { name, path, existing, generated, renewal };
      },
    ),
  );
  return { path: labPath, lab, folder, scripts };
}

/** The same with the scripts of what left the lab file. */
export async function planRenewal(
  files: Pick<Files, 'read'> & ScriptFolder,
  labPath: string,
  lab: Lab,
  decide?: DecideClash,
): Promise<RenewPlan> {
  const plan = await planScripts(files, labPath, lab, { decide });
  const known = new Set(plan.scripts.map(({ name }) => name));
  const others = (await files.list(plan.folder)).filter(name => name.endsWith('.sh') && !known.has(name)).sort();
  const { originOf } = await import('../script-room.ts');
  const gone = await Promise.all(
    others.map(async (name): Promise<readonly GoneScript[]> => {
      const path = `${plan.folder}/${name}`;
      const origin = originOf((await files.read(path)) ?? '').kind;
      return origin === 'foreign' ? [] : [{ name, path, isEdited: origin === 'edited' }];
    }),
  );
  return { ...plan, gone: gone.flat() };
}

export const clashesOf = ({ scripts }: Pick<RenewPlan, 'scripts'>): readonly ScriptClash[] =>
  scripts.flatMap(({ name, renewal }) => renewal.clashes.map(clash => ({ script: name, clash })));

/** Scripts that are written anew or for the first time. */
export const changedScripts = ({ scripts }: Pick<RenewPlan, 'scripts'>): readonly ScriptPlan[] =>
  scripts.filter(({ renewal }) => renewal.kind === 'new' || renewal.kind === 'changed');

/** Whether the user has changed something in a script that stays. */
export const isHandMade = ({ renewal }: ScriptPlan): boolean =>
  renewal.kept.length > 0 || renewal.keptCode !== undefined || renewal.clashes.length > 0;
