import { monitorPort, serialPort } from '../../lab/networks/addressing.ts';
import { vmFiles } from '../../lab/layout.ts';
import type { ConsoleKind, ConsoleTarget } from './console-target.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import type { TreeNode } from '../views/tree-node.ts';

/** The console of a VM of a lab. Undefined if it has none: the VM is unknown or has no ID. */
export function consoleOfVm(
  thing: ThingRef,
  kind: ConsoleKind,
  labs: readonly LabSnapshot[],
  runDir: (lab: string) => string,
): ConsoleTarget | undefined {
  const lab = labs.find(one => one.path === thing.lab)?.lab;
  const id = lab?.vms.find(vm => vm.name === thing.name)?.id;
  if (!lab || id === undefined || thing.kind !== 'vm') return undefined;
  const target = { lab: thing.lab, vm: thing.name, kind };
  return kind === 'serial'
    ? { ...target, port: serialPort(id), logPath: `${runDir(lab.name)}/${vmFiles(thing.name).consoleLog}` }
    : { ...target, port: monitorPort(id) };
}

/** The console that a row of "This host" stands for, of a VM that no lab of the workspace knows. */
export function consoleOfRow(node: TreeNode, kind: ConsoleKind): ConsoleTarget | undefined {
  const row = [node, ...node.children].find(one => one.label === kind && one.consolePort !== undefined);
  if (row?.consolePort === undefined) return undefined;
  return { lab: '', vm: row === node ? `port ${row.consolePort}` : node.label, kind, port: row.consolePort };
}
