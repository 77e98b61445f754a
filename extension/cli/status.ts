import { displayPort, monitorPort, serialPort } from '../lab/networks/addressing.ts';
import { vmFiles } from '../lab/layout.ts';
import type { Vm } from '../lab/model.ts';
import { queryStatus } from '../qemu/qmp-queries.ts';
import { haltWords } from '../qemu/vm-status.ts';
import type { LabSnapshot, RunningVm, RunState } from '../runtime/state.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { openLab, takeLabFile } from './lab-file.ts';
import { renderUplink, uplinkStatus, type UplinkStatus } from './uplink-status.ts';
import { renderTable } from './text-table.ts';

export const statusCommand: Command = {
  name: 'status',
  operands: '[FILE]',
  summary: 'Show what of a lab runs',
  details: [
    'With --json: {lab, vms: [{name, id, state, pid, ports: {serial, monitor, display}}],',
    'switches: [{name, state, pid, uplink}], wires: [{name, state, pid}]}; null where there is nothing.',
    'An uplink: {pid, network, address, leases, forwards: [{protocol, host, guest}], pxe: {root, file}}.',
  ],
  options: [jsonOption],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    if (others[0] !== undefined) throw new UsageError(`${others[0]} is no lab file.`);
    const { path, lab } = await openLab(file, ports);
    await ports.watcher.poll();
    await askVms(lab.name, ports);
    const snapshot = ports.store.lab(path);
    const status = statusOf(lab.name, lab.vms, snapshot);
    if (options.has('json')) printJson(status, ports);
    else ports.out(renderStatus(status));
    return exitCodes.done;
  },
};

/** Whether the guests of VMs that run do so too. A VM that gives no answer is shown as it looks from outside. */
async function askVms(lab: string, { store, qmp, labCheck, signal }: CliPorts): Promise<void> {
  const folder = `${labCheck.runRoot}/${lab}`;
  const ask = async ({ name, pid }: RunningVm): Promise<void> => {
    const socket = `${folder}/${vmFiles(name ?? '').qmp}`;
    store.setHalted(pid, haltWords(await qmp.ask(socket, queryStatus, signal)));
  };
  await Promise.allSettled(store.host.vms.filter(vm => vm.lab === lab).map(ask));
}

interface ThingStatus {
  readonly name: string;
  /** A word of RunState, or why the guest of a VM that runs does not run: `paused`. */
  readonly state: string;
  readonly pid: number | null;
}

interface VmStatus extends ThingStatus {
  readonly id: number | null;
  readonly ports: { readonly serial: number | null; readonly monitor: number | null; readonly display: number | null };
}

interface SwitchStatus extends ThingStatus {
  readonly uplink: UplinkStatus | null;
}

interface LabStatus {
  readonly lab: string;
  readonly vms: readonly VmStatus[];
  readonly switches: readonly SwitchStatus[];
  readonly wires: readonly ThingStatus[];
}

function statusOf(lab: string, vms: readonly Vm[], snapshot: LabSnapshot | undefined): LabStatus {
  const all = (states: ReadonlyMap<string, RunState> | undefined): readonly ThingStatus[] =>
    [...(states ?? [])].map(([name, state]) => ({ name, ...stateOf(state) }));
  return {
    lab,
    vms: vms.map(vm => ({
      name: vm.name,
      id: vm.id ?? null,
      ...stateOf(snapshot?.vms.get(vm.name) ?? { kind: 'stopped' }),
      ports: portsOf(vm),
    })),
    switches: all(snapshot?.switches).map(one => ({ ...one, uplink: uplinkOf(one.name, snapshot) })),
    wires: all(snapshot?.wires),
  };
}

function uplinkOf(name: string, snapshot: LabSnapshot | undefined): UplinkStatus | null {
  const it = snapshot?.lab?.switches.find(one => one.name === name);
  return it ? uplinkStatus(it, snapshot?.switches.get(name)) : null;
}

function stateOf(state: RunState): Omit<ThingStatus, 'name'> {
  const word = state.kind === 'running' ? (state.halted ?? state.kind) : state.kind;
  return { state: word, pid: 'pid' in state ? (state.pid ?? null) : null };
}

function portsOf({ id, vnc }: Vm): VmStatus['ports'] {
  if (id === undefined) return { serial: null, monitor: null, display: null };
  return { serial: serialPort(id), monitor: monitorPort(id), display: vnc ? displayPort(id) : null };
}

function renderStatus({ lab, vms, switches, wires }: LabStatus): string {
  const cell = (value: number | null): number | undefined => value ?? undefined;
  const running = vms.filter(vm => vm.pid !== null).length;
  const things = (title: string, list: readonly ThingStatus[]): readonly string[] =>
    list.length === 0
      ? []
      : [
          renderTable(
            [title, 'STATE', 'PID'],
            list.map(one => [one.name, one.state, cell(one.pid)]),
          ),
        ];
  const vmRows = vms.map(({ name, state, id, pid, ports: { serial, monitor, display } }) => {
    return [name, state, cell(id), cell(pid), cell(serial), cell(monitor), cell(display)];
  });
  const vmHeader = ['VM', 'STATE', 'ID', 'PID', 'SERIAL', 'MONITOR', 'DISPLAY'];
  return [
    `Lab ${lab}: ${running} of ${vms.length} VMs running\n`,
    ...(vms.length === 0 ? [] : [renderTable(vmHeader, vmRows)]),
    ...things('SWITCH', switches),
    ...switches.flatMap(({ name, uplink }) => (uplink ? [renderUplink(name, uplink)] : [])),
    ...things('WIRE', wires),
  ].join('\n');
}
