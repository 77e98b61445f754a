import type { Assignment } from './settings-block.ts';

/** Who decides a clash: what the user made of the script, or the lab file. */
export type Side = 'mine' | 'lab';

/** One variable three ways. Undefined: it is not there. */
export interface SettingMerge {
  readonly name: string;
  readonly then: Assignment | undefined;
  readonly mine: Assignment | undefined;
  readonly lab: Assignment | undefined;
  /**
   * `same`: both say the same. `lab`: the user left it as it was generated. `mine`: only the user changed it.
   * `clash`: both changed it, and differently.
   */
  readonly kind: 'same' | Side | 'clash';
}

export type Settings = ReadonlyMap<string, Assignment>;

/**
 * What becomes of each variable, those of the lab file first. Variables that only the user has are left out: they stay.
 * `then`: what was generated; undefined: nobody knows any more, so every difference is a clash.
 */
export function mergeSettings(then: Settings | undefined, mine: Settings, lab: Settings): readonly SettingMerge[] {
  const names = new Set([...lab.keys(), ...(then?.keys() ?? [])]);
  return [...names]
    .map(name => ({ name, then: then?.get(name), mine: mine.get(name), lab: lab.get(name) }))
    .filter(sides => sides.mine !== undefined || sides.lab !== undefined)
    .map(sides => ({ ...sides, kind: kindOf(sides, then !== undefined) }));
}

function kindOf({ then, mine, lab }: Omit<SettingMerge, 'kind'>, isRecorded: boolean): SettingMerge['kind'] {
  if (isSame(mine, lab)) return 'same';
  if (!isRecorded) return mine === undefined ? 'lab' : 'clash';
  if (isUntouched(mine, then)) return 'lab';
  return isSame(lab, then) ? 'mine' : 'clash';
}

/** Whether both say the same, however it is written. */
function isSame(a: Assignment | undefined, b: Assignment | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.value === undefined || b.value === undefined) return a.valueText === b.valueText;
  return JSON.stringify(a.value) === JSON.stringify(b.value);
}

/** A list that was given lines of its own may have comments in it, which nobody may throw away unasked. */
const isUntouched = (mine: Assignment | undefined, then: Assignment | undefined): boolean =>
  isSame(mine, then) && (mine?.valueText === then?.valueText || mine?.valueText.includes('\n') !== true);

/** What a clash had better become, and why; for people. */
export function suggestionFor({ name, then, mine, lab }: SettingMerge): { readonly side: Side; readonly why: string } {
  if (!lab) return { side: 'lab', why: 'nothing in the script reads it any more' };
  if (!mine) return { side: 'lab', why: 'the script does not run without it' };
  if (isShared(name)) return { side: 'lab', why: 'the other scripts of the lab go by the lab file' };
  if (!then) return { side: 'mine', why: 'the script does not tell what was generated, so it may be your own change' };
  return { side: 'mine', why: 'you changed it by hand, which is rarely done without a reason' };
}

/** Where a VM is found and what is plugged into what: several scripts have to agree on it. */
const isShared = (name: string): boolean => /^(ID|NIC\d+(_PORT|_MAC)?|SWITCH\d|PORT\d|PORTS|TAP)$/.test(name);
