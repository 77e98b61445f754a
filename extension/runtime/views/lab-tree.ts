import { hostOf, hostWords } from '../../lab/hosts/lab-part.ts';
import type { Group, Lab, Wire } from '../../lab/model.ts';
import { badWireIcon, wireWords } from './fault-words.ts';
import { fileName, pidWords, vlanWords, wireLabel } from './row-words.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import { switchNode, usedPorts } from './switch-rows.ts';
import { isActive } from './thing-list.ts';
import {
  count,
  joined,
  lines,
  menuState,
  stateIcon,
  stateReason,
  stateWords,
  treeNode,
  type ActiveShare,
  type TreeNode,
} from './tree-node.ts';
import { vmNode } from './vm-rows.ts';

/**
 * The rows of one lab: lab → VMs, switches, wires, groups; VM → NICs, consoles, disks; switch → ports.
 * `place` tells it from another lab of the same name.
 */
export function labTree(snapshot: LabSnapshot, place?: string): TreeNode {
  const { lab, path } = snapshot;
  const errors = snapshot.reading.problems.filter(problem => problem.severity === 'error').length;
  const name = lab?.name ?? fileName(path);
  const thing: ThingRef = { lab: path, kind: 'lab', name };
  const share = shareOf([...snapshot.vms.values()]);
  return treeNode({
    id: path,
    label: name,
    description: joined(place, lab && runningWords(snapshot.vms), errors > 0 ? count(errors, 'problem') : undefined),
    tooltip: lines(lab?.description, path, errors > 0 ? 'Nothing starts until the problems are solved.' : undefined),
    icon: { name: 'beaker' },
    contextValue: errors > 0 || !lab ? 'lab.broken' : `lab.${share}`,
    isOpen: true,
    thing,
    children: lab ? parts(snapshot, lab) : [],
  });
}

export const runningVmCount = (snapshots: readonly LabSnapshot[]): number =>
  snapshots.reduce((sum, { vms }) => sum + runningIn([...vms.values()]), 0);

function parts(snapshot: LabSnapshot, lab: Lab): readonly TreeNode[] {
  const { path } = snapshot;
  const ports = usedPorts(snapshot, lab);
  const folders: Readonly<Record<string, readonly TreeNode[]>> = {
    VMs: lab.vms.map(vm => vmNode(snapshot, vm, path)),
    Switches: lab.switches.map(one => switchNode(snapshot, one, ports.get(one.name) ?? [])),
    Wires: lab.wires.map(wire => wireNode(snapshot, wire)),
    Groups: lab.groups.map(group => groupNode(snapshot, lab, group)),
  };
  return Object.entries(folders)
    .filter(([, children]) => children.length > 0)
    .map(([label, children]) =>
      treeNode({
        id: `${path}#${label}`,
        label,
        description: String(children.length),
        icon: { name: 'folder' },
        contextValue: 'folder',
        isOpen: label === 'VMs' || label === 'Switches',
        children,
      }),
    );
}

function wireNode(snapshot: LabSnapshot, wire: Wire): TreeNode {
  const state = snapshot.wires.get(wire.name) ?? { kind: 'stopped' };
  const [from, to] = wire.ends;
  const end = ({ switch: name, port }: Wire['ends'][0]): string =>
    `${name}${port === undefined ? '' : ` port ${port}`}`;
  const faults = wireWords(snapshot, wire.name, wire.faults, [from.switch, to.switch]);
  return treeNode({
    id: `${snapshot.path}#wire/${wire.name}`,
    label: wireLabel(wire),
    description: joined(stateWords(state, wire.name), hostWords([hostOf(wire)]), faults, vlanWords(wire)),
    tooltip: lines(stateReason(state), `${end(from)} – ${end(to)}`, pidWords(state)),
    icon: faults !== '' && state.kind === 'running' ? badWireIcon : stateIcon(state),
    contextValue: `wire.${menuState(state)}`,
    thing: { lab: snapshot.path, kind: 'wire', name: wire.name },
    span: wire.span,
  });
}

function groupNode(snapshot: LabSnapshot, lab: Lab, group: Group): TreeNode {
  const id = `${snapshot.path}#group/${group.name}`;
  const members = lab.vms.filter(vm => group.vms.includes(vm.name));
  const states = new Map(members.map(vm => [vm.name, snapshot.vms.get(vm.name) ?? { kind: 'stopped' as const }]));
  return treeNode({
    id,
    label: group.name,
    description: runningWords(states),
    icon: { name: 'group-by-ref-type' },
    contextValue: `group.${shareOf([...states.values()])}`,
    thing: { lab: snapshot.path, kind: 'group', name: group.name },
    span: group.nameSpan,
    // A group's VMs have their own rows here: an id may occur only once in a tree.
    children: members.map(vm => ({ ...vmNode(snapshot, vm, id), children: [] })),
  });
}

const runningIn = (states: readonly RunState[]): number => states.filter(state => state.kind === 'running').length;

const runningWords = (states: ReadonlyMap<string, RunState>): string =>
  `${runningIn([...states.values()])} of ${states.size} running`;

function shareOf(states: readonly RunState[]): ActiveShare {
  const active = states.filter(isActive).length;
  if (active === 0) return 'idle';
  return active === states.length ? 'running' : 'partly';
}
