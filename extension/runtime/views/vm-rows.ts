import { displayPort, monitorPort, serialPort } from '../../lab/networks/addressing.ts';
import type { Nic, Vm } from '../../lab/model.ts';
import { fileName, vlanWords } from './row-words.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import { count, joined, lines, stateIcon, stateWords, treeNode, vmContext, type TreeNode } from './tree-node.ts';

/** A VM with its NICs, consoles and disks. `parent`: the id of the row above. */
export function vmNode(snapshot: LabSnapshot, vm: Vm, parent: string): TreeNode {
  const state = snapshot.vms.get(vm.name) ?? { kind: 'stopped' };
  const thing: ThingRef = { lab: snapshot.path, kind: 'vm', name: vm.name };
  const id = `${parent}#vm/${vm.name}`;
  return treeNode({
    id,
    label: vm.name,
    description: joined(stateWords(state, vm.name), vm.id === undefined ? 'no ID' : `ID ${vm.id}`, vm.memory),
    tooltip: lines(
      vm.description,
      state.kind === 'failed' ? state.reason : undefined,
      state.kind === 'running' ? `pid ${state.pid}` : undefined,
      joined(count(vm.cpus, 'CPU'), `${vm.memory} memory`, vm.isTinyGuest ? 'tiny guest' : undefined),
    ),
    icon: stateIcon(state),
    contextValue: vmContext(state),
    thing,
    span: vm.nameSpan,
    children: [
      ...vm.nics.map(nic => nicNode(id, thing, nic, state)),
      ...consoleNodes(id, thing, vm, state.kind === 'running'),
      ...vm.disks.map(disk => diskNode(id, thing, disk.file, disk.size)),
      ...(vm.cdrom === undefined ? [] : [diskNode(id, thing, vm.cdrom, 'CD')]),
    ],
  });
}

function nicNode(parent: string, thing: ThingRef, nic: Nic, state: RunState): TreeNode {
  const isRunning = state.kind === 'running';
  const isPulled = isRunning && state.pulled?.includes(nic.number) === true;
  return treeNode({
    id: `${parent}/nic/${nic.number}`,
    label: `NIC ${nic.number}`,
    description: joined(
      isPulled ? 'cable pulled' : undefined,
      `${nic.switch}${nic.port === undefined ? '' : ` port ${nic.port}`}`,
      vlanWords(nic),
      nic.mac,
    ),
    tooltip: lines(
      isPulled ? 'Its cable is pulled: the guest sees no carrier.' : undefined,
      `Switch ${nic.switch}`,
      nic.mac && `MAC ${nic.mac}`,
      `Model ${nic.model}`,
      ...nic.addresses.map(address => `Address ${address}`),
    ),
    icon: isPulled ? pulledIcon : { name: 'plug' },
    contextValue: isPulled ? 'nic.pulled' : isRunning ? 'nic.plugged' : 'nic',
    nic: nic.number,
    thing,
    span: nic.span,
  });
}

const pulledIcon = { name: 'debug-disconnect', colour: 'list.warningForeground' };

function consoleNodes(parent: string, thing: ThingRef, vm: Vm, isRunning: boolean): readonly TreeNode[] {
  if (vm.id === undefined) return [];
  const when = isRunning ? 'on' : 'off';
  const node = (label: 'serial' | 'monitor' | 'display', port: number, icon: string, tooltip: string): TreeNode =>
    treeNode({
      id: `${parent}/${label}`,
      label,
      description: `localhost:${port}`,
      tooltip,
      icon: { name: icon },
      contextValue: `${label}.${when}`,
      thing,
      consolePort: port,
    });
  return [
    node('serial', serialPort(vm.id), 'terminal', 'Serial console, by telnet'),
    node('monitor', monitorPort(vm.id), 'dashboard', 'QEMU monitor, by telnet'),
    ...(vm.vnc ? [node('display', displayPort(vm.id), 'device-desktop', 'Display, by VNC')] : []),
  ];
}

const diskNode = (parent: string, thing: ThingRef, file: string, note: string | undefined): TreeNode =>
  treeNode({
    id: `${parent}/disk/${file}`,
    label: fileName(file),
    description: note ?? '',
    tooltip: file,
    icon: { name: note === 'CD' ? 'record' : 'database' },
    contextValue: 'disk',
    thing,
  });
