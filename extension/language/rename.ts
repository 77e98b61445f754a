import { switchScript, vmScript, wireScript } from '../lab/layout.ts';
import type { Lab } from '../lab/model.ts';

/** A file that follows a thing to its new name. */
export interface RenamedFile {
  readonly from: string;
  readonly to: string;
}

/**
 * The scripts whose things have other names after a change of names, and of nothing else. What users changed in them
 * goes along; the next generation writes the new names into them.
 */
export function renamedScripts(before: Lab, after: Lab): readonly RenamedFile[] {
  return [
    ...renamedOf(before.vms, after.vms, vmScript),
    ...renamedOf(before.switches, after.switches, switchScript),
    ...renamedOf(before.wires, after.wires, wireScript),
  ];
}

/** The disks that VMs write over their images, from the folder of the lab file: without them a VM would begin anew. */
export function renamedOverlays(before: Lab, after: Lab): readonly RenamedFile[] {
  if (before.vms.length !== after.vms.length) return [];
  return before.vms.flatMap(({ image }, index) => {
    const to = after.vms[index]?.image?.overlay;
    return image === undefined || to === undefined || to === image.overlay ? [] : [{ from: image.overlay, to }];
  });
}

interface Named {
  readonly name: string;
}

function renamedOf(
  before: readonly Named[],
  after: readonly Named[],
  scriptOf: (name: string) => string,
): readonly RenamedFile[] {
  if (before.length !== after.length) return [];
  return before.flatMap(({ name }, index) => {
    const to = after[index]?.name ?? name;
    return to === name ? [] : [{ from: scriptOf(name), to: scriptOf(to) }];
  });
}
