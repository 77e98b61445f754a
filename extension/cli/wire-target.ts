import { UserError } from '../base/user-error.ts';
import type { LabThing } from '../lab/edits/lab-edit.ts';
import type { WireTarget } from '../runtime/wires/wire-picture.ts';
import { listWires } from '../runtime/wires/wire-list.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { onlyLabFile, openSoundLab, type OpenLab } from './lab-file.ts';
import { chooseWire } from './link-target.ts';

export interface ChosenWires {
  readonly open: OpenLab;
  readonly targets: readonly WireTarget[];
}

/** Finds `SWITCH SWITCH`, `WIRE` or `VM NIC`, with `FILE` before it or not; without any of them, all wires of the lab. */
export async function chooseWires(words: readonly string[], ports: CliPorts): Promise<ChosenWires> {
  const [first = '', ...others] = words;
  const hasFile = /\.ya?ml$/i.test(first);
  const [name, other, extra] = hasFile ? others : words;
  if (extra !== undefined)
    throw new UsageError(`"${extra}" is one too many: name a wire by two switches, or by VM and NIC.`);
  const open = await openSoundLab(hasFile ? first : await onlyLabFile(ports), ports);
  const { lab, path } = open;
  if (name === undefined) return { open, targets: listWires(lab, path).map(({ target }) => target) };
  if (other === undefined || !/^\d{1,3}$/.test(other)) {
    return { open, targets: [{ lab: path, name: chooseWire(lab, name, other).name, nic: 0 }] };
  }
  const vm = lab.vms.find(one => one.name === name);
  if (!vm)
    throw new UserError(`Lab ${lab.name} has no VM ${name}. Its VMs: ${lab.vms.map(one => one.name).join(', ')}.`);
  if (!vm.nics.some(({ number }) => number === Number(other)))
    throw new UserError(`VM ${name} has no NIC ${other}; it has ${vm.nics.length}.`);
  return { open, targets: [{ lab: path, name, nic: Number(other) }] };
}

/** As edits of lab files name it. */
export const thingOf = ({
  name,
  nic,
}: WireTarget): Extract<LabThing, { kind: 'nic' }> | { kind: 'wire'; name: string } =>
  nic === 0 ? { kind: 'wire', name } : { kind: 'nic', vm: name, nic };
