import { monitorPort, serialPort } from '../../lab/networks/addressing.ts';
import { vmFiles } from '../../lab/layout.ts';
import { farHostOf } from '../hosts/thing-places.ts';
import type { ConsoleKind, ConsoleTarget } from './console-target.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import { folderOfVm, idOfVm } from '../vms/vm-places.ts';
import type { TreeNode } from '../views/tree-node.ts';

/** The console of a VM of a lab. Undefined if it has none: the VM is unknown or has no ID. */
export function consoleOfVm(
  thing: ThingRef,
  kind: ConsoleKind,
  labs: readonly LabSnapshot[],
  runDir: (lab: string) => string,
): ConsoleTarget | undefined {
  const snapshot = labs.find(one => one.path === thing.lab);
  const lab = snapshot?.lab;
  const vm = lab?.vms.find(one => one.name === thing.name);
  const state = snapshot?.vms.get(thing.name);
  const id = vm && idOfVm(vm, state);
  if (!lab || id === undefined || thing.kind !== 'vm') return undefined;
  const host = farHostOf(snapshot, thing.name);
  const target = { lab: thing.lab, vm: thing.name, kind, ...(host && { host }) };
  if (kind === 'monitor') return { ...target, port: monitorPort(id) };
  // The log of another host's console lies there.
  const folder = host ? undefined : folderOfVm(state, runDir(lab.name));
  const log = folder === undefined ? {} : { logPath: `${folder}/${vmFiles(thing.name).consoleLog}` };
  return { ...target, port: serialPort(id), ...log };
}

/** The console that a row of "This host" stands for, of a VM that no lab of the workspace knows. */
export function consoleOfRow(node: TreeNode, kind: ConsoleKind): ConsoleTarget | undefined {
  const row = [node, ...node.children].find(one => one.label === kind && one.consolePort !== undefined);
  if (row?.consolePort === undefined) return undefined;
  return { lab: '', vm: row === node ? `port ${row.consolePort}` : node.label, kind, port: row.consolePort };
}
