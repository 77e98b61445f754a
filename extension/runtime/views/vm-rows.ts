import { displayPort, monitorPort, serialPort } from '../../lab/networks/addressing.ts';
import type { Nic, Vm } from '../../lab/model.ts';
import { nicWire } from '../../lab/layout.ts';
import { bootDetail, bootWords } from './boot-words.ts';
import { badWireIcon, wireWords } from './fault-words.ts';
import { fileName, pidWords, vlanWords, vmPlaceWords } from './row-words.ts';
import { stickNodes } from './stick-rows.ts';
import type { LabSnapshot, RunState, ThingRef } from '../state.ts';
import { idOfVm } from '../vms/vm-places.ts';
import type { PulledNics } from '../store.ts';
import {
  count,
  joined,
  lines,
  stateIcon,
  stateReason,
  stateWords,
  treeNode,
  vmContext,
  type TreeNode,
} from './tree-node.ts';

/** A VM with its NICs, consoles and disks. `parent`: the id of the row above. */
export function vmNode(snapshot: LabSnapshot, vm: Vm, parent: string): TreeNode {
  const state = snapshot.vms.get(vm.name) ?? { kind: 'stopped' };
  const thing: ThingRef = { lab: snapshot.path, kind: 'vm', name: vm.name };
  const id = `${parent}#vm/${vm.name}`;
  const number = idOfVm(vm, state);
  return treeNode({
    id,
    label: vm.name,
    description: joined(
      stateWords(state, vm.name),
      bootWords(state),
      vmPlaceWords(vm, state),
      number === undefined ? 'no ID' : `ID ${number}`,
      vm.memory,
    ),
    tooltip: lines(
      vm.description,
      stateReason(state),
      pidWords(state),
      movedDetail(vm, state),
      bootDetail(state),
      joined(count(vm.cpus, 'CPU'), `${vm.memory} memory`, vm.isTinyGuest ? 'tiny guest' : undefined),
    ),
    icon: stateIcon(state),
    contextValue: vmContext(state),
    thing,
    span: vm.nameSpan,
    children: [
      ...vm.nics.map(nic => nicNode(id, thing, nic, state, nicFaults(snapshot, vm.name, nic))),
      ...consoleNodes(id, thing, { ...vm, id: number }, state),
      ...vm.disks.map(disk => diskNode(id, thing, disk.file, disk.size)),
      ...(vm.cdrom === undefined ? [] : [diskNode(id, thing, vm.cdrom, 'CD')]),
      ...stickNodes(id, thing, vm, state),
    ],
  });
}

/** What a VM that was migrated means for what is ordered from here. */
function movedDetail({ id }: Vm, state: RunState): string | undefined {
  if (state.kind === 'stopped' && state.moved !== undefined)
    return `It was migrated to ${state.moved}; whether it runs there: kvmlab status`;
  if (state.kind !== 'running' || state.folder === undefined) return undefined;
  const as = state.id === undefined ? '' : ` with the ID ${state.id} (${id} in the lab file)`;
  return `It was migrated to ${state.folder}${as}`;
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

function consoleNodes(
  parent: string,
  thing: ThingRef,
  vm: Pick<Vm, 'id' | 'vnc' | 'host'>,
  state: RunState,
): readonly TreeNode[] {
  if (vm.id === undefined) return [];
  const when = state.kind === 'running' ? 'on' : 'off';
  const host = state.kind === 'running' ? state.far?.host : vm.host;
  const node = (label: 'serial' | 'monitor' | 'display', port: number, icon: string, tooltip: string): TreeNode =>
    treeNode({
      id: `${parent}/${label}`,
      label,
      description: host === undefined ? `localhost:${port}` : `port ${port} of ${host}`,
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
