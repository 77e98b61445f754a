import type { HostSnapshot, LabSnapshot, RunningSwitch, RunningVm, RunningWire, ThingRef } from './state.ts';
import { joined, lines, stateIcon, treeNode, type TreeNode } from './tree-node.ts';

const runs = { name: 'circle-filled', colour: 'testing.iconPassed' } as const;

/** Every VM, switch and wire that runs on this host, of a lab or not. Empty if nothing runs. */
export function hostTree(host: HostSnapshot, labs: readonly LabSnapshot[]): readonly TreeNode[] {
  const paths = new Map(labs.map(({ lab, path }) => [lab?.name, path]));
  const thing = (kind: ThingRef['kind'], name: string | undefined, lab: string | undefined): ThingRef | undefined => {
    const path = lab === undefined ? undefined : paths.get(lab);
    return path === undefined || name === undefined ? undefined : { lab: path, kind, name };
  };
  const folder = (label: string, children: readonly TreeNode[]): TreeNode =>
    treeNode({
      id: label,
      label,
      description: String(children.length),
      icon: { name: 'folder' },
      contextValue: 'folder',
      isOpen: true,
      children,
    });
  return [
    folder(
      'VMs',
      host.vms.map(vm => vmNode(vm, thing('vm', vm.name, vm.lab))),
    ),
    folder(
      'Switches',
      host.switches.map(one => switchNode(one, thing('switch', one.name, one.lab))),
    ),
    folder(
      'Wires',
      host.wires.map(wire => wireNode(wire, thing('wire', wire.name, wire.lab))),
    ),
  ].filter(one => one.children.length > 0);
}

// The start time belongs to the id: the same pid later is another process, and selection must not jump to it.
const idOf = (kind: string, one: { readonly pid: number; readonly startTicks: number }): string =>
  `${kind}/${one.pid}/${one.startTicks}`;

const labWords = (lab: string | undefined): string => (lab === undefined ? 'no lab' : `lab ${lab}`);

function vmNode(vm: RunningVm, thing: ThingRef | undefined): TreeNode {
  const id = idOf('vm', vm);
  const isOurs = thing !== undefined;
  return treeNode({
    id,
    label: vm.name ?? `QEMU ${vm.pid}`,
    description: joined(vm.halted, labWords(vm.lab), `pid ${vm.pid}`, vm.memory),
    tooltip: lines(vm.id === undefined ? undefined : `ID ${vm.id}`, `User ${vm.uid}`, vm.pidFile),
    icon: stateIcon({ kind: 'running', ...vm }),
    contextValue: isOurs ? 'host.vm.ours' : 'host.vm.foreign',
    thing,
    consolePort: vm.serialPort,
    children: [
      consoleNode(id, 'serial', vm.serialPort, 'terminal', thing),
      consoleNode(id, 'monitor', vm.monitorPort, 'dashboard', thing),
      consoleNode(id, 'display', vm.displayPort, 'device-desktop', thing),
    ].flat(),
  });
}

function consoleNode(
  parent: string,
  label: 'serial' | 'monitor' | 'display',
  port: number | undefined,
  icon: string,
  thing: ThingRef | undefined,
): readonly TreeNode[] {
  if (port === undefined) return [];
  return [
    treeNode({
      id: `${parent}/${label}`,
      label,
      description: `localhost:${port}`,
      icon: { name: icon },
      contextValue: `${label}.on`,
      thing,
      consolePort: port,
    }),
  ];
}

function switchNode(one: RunningSwitch, thing: ThingRef | undefined): TreeNode {
  return treeNode({
    id: idOf('switch', one),
    label: one.name,
    description: joined(labWords(one.lab), `pid ${one.pid}`, `${one.ports} ports`, one.tap && `tap ${one.tap}`),
    tooltip: lines(`Sockets ${one.socket}`, one.management && `Management ${one.management}`, `User ${one.uid}`),
    icon: runs,
    contextValue: 'host.switch',
    thing,
    switchPid: one.pid,
    isExpandable: one.management !== undefined,
    socket: one.management,
  });
}

const wireNode = (wire: RunningWire, thing: ThingRef | undefined): TreeNode =>
  treeNode({
    id: idOf('wire', wire),
    label: wire.name,
    description: joined(labWords(wire.lab), `pid ${wire.pid}`),
    tooltip: wire.pidFile ?? '',
    icon: runs,
    contextValue: 'host.wire',
    thing,
  });
