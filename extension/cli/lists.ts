import { UserError } from '../base/user-error.ts';
import type { RunningSwitch, RunningVm } from '../runtime/state.ts';
import { lookAtSwitch, type SwitchLook } from '../runtime/switches/switch-look.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { renderTable } from './text-table.ts';

export const kvmlistCommand: Command = {
  name: 'kvmlist',
  operands: '',
  summary: 'List every QEMU VM of this host, of a lab or not',
  details: ['With --json: [{name, id, pid, memory, lab, serial, monitor, display}]; null where there is nothing.'],
  options: [jsonOption],
  maxOperands: 0,
  async run({ options }, ports) {
    await ports.watcher.poll();
    const { vms } = ports.store.host;
    if (options.has('json')) printJson(vms.map(vmEntry), ports);
    else ports.out(vms.length === 0 ? 'No QEMU VM runs on this host.\n' : renderVms(vms));
    return exitCodes.done;
  },
};

export const vdelistCommand: Command = {
  name: 'vdelist',
  operands: '',
  summary: 'List every VDE switch of this host, of a lab or not',
  details: [
    'With --json: [{name, lab, pid, uid, socket, management, ports, portsInUse, tap, hub, stp, vlans,',
    'uplink: {pid, network, forwards}}]; uplink is null if it has none that a lab started;',
    'portsInUse, hub, stp and vlans are null if the switch cannot be asked: it has no management socket,',
    'or one that you have no rights to.',
  ],
  options: [jsonOption],
  maxOperands: 0,
  async run({ options }, ports) {
    await ports.watcher.poll();
    const switches = await Promise.all(ports.store.host.switches.map(one => switchEntry(one, ports)));
    if (options.has('json')) printJson(switches, ports);
    else ports.out(switches.length === 0 ? 'No VDE switch runs on this host.\n' : renderSwitches(switches));
    return exitCodes.done;
  },
};

const vmEntry = ({ name, id, pid, memory, lab, serialPort, monitorPort, displayPort }: RunningVm) => ({
  name: name ?? null,
  id: id ?? null,
  pid,
  memory: memory ?? null,
  lab: lab ?? null,
  serial: serialPort ?? null,
  monitor: monitorPort ?? null,
  display: displayPort ?? null,
});

function renderVms(vms: readonly RunningVm[]): string {
  return renderTable(
    ['NAME', 'ID', 'PID', 'MEMORY', 'LAB', 'SERIAL', 'MONITOR', 'DISPLAY'],
    vms.map(vm => [vm.name, vm.id, vm.pid, vm.memory, vm.lab, vm.serialPort, vm.monitorPort, vm.displayPort]),
  );
}

interface SwitchEntry {
  readonly name: string;
  readonly lab: string | null;
  readonly pid: number;
  readonly socket: string;
  readonly management: string | null;
  readonly ports: number;
  readonly portsInUse: number | null;
  readonly uid: number;
  readonly tap: string | null;
  readonly hub: boolean | null;
  readonly stp: boolean | null;
  readonly vlans: readonly number[] | null;
  readonly uplink: {
    readonly pid: number;
    readonly network: string | null;
    readonly forwards: readonly string[];
  } | null;
}

async function switchEntry(one: RunningSwitch, ports: CliPorts): Promise<SwitchEntry> {
  const { name, lab, pid, uid, socket, management, tap } = one;
  const look = management === undefined ? undefined : await lookOrNothing(management, ports);
  return {
    ...{ name, lab: lab ?? null, pid, uid, socket, management: management ?? null, ports: one.ports },
    portsInUse: look?.ports.filter(port => port.isActive).length ?? null,
    tap: tap ?? null,
    hub: look?.facts.isHub ?? null,
    stp: look?.stp.isOn ?? null,
    vlans: look?.vlans.map(({ vlan }) => vlan).filter(vlan => vlan !== 0) ?? null,
    uplink: uplinkEntry(one, ports),
  };
}

function uplinkEntry({ uplink }: RunningSwitch, { store }: CliPorts): SwitchEntry['uplink'] {
  const found = store.host.uplinks?.find(({ pid }) => pid === uplink);
  return found ? { pid: found.pid, network: found.network ?? null, forwards: found.forwards ?? [] } : null;
}

/** One that answers nothing must not spoil the list of the others. */
async function lookOrNothing(management: string, ports: CliPorts): Promise<SwitchLook | undefined> {
  try {
    return await lookAtSwitch(ports.management, management, ports.clock, ports.signal);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function renderSwitches(switches: readonly SwitchEntry[]): string {
  const rows = switches.map(({ name, lab, pid, portsInUse, ports, socket, management }) => {
    return [name, lab ?? undefined, pid, `${portsInUse ?? '?'} of ${ports}`, socket, management ?? undefined];
  });
  return renderTable(['NAME', 'LAB', 'PID', 'PORTS IN USE', 'SOCKET', 'MANAGEMENT'], rows);
}
