import { displayPort, monitorPort, serialPort } from '../lab/networks/addressing.ts';
import { vmFiles } from '../lab/layout.ts';
import { hostsOf, thisHost } from '../lab/hosts/lab-part.ts';
import type { Lab, Vm } from '../lab/model.ts';
import { queryStatus } from '../qemu/qmp-queries.ts';
import { haltWords } from '../qemu/vm-status.ts';
import { lookFar } from '../runtime/hosts/far-look.ts';
import { folderOf } from '../runtime/paths.ts';
import { pidOf, type BootState, type LabSnapshot, type RunningVm, type RunState } from '../runtime/state.ts';
import { idOfVm } from '../runtime/vms/vm-places.ts';
import { bootWords } from '../runtime/views/boot-words.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { openLab, takeLabFile } from './lab-file.ts';
import { isHeldElsewhere, locksOf, lockWords, type LockStatus } from './status-lock.ts';
import { renderUplink, uplinkStatus, type UplinkStatus } from './uplink-status.ts';
import { printable, renderTable } from './text-table.ts';

export const statusCommand: Command = {
  name: 'status',
  operands: '[FILE]',
  summary: 'Show what of a lab runs',
  details: [
    'With --json: {lab, vms: [{name, id, state, folder, lock, ready, pid, host, ports: {serial,',
    'monitor, display}}], switches: [{name, state, pid, host, uplink}],',
    'wires: [{name, state, pid, host}], unknown: [{host, reason}]};',
    'null where there is nothing, and for this host.',
    'lock: {state, host, phase, since, run} as of kvmlab lock list; a VM that another host holds is',
    '"locked".',
    'folder: the run-time folder of a VM that was migrated to another one on this host.',
    'ready: {state, seconds, usual}, the state being booting, late (not in its time) or ready.',
    'An uplink: {pid, network, address, leases, forwards: [{protocol, host, guest}], pxe: {root, file}}.',
  ],
  options: [jsonOption],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    if (others[0] !== undefined) throw new UsageError(`${others[0]} is no lab file.`);
    const open = await openLab(file, ports);
    const { path, lab } = open;
    await ports.watcher.poll();
    const unknown = await lookElsewhere(path, lab, ports);
    await askVms(lab.name, ports);
    await Promise.all(lab.vms.map(({ name }) => ports.readiness.look({ lab: path, vm: name }, { isQuiet: true })));
    const snapshot = ports.store.lab(path);
    const status = statusOf(lab, snapshot, unknown, await locksOf(open, ports));
    if (options.has('json')) printJson(status, ports);
    else ports.out(renderStatus(status, snapshot));
    return exitCodes.done;
  },
};

/** By host: why nothing is known of it. */
async function lookElsewhere(
  path: string,
  lab: Lab,
  { remote, store }: CliPorts,
): Promise<ReadonlyMap<string, string>> {
  if (!lab.hosts) return new Map();
  return (await lookFar(remote, lab, (host, look) => store.setFar(path, host, look))).unknown;
}

