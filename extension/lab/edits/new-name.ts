import { isReservedVmName } from '../layout.ts';
import type { Lab } from '../model.ts';
import { isSafeName, longestName, shown } from '../names.ts';

type NamedKind = 'vm' | 'switch' | 'group';

/** Why a thing cannot have this name, for people; undefined: it can. `own`: the name that it has now, of a VM or of a row of them. */
export function newNameRefusal(lab: Lab, kind: NamedKind, name: string, own?: string): string | undefined {
  const what = { vm: 'VM', switch: 'switch', group: 'group' }[kind];
  if (!isSafeName(name))
    return `"${shown(name)}" cannot name a ${what}. Begin with a letter, digit or underscore, and go on with these, dots and dashes.`;
  if (name.length > longestName) return `The name of a ${what} has at most ${longestName} characters.`;
  if (kind === 'vm' && isReservedVmName(name.toLowerCase()))
    return `"${name}" would give its script a name that the lab needs itself. Take another name.`;
  if (kind === 'vm' && name !== own && lab.vms.some(({ origin }) => origin?.row?.name === name))
    return `There is a row ${name} of VMs already. Take another name.`;
  const others = namesOf(lab, kind).filter(other => other !== own);
  // Names become files, and some file systems do not tell upper from lower case.
  const taken = others.find(other => other.toLowerCase() === name.toLowerCase());
  return taken === undefined ? undefined : `There is a ${what} ${taken} already. Take another name.`;
}

/** `vm1`, `vm2`, …: the first one that nothing has. */
export function freeName(lab: Lab, kind: NamedKind): string {
  for (let number = 1; ; number += 1) {
    const name = `${kind}${number}`;
    if (newNameRefusal(lab, kind, name) === undefined) return name;
  }
}

function namesOf({ vms, switches, groups }: Lab, kind: NamedKind): readonly string[] {
  return { vm: vms, switch: switches, group: groups }[kind].map(({ name }) => name);
}
