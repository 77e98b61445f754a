import { applyEdits } from '../../lab/edits/edit.ts';
import type { editLab } from '../../lab/edits/edit-lab.ts';
import type { TextEdit } from '../../lab/edits/yaml-edit.ts';
import { parseForEdit } from '../../lab/edits/yaml-edit.ts';
import type { IncludedFile, Lab } from '../../lab/model.ts';
import { readLab } from '../../lab/reading/reader.ts';
import type { AdoptedKey, adoptSetting } from '../../script/renew/adopt-setting.ts';
import type { ThingRef } from '../state.ts';
import type { RenewPlan } from './renew-plan.ts';
import { lineWords } from './renew-words.ts';
import { thingOf } from './restart-needs.ts';

/** What is loaded with the first adoption. */
export interface AdoptRoom {
  readonly adoptSetting: typeof adoptSetting;
  readonly editLab: typeof editLab;
  /** What was read with the lab file. */
  readonly included?: readonly IncludedFile[] | undefined;
}

/** A hand edit of a script (`fw.sh: QEMU`), and what speaks against its being put into the lab file. */
export interface NotAdopted {
  readonly what: string;
  readonly why: string;
}

export interface Adoption {
  /** Of the lab file's text; none, if nothing can be adopted. */
  readonly edits: readonly TextEdit[];
  /** `fw.sh: RAM` */
  readonly adopted: readonly string[];
  readonly left: readonly NotAdopted[];
}

/** Which hand edits are meant: of what, and which setting; undefined: one outside the settings. */
export type IsWanted = (thing: ThingRef | undefined, setting: string | undefined) => boolean;

interface HandEdit {
  readonly what: string;
  /** A key of the lab file, or why there is none. */
  readonly key: AdoptedKey | string;
}

/**
 * The smallest edits that make a lab file say what was changed by hand in its scripts. `plan` is one in which the user's
 * side won all clashes. What the lab file cannot say, or would be wrong in it, is left in the scripts and told.
 */
export function adopt(
  text: string,
  plan: Omit<RenewPlan, 'gone'>,
  room: AdoptRoom,
  isWanted: IsWanted = () => true,
): Adoption {
  const all = plan.scripts.flatMap(script => handEdits(plan, script, room, isWanted));
  const refusals = new Map(
    all.map(one => [one, typeof one.key === 'string' ? one.key : keyRefusal(text, one.key, room)]),
  );
  const good = all.filter(one => refusals.get(one) === undefined);
  const keys = good.flatMap(({ key }) => (typeof key === 'string' ? [] : [key]));
  const together = edited(text, keys, room);
  if (typeof together === 'string')
    return { edits: [], adopted: [], left: all.map(({ what }) => ({ what, why: together })) };
  return {
    edits: together,
    adopted: good.map(({ what }) => what),
    left: all.flatMap(one => {
      const why = refusals.get(one);
      return why === undefined ? [] : [{ what: one.what, why }];
    }),
  };
}

function handEdits(
  plan: { readonly path: string; readonly lab: Lab },
  { name: script, renewal }: RenewPlan['scripts'][number],
  { adoptSetting }: AdoptRoom,
  isWanted: IsWanted,
): readonly HandEdit[] {
  const thing = thingOf(plan, script);
  const wanted = renewal.kept.filter(({ name }) => isWanted(thing, name));
  const settings = wanted.map(({ name, to, value }): HandEdit => {
    const key = !thing || to === undefined ? 'its line was taken out' : adoptSetting(plan.lab, thing, name, value);
    return { what: `${script}: ${name}`, key };
  });
  if (!renewal.keptCode || !isWanted(thing, undefined)) return settings;
  return [...settings, { what: `${script}: ${lineWords(renewal.keptCode)}`, key: 'it is outside the settings' }];
}

/** Why a key cannot be set: the edit is refused, or the file would have a new mistake. */
function keyRefusal(text: string, key: AdoptedKey, room: AdoptRoom): string | undefined {
  const edits = edited(text, [key], room);
  if (typeof edits === 'string') return edits;
  const errorsOf = (of: string): readonly string[] =>
    readLab(of, { included: room.included }).problems.flatMap(({ severity, message }) =>
      severity === 'error' ? [message] : [],
    );
  const known = new Set(errorsOf(text));
  return errorsOf(applyEdits(text, edits)).find(message => !known.has(message));
}

function edited(
  text: string,
  keys: readonly AdoptedKey[],
  { editLab, included }: AdoptRoom,
): readonly TextEdit[] | string {
  if (keys.length === 0) return [];
  const tools = { readLab: (one: string) => readLab(one, { included }), parse: parseForEdit };
  const result = editLab(text, { kind: 'setKeys', keys }, tools);
  return result.kind === 'refused' ? result.reason : result.edits;
}
