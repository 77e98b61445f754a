import { displayPort } from '../../lab/networks/addressing.ts';
import type { DisplayState } from './display-session.ts';
import { pidOf, type HostSnapshot, type LabSnapshot, type RunState, type ThingRef } from '../state.ts';
import type { ListedThing } from '../views/thing-list.ts';
import type { TreeNode } from '../views/tree-node.ts';

/** The display of one VM, named for good by lab file and VM; the port may change with the VM's ID. */
export interface DisplayTarget {
  /** Absolute path of the lab file; empty for a VM that no lab of the workspace knows. */
  readonly lab: string;
  readonly vm: string;
  /** TCP port on the loopback. */
  readonly port: number;
}

export const displayTitle = ({ vm }: DisplayTarget): string => `${vm} · display`;

/** The display of a VM of a lab: the one that it runs with, else the one that the lab file gives it. */
export function displayOfVm(
  thing: ThingRef,
  labs: readonly LabSnapshot[],
  host: HostSnapshot,
): DisplayTarget | undefined {
  const snapshot = labs.find(one => one.path === thing.lab);
  const lab = snapshot?.lab;
  const vm = lab?.vms.find(one => one.name === thing.name);
  if (!lab || !vm || thing.kind !== 'vm') return undefined;
  const pid = pidOf(snapshot.vms.get(vm.name));
  const running = host.vms.find(one => one.pid === pid);
  const planned = vm.vnc && vm.id !== undefined ? displayPort(vm.id) : undefined;
  const port = running?.displayPort ?? planned;
  return port === undefined ? undefined : { lab: thing.lab, vm: thing.name, port };
}

/** The display that a row of "This host" stands for, of a VM that no lab of the workspace knows. */
export function displayOfRow(node: TreeNode): DisplayTarget | undefined {
  const row = [node, ...node.children].find(one => one.label === 'display' && one.consolePort !== undefined);
  if (row?.consolePort === undefined) return undefined;
  return { lab: '', vm: row === node ? `port ${row.consolePort}` : node.label, port: row.consolePort };
}

/** Of these VMs the ones with a display. */
export const withDisplay = (
  vms: readonly ListedThing[],
  labs: readonly LabSnapshot[],
  host: HostSnapshot,
): readonly ListedThing[] => vms.filter(({ thing }) => displayOfVm(thing, labs, host) !== undefined);

/** Why there is nothing to see, in words; undefined if there is. `run`: what the VM does, if a lab knows it. */
export function displayNews(
  { vm, port }: DisplayTarget,
  state: DisplayState,
  run: RunState | undefined,
): string | undefined {
  if (state.kind === 'shown') return undefined;
  if (run?.kind === 'failed') return `${vm} has not started: ${run.reason}`;
  if (run?.kind === 'starting') return `${vm} is starting …`;
  if (state.kind !== 'waiting') return `Connecting to ${vm} …`;
  if (state.reason === 'refused') return refusedNews(vm, port, state.detail);
  if (state.detail !== undefined) return `${state.detail} (trying again …)`;
  if (run?.kind === 'running')
    return (
      `${vm} is running, but nobody answers on ${run.far ? `port ${port} of ${run.far.host}` : `localhost:${port}`}. ` +
      'Was it started without a display (VNC=no in its script)? Restart it.'
    );
  return run
    ? `${vm} is stopped. Its screen shows here when it runs.`
    : `Nobody answers on localhost:${port}. ${vm} may have ended.`;
}

function refusedNews(vm: string, port: number, detail: string | undefined): string {
  if (detail !== undefined)
    return `The display of ${vm} on localhost:${port} cannot be shown: ${detail}. Trying again …`;
  return (
    `${vm} has closed the connection. Another VNC client may have its display to itself; ` +
    'it shows here when that client leaves.'
  );
}
