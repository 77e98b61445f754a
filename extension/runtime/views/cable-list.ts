import { wireLabel } from './row-words.ts';
import type { LabSnapshot, RunState } from '../state.ts';

/** A cable of a lab: of a NIC of a VM that runs, or a wire between switches. */
export type LabCable =
  | { readonly lab: string; readonly kind: 'nic'; readonly vm: string; readonly nic: number }
  | { readonly lab: string; readonly kind: 'wire'; readonly name: string };

/** One line of a pick list. */
export interface ListedCable {
  readonly cable: LabCable;
  readonly label: string;
  readonly description: string;
}

/** The cables that are pulled, or those that are not. `vm`: only of this one. */
export function listCables(labs: readonly LabSnapshot[], isPulled: boolean, vm?: string): readonly ListedCable[] {
  return labs.flatMap(({ path, lab, vms, wires }) => {
    const nics = (lab?.vms ?? [])
      .filter(({ name }) => vm === undefined || name === vm)
      .flatMap(({ name, nics: list }) =>
        list
          .filter(({ number }) => isPulledNic(vms.get(name), number) === isPulled)
          .map(({ number, switch: place }) => ({
            cable: { lab: path, kind: 'nic', vm: name, nic: number } as const,
            label: `${name} NIC ${number}`,
            description: place,
          })),
      );
    const free = (lab?.wires ?? []).filter(({ name }) => isPulledWire(wires.get(name)) === isPulled);
    const drawn = free.map(wire => ({
      cable: { lab: path, kind: 'wire', name: wire.name } as const,
      label: wireLabel(wire),
      description: 'wire',
    }));
    return vm === undefined ? [...nics, ...drawn] : nics;
  });
}

/** Undefined: nothing can be said of it, as its VM does not run. */
function isPulledNic(state: RunState | undefined, nic: number): boolean | undefined {
  if (state?.kind !== 'running') return undefined;
  return [...(state.pulled ?? []), ...(state.unplugged ?? [])].includes(nic);
}

const isPulledWire = (state: RunState | undefined): boolean | undefined =>
  state?.kind === 'running' ? false : state?.kind === 'stopped' || state?.kind === 'failed' ? true : undefined;
