import type { Lab } from '../../lab/model.ts';
import { faultWords } from '../../lab/fault-words.ts';
import { wireOf, type WireTarget } from './wire-picture.ts';

/** One line of a pick list. */
export interface ListedWire {
  readonly target: WireTarget;
  readonly label: string;
  /** Where it goes, and what the lab file says is wrong with it. */
  readonly description: string;
}

/** The wires of a lab: those between switches, then those of NICs. `vm`: only of this one's NICs. */
export function listWires(lab: Lab | undefined, path: string, vm?: string): readonly ListedWire[] {
  const nics = (lab?.vms ?? [])
    .filter(({ name }) => vm === undefined || name === vm)
    .flatMap(({ name, nics: list }) => list.map(({ number }) => ({ lab: path, name, nic: number })));
  const between = vm === undefined ? (lab?.wires ?? []).map(({ name }) => ({ lab: path, name, nic: 0 })) : [];
  return [...between, ...nics].flatMap(target => {
    const wire = wireOf(lab, target);
    if (!wire) return [];
    const words = faultWords(wire.faults, wire.ends);
    const where = target.nic === 0 ? 'wire' : wire.ends[1];
    return [{ target, label: wire.title, description: words === '' ? where : `${where} · ${words}` }];
  });
}
