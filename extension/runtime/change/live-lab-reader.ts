import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { nicOfWire, switchScript, vmFiles, vmScript, wireScript } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { queryMac, queryNics } from '../../qemu/live-nics.ts';
import { readPlugAddress } from '../../vde/plug-address.ts';
import { readOutsideProcess } from '../../vde/outside-wire.ts';
import { readWireProcess } from '../../vde/process.ts';
import type { Files, QmpDialer } from '../host.ts';
import type { LiveLab, LiveSwitch, LiveVm, LiveWire } from './live-lab.ts';
import type { SwitchPicture } from '../switches/port-picture.ts';
import type { HostSnapshot, RunningSwitch, RunningVm, RunningWire } from '../state.ts';
import { SwitchReader, type SwitchReaderParts } from '../switches/switch-reader.ts';
import { vmLine } from './vm-nics.ts';

export interface LiveLabParts extends SwitchReaderParts {
  readonly files: Files;
  readonly qmp: QmpDialer;
}

export interface LiveLabPlaces {
  /** The lab's run-time folder. */
  readonly run: string;
  /** Where its scripts lie. */
  readonly scripts: string;
}

/** Asks everything that runs of a lab. What does not answer is left open; it holds up nothing else. */
export async function readLiveLab(
  lab: Lab,
  running: HostSnapshot,
  { run, scripts }: LiveLabPlaces,
  parts: LiveLabParts,
  signal?: CancelSignal,
): Promise<LiveLab> {
  const [vms, switches, written] = await Promise.all([
    Promise.all(running.vms.map(vm => readVm(vm, run, parts, signal))),
    Promise.all(running.switches.map(one => readSwitch(one, lab, parts, signal))),
    writtenScripts(lab, scripts, parts.files),
  ]);
  const all = running.wires.map(one => readWire(one, parts));
  const wires = all.filter(({ name }) => nicOfWire(name) === undefined);
  return { run, vms, switches, wires, nicWires: all.filter(one => !wires.includes(one)), scripts: written };
}

async function readVm(vm: RunningVm, run: string, parts: LiveLabParts, signal?: CancelSignal): Promise<LiveVm> {
  const name = vm.name ?? '';
  const args = parts.processes.find([vm.pid])[0]?.args ?? [];
  const line = vmLine(parts.qmp, name, `${run}/${vmFiles(name).qmp}`);
  try {
    const nics = await line.ask(queryNics, signal);
    const macs = new Map<number, string>();
    for (const { number } of nics.filter(nic => nic.model !== undefined)) {
      const mac = await line.ask(queryMac(number), signal);
      if (mac !== undefined) macs.set(number, mac);
    }
    return { name, pid: vm.pid, args, nics, macs };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, pid: vm.pid, args, nics: undefined, macs: new Map() };
  }
}

async function readSwitch(
  of: RunningSwitch,
  lab: Lab,
  parts: LiveLabParts,
  signal: CancelSignal | undefined,
): Promise<LiveSwitch> {
  const { name, socket, tap } = of;
  try {
    const reader = new SwitchReader(of, parts);
    await reader.read('all', signal);
    const picture = reader.picture(lab);
    return { name, socket, tap, picture, uplink: uplinkOf(picture, parts) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, socket, tap, picture: undefined, uplink: undefined };
  }
}

function uplinkOf(picture: SwitchPicture | undefined, { processes }: LiveLabParts): readonly string[] | undefined {
  const pids = picture?.ports.flatMap(port =>
    port.owners.flatMap(owner => (owner.kind === 'uplink' ? [owner.pid] : [])),
  );
  return processes.find(pids ?? [])[0]?.args;
}

function readWire({ name, pid, management }: RunningWire, { processes }: LiveLabParts): LiveWire {
  const args = processes.find([pid])[0]?.args ?? [];
  const outside = readOutsideProcess(args);
  const ends = outside ? [outside.plug] : (readWireProcess(args)?.ends ?? []);
  const out = outside ? { outside: outside.to } : {};
  return { name, ends: ends.flatMap(end => readPlugAddress(end) ?? []), isFiltered: management !== undefined, ...out };
}

async function writtenScripts(lab: Lab, folder: string, files: Files): Promise<ReadonlySet<string>> {
  const names = [
    ...lab.vms.map(vm => vmScript(vm.name)),
    ...lab.switches.map(one => switchScript(one.name)),
    ...lab.wires.map(one => wireScript(one.name)),
  ];
  const isThere = await Promise.all(names.map(name => files.exists(`${folder}/${name}`)));
  return new Set(names.filter((_, at) => isThere[at]));
}
