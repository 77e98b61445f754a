import { UserError } from '../base/user-error.ts';
import { nicWire } from '../lab/layout.ts';
import type { Lab, Wire } from '../lab/model.ts';
import { queryNics } from '../qemu/live-nics.ts';
import * as cables from '../runtime/change/cables.ts';
import { vmLine, type VmLine } from '../runtime/change/vm-nics.ts';
import type { RunningVm } from '../runtime/state.ts';
import { chooseVm } from '../runtime/switches/switch-choice.ts';
import { UsageError } from './arguments.ts';
import type { CliPorts } from './command.ts';
import { openLab, openSoundLab, takeLabFile } from './lab-file.ts';

/** What `kvmlab link` is called on. */
export interface LinkTarget {
  readonly cable: cables.Cable;
  /** How it is now, side by side; of a wire both are the same. */
  state(): Promise<LinkState>;
}

export interface LinkState {
  /** The guest sees a carrier. */
  readonly guest: 'up' | 'down';
  /** It is plugged into its switch. */
  readonly switch: 'up' | 'down';
}

/** Finds `VM NIC`, `SWITCH SWITCH` or `WIRE`, with `FILE` before it or not. Looks at what runs first. */
export async function linkTarget(
  words: readonly string[],
  side: cables.CableSide,
  ports: CliPorts,
): Promise<LinkTarget> {
  await ports.watcher.poll();
  const [first = '', ...others] = words;
  const file = /\.ya?ml$/i.test(first) ? first : undefined;
  const [name, other, extra] = file === undefined ? words : others;
  if (extra !== undefined) throw new UsageError(`"${extra}" is none of up, down and flap.`);
  if (name === undefined)
    throw new UsageError('Which VM and the number of which NIC, or the wire between which switches?');
  if (other !== undefined && /^\d{1,3}$/.test(other)) return nicTarget(file, name, Number(other), side, ports);
  return wireTarget(file, name, other, ports);
}

async function nicTarget(
  file: string | undefined,
  name: string,
  number: number,
  side: cables.CableSide,
  ports: CliPorts,
): Promise<LinkTarget> {
  const lab = file === undefined ? undefined : (await openLab(file, ports)).lab;
  const running = chooseVm(lab && !name.includes('/') ? `${lab.name}/${name}` : name, ports.store.host.vms);
  const line = lineTo(running, name, ports);
  const guest = cables.guestSide(line, number);
  const far = side === 'guest' ? undefined : await switchSideOf(file, running, line, number, ports);
  const cable = !far ? guest : side === 'both' ? cables.bothSides(guest, far) : far;
  const wire = nicWire(line.name, number);
  const isFiltered = () => ports.store.host.wires.some(one => one.lab === running.lab && one.name === wire);
  return { cable, state: () => nicState(line, number, isFiltered) };
}

/** `isFiltered`: whether the wirefilter of the NIC runs, if it goes through one. */
async function nicState(line: VmLine, number: number, isFiltered: () => boolean): Promise<LinkState> {
  const nic = (await line.ask(queryNics)).find(one => one.number === number);
  if (nic?.model === undefined) throw new UserError(`${line.name} has no NIC ${number}.`);
  const isPlugged = nic.address?.startsWith('multi://') ? isFiltered() : nic.address !== undefined;
  return { guest: nic.isPulled ? 'down' : 'up', switch: isPlugged ? 'up' : 'down' };
}

/** Only VMs that scripts of ours started have NICs that are known by name. */
export function lineTo({ name, lab, pidFile }: RunningVm, asked: string, { qmp }: CliPorts): VmLine {
  if (lab === undefined || pidFile === undefined)
    throw new UserError(`VM ${asked} was started by no lab, so its NICs cannot be told apart here.`);
  return vmLine(qmp, name ?? asked, pidFile.replace(/\.pid$/, '.qmp'));
}

/** The lab file says where the plug belongs. */
async function switchSideOf(
  file: string | undefined,
  running: RunningVm,
  line: VmLine,
  number: number,
  ports: CliPorts,
): Promise<cables.Cable> {
  const { lab, path } = await openSoundLab(file ?? (await takeLabFile([], ports)).file, ports);
  const nic = lab.vms.find(vm => vm.name === running.name)?.nics.find(one => one.number === number);
  if (!nic || lab.name !== running.lab)
    throw new UserError(
      `${path} has no NIC ${number} of ${line.name}, so nobody knows where it is to be plugged in again.`,
    );
  const { management, store, wires } = ports;
  const find = () => store.host.switches.find(one => one.lab === lab.name && one.name === nic.switch);
  const target = { lab: path, name: line.name, nic: number };
  const filter = { pull: () => wires.pull(target), plug: () => wires.plug(target) };
  return cables.switchSide(line, nic, { management, find, filter });
}

async function wireTarget(
  file: string | undefined,
  name: string,
  other: string | undefined,
  ports: CliPorts,
): Promise<LinkTarget> {
  const { path, lab } = await openSoundLab(file ?? (await takeLabFile([], ports)).file, ports);
  const wire = chooseWire(lab, name, other);
  const thing = { lab: path, kind: 'wire', name: wire.name } as const;
  const state = (): Promise<LinkState> => {
    const is = ports.store.stateOf(thing).kind === 'running' ? 'up' : 'down';
    return Promise.resolve({ guest: is, switch: is });
  };
  return { cable: cables.wireCable(ports.control, thing, ports.wires), state };
}

/** By its name, or by the switches that it joins. Throws a UserError unless there is exactly one. */
export function chooseWire({ wires, name: lab }: Lab, name: string, other: string | undefined): Wire {
  const joins = ({ ends }: Wire): boolean =>
    ends.some(end => end.switch === name) && ends.some(end => end.switch === other) && name !== other;
  const found = wires.filter(wire => (other === undefined ? wire.name === name : joins(wire)));
  const [one, ...more] = found;
  if (one && more.length === 0) return one;
  const list = (some: readonly Wire[]): string => some.map(wire => wire.name).join(', ');
  if (one) throw new UserError(`Which wire between ${name} and ${other ?? ''}? There are ${list(found)}.`);
  const what = other === undefined ? `wire ${name}` : `wire between ${name} and ${other}`;
  throw new UserError(`Lab ${lab} has no ${what}. Its wires: ${wires.length === 0 ? 'none' : list(wires)}.`);
}
