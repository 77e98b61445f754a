import { displayPort, monitorPort, serialPort } from '../../lab/networks/addressing.ts';
import type { Nic, Vm } from '../../lab/model.ts';
import { nicWire } from '../../lab/layout.ts';
import { badWireIcon, wireWords } from './fault-words.ts';
import { fileName, vlanWords } from './row-words.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import type { PulledNics } from '../store.ts';
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
      ...vm.nics.map(nic => nicNode(id, thing, nic, state, nicFaults(snapshot, vm.name, nic))),
      ...consoleNodes(id, thing, vm, state.kind === 'running'),
      ...vm.disks.map(disk => diskNode(id, thing, disk.file, disk.size)),
      ...(vm.cdrom === undefined ? [] : [diskNode(id, thing, vm.cdrom, 'CD')]),
    ],
  });
}

const nicFaults = (snapshot: LabSnapshot, vm: string, nic: Nic): string =>
  wireWords(snapshot, nicWire(vm, nic.number), nic.faults, [vm, nic.switch]);

/** `faults`: what is wrong with its wire, in words. */
function nicNode(parent: string, thing: ThingRef, nic: Nic, state: RunState, faults: string): TreeNode {
  const isRunning = state.kind === 'running';
  const pulled = isRunning ? pulledWords(state, nic.number) : undefined;
  return treeNode({
    id: `${parent}/nic/${nic.number}`,
    label: `NIC ${nic.number}`,
    description: joined(
      pulled?.[0],
      `${nic.switch}${nic.port === undefined ? '' : ` port ${nic.port}`}`,
      faults,
      vlanWords(nic),
      nic.mac,
    ),
    tooltip: lines(
      pulled?.[1],
      `Switch ${nic.switch}`,
      nic.mac && `MAC ${nic.mac}`,
      `Model ${nic.model}`,
      ...nic.addresses.map(address => `Address ${address}`),
    ),
    icon: pulled ? pulledIcon : faults !== '' && isRunning ? badWireIcon : { name: 'plug' },
    contextValue: pulled ? 'nic.pulled' : isRunning ? 'nic.plugged' : 'nic',
    nic: nic.number,
    thing,
    span: nic.span,
  });
}

/** For the row and for its tooltip; undefined: the NIC is plugged in. */
function pulledWords({ pulled = [], unplugged = [] }: PulledNics, nic: number): readonly [string, string] | undefined {
  const [atGuest, atSwitch] = [pulled.includes(nic), unplugged.includes(nic)];
  if (atGuest && atSwitch)
    return ['cable pulled at both ends', 'Its cable is pulled: the guest sees no carrier, and its port is free.'];
  if (atGuest) return ['cable pulled', 'Its cable is pulled: the guest sees no carrier.'];
  return atSwitch
    ? ['cable pulled at the switch', 'It is in no switch; the guest does not notice, but nothing gets through.']
    : undefined;
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