/** Whether the guests of VMs that run do so too. A VM that gives no answer is shown as it looks from outside. */
async function askVms(lab: string, { store, qmp, labCheck, signal }: CliPorts): Promise<void> {
  const home = `${labCheck.runRoot}/${lab}`;
  const ask = async ({ name, pid, folder = home }: RunningVm): Promise<void> => {
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
  /** Where it runs, else where it belongs. Null: this host. */
  readonly host: string | null;
}

interface VmStatus extends ThingStatus {
  /** With which it runs, else that of the lab file. */
  readonly id: number | null;
  /** Its run-time folder, if it was migrated to another one on this host. */
  readonly folder: string | null;
  /** Null: the lab has no locks, or the VM no script yet. */
  readonly lock: LockStatus | null;
  /** Null where nothing says when the VM is ready. `seconds`: from its start, if that was seen. */
  readonly ready: {
    readonly state: BootState['kind'];
    readonly seconds: number | null;
    readonly usual: number | null;
  } | null;
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
  /** Hosts of which nothing is known, and why. */
  readonly unknown: readonly { readonly host: string; readonly reason: string }[];
}

function statusOf(
  lab: Lab,
  snapshot: LabSnapshot | undefined,
  unknown: ReadonlyMap<string, string>,
  locks: ReadonlyMap<string, LockStatus>,
): LabStatus {
  const thing = (name: string, state: RunState | undefined, belongs = thisHost): ThingStatus => {
    const known = stateOf(state ?? { kind: 'stopped' });
    const host = known.pid !== null ? known.host : belongs === thisHost ? null : belongs;
    return { name, ...known, host, ...(host !== null && unknown.has(host) ? { state: 'unknown' } : {}) };
  };
  return {
    lab: lab.name,
    vms: lab.vms.map(vm => ({
      ...withLock(thing(vm.name, snapshot?.vms.get(vm.name), vm.host), locks.get(vm.name) ?? null),
      id: idOfVm(vm, snapshot?.vms.get(vm.name)) ?? null,
      folder: movedFolder(snapshot?.vms.get(vm.name)),
      ready: readyOf(snapshot?.vms.get(vm.name)),
      ports: portsOf({ ...vm, id: idOfVm(vm, snapshot?.vms.get(vm.name)) }),
    })),
    switches: lab.switches.map(one => ({
      ...thing(one.name, snapshot?.switches.get(one.name), hostsOf(one)[0]),
      uplink: uplinkOf(one.name, snapshot),
    })),
    wires: lab.wires.map(wire => thing(wire.name, snapshot?.wires.get(wire.name), wire.host)),
    unknown: [...unknown].map(([host, reason]) => ({ host, reason })),
  };
}

const withLock = (vm: ThingStatus, lock: LockStatus | null): ThingStatus & Pick<VmStatus, 'lock'> => ({
  ...vm,
  ...(isHeldElsewhere(vm.state, lock) ? { state: 'locked' } : {}),
  lock,
});

function uplinkOf(name: string, snapshot: LabSnapshot | undefined): UplinkStatus | null {
  const it = snapshot?.lab?.switches.find(one => one.name === name);
  return it ? uplinkStatus(it, snapshot?.switches.get(name)) : null;
}

function stateOf(state: RunState): Omit<ThingStatus, 'name'> {
  const word = state.kind === 'running' ? (state.halted ?? state.kind) : state.kind;
  const far = state.kind === 'running' ? state.far : undefined;
  return { state: word, pid: far?.pid ?? pidOf(state) ?? null, host: far?.host ?? null };
}

function readyOf(state: RunState | undefined): VmStatus['ready'] {
  const boot = state?.kind === 'running' ? state.boot : undefined;
  if (!boot) return null;
  const seconds = boot.kind === 'ready' ? boot.seconds : undefined;
  const usual = boot.kind === 'late' ? undefined : boot.usualSeconds;
  return { state: boot.kind, seconds: seconds ?? null, usual: usual ?? null };
}

const movedFolder = (state: RunState | undefined): string | null =>
  (state?.kind === 'running' ? state.folder : undefined) ?? null;

function portsOf({ id, vnc }: Pick<Vm, 'id' | 'vnc'>): VmStatus['ports'] {
  if (id === undefined) return { serial: null, monitor: null, display: null };
  return { serial: serialPort(id), monitor: monitorPort(id), display: vnc ? displayPort(id) : null };
}

/** Where another host has it, that says all. */
const stateAndLock = ({ state, lock }: VmStatus): readonly (string | undefined)[] =>
  state === 'locked' ? [lockWords(state, lock)] : [state, lockWords(state, lock)];

function movedWords({ name, folder }: VmStatus, snapshot: LabSnapshot | undefined): string | undefined {
  if (folder !== null) return `moved to ${printable(folderOf(folder))}`;
  const state = snapshot?.vms.get(name);
  return state?.kind === 'stopped' && state.moved !== undefined ? `moved to ${printable(state.moved)}` : undefined;
}

function renderStatus(status: LabStatus, snapshot: LabSnapshot | undefined): string {
  const { lab, vms, switches, wires, unknown } = status;
  const cell = (value: number | null): number | undefined => value ?? undefined;
  const running = vms.filter(vm => vm.pid !== null).length;
  // Only labs with hosts have this column.
  const isSpread = [...vms, ...switches, ...wires].some(({ host }) => host !== null);
  const onHost = ({ host }: ThingStatus): readonly string[] => (isSpread ? [host ?? 'here'] : []);
  const title = isSpread ? ['HOST'] : [];
  const things = (kind: string, list: readonly ThingStatus[]): readonly string[] => {
    const rows = list.map(one => [one.name, one.state, ...onHost(one), cell(one.pid)]);
    return list.length === 0 ? [] : [renderTable([kind, 'STATE', ...title, 'PID'], rows)];
  };
  const vmRows = vms.map(vm => {
    const { name, id, pid, ports } = vm;
    const far = bootWords(snapshot?.vms.get(name) ?? { kind: 'stopped' });
    const words = [...stateAndLock(vm), far, movedWords(vm, snapshot)].filter(one => one !== undefined).join(', ');
    const numbers = [id, pid, ports.serial, ports.monitor, ports.display];
    return [name, words, ...onHost(vm), ...numbers.map(cell)];
  });
  const vmHeader = ['VM', 'STATE', ...title, 'ID', 'PID', 'SERIAL', 'MONITOR', 'DISPLAY'];
  return [
    `Lab ${lab}: ${running} of ${vms.length} VMs running\n`,
    ...unknown.map(({ reason }) => `${printable(reason)}\n`),
    ...(vms.length === 0 ? [] : [renderTable(vmHeader, vmRows)]),
    ...things('SWITCH', switches),
    ...switches.flatMap(({ name, uplink }) => (uplink ? [renderUplink(name, uplink)] : [])),
    ...things('WIRE', wires),
  ].join('\n');
}
