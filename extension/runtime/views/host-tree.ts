import { labPlaces, type OfLab } from '../lab-identity.ts';
import type {
  HostSnapshot,
  LabSnapshot,
  RunningSwitch,
  RunningUplink,
  RunningVm,
  RunningWire,
  ThingRef,
} from '../state.ts';
import { folderOf } from '../paths.ts';
import { joined, lines, stateIcon, treeNode, type TreeNode } from './tree-node.ts';

const runs = { name: 'circle-filled', colour: 'testing.iconPassed' } as const;

/** Every VM, switch and wire that runs on this host, of a lab or not. Empty if nothing runs. `labOf`: whose it is, of ours. */
export function hostTree(host: HostSnapshot, labs: readonly LabSnapshot[], labOf: LabOf): readonly TreeNode[] {
  const places = labPlaces(labs);
  const own = (kind: ThingRef['kind'], one: OfLab & { readonly name: string | undefined }): Own => {
    const path = labOf(one)?.path;
    if (path === undefined) return { thing: undefined, words: foreignWords(one, labs) };
    const thing = one.name === undefined ? undefined : { lab: path, kind, name: one.name };
    return { thing, words: labWords(one.lab, places.get(path)) };
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
      host.vms.map(vm => vmNode(vm, own('vm', vm))),
    ),
    folder(
      'Switches',
      host.switches.map(one => switchNode(one, own('switch', one))),
    ),
    folder(
      'Wires',
      host.wires.map(wire => wireNode(wire, own('wire', wire))),
    ),
    folder(
      'Uplinks',
      (host.uplinks ?? []).map(uplink => uplinkNode(uplink, own('switch', uplink))),
    ),
  ].filter(one => one.children.length > 0);
}

// The start time belongs to the id: the same pid later is another process, and selection must not jump to it.
const idOf = (kind: string, one: { readonly pid: number; readonly startTicks: number }): string =>
  `${kind}/${one.pid}/${one.startTicks}`;

export type LabOf = (one: OfLab) => LabSnapshot | undefined;

/** What a row says of the lab, and the thing of it that the row stands for. */
interface Own {
  readonly thing: ThingRef | undefined;
  readonly words: string;
}

const labWords = (lab: string | undefined, place?: string): string =>
  lab === undefined ? 'no lab' : `lab ${lab}${place === undefined ? '' : ` in ${place}`}`;

/** Of no lab of ours; one that has the name of a lab of ours is told apart by its place. */
const foreignWords = ({ lab, scripts }: OfLab, labs: readonly LabSnapshot[]): string =>
  labWords(lab, labs.some(one => one.lab?.name === lab) ? scripts : undefined);

function vmNode(vm: RunningVm, { thing, words }: Own): TreeNode {
  const id = idOf('vm', vm);
  const isOurs = thing !== undefined;
  return treeNode({
    id,
    label: vm.name ?? `QEMU ${vm.pid}`,
    description: joined(vm.halted, words, vm.folder && `moved to ${folderOf(vm.folder)}`, `pid ${vm.pid}`, vm.memory),
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

function switchNode(one: RunningSwitch, { thing, words }: Own): TreeNode {
  return treeNode({
    id: idOf('switch', one),
    label: one.name,
    description: joined(words, `pid ${one.pid}`, `${one.ports} ports`, one.tap && `tap ${one.tap}`),
    tooltip: lines(`Sockets ${one.socket}`, one.management && `Management ${one.management}`, `User ${one.uid}`),
    icon: runs,
    contextValue: 'host.switch',
    thing,
    switchPid: one.pid,
    isExpandable: one.management !== undefined,
    socket: one.management,
  });
}

const uplinkNode = (uplink: RunningUplink, { thing, words }: Own): TreeNode =>
  treeNode({
    id: idOf('uplink', uplink),
    label: uplink.name,
    description: joined(words, `pid ${uplink.pid}`, uplink.network, ...(uplink.forwards ?? [])),
    tooltip: lines(
      uplink.program === 'slirpvde' ? 'slirpvde: its command line does not tell its switch' : 'DHCP and NAT by QEMU',
      uplink.bootFile && `PXE boots ${uplink.bootFile}`,
      `User ${uplink.uid}`,
      uplink.pidFile,
    ),
    icon: runs,
    contextValue: 'host.uplink',
    thing,
  });

const wireNode = (wire: RunningWire, { thing, words }: Own): TreeNode =>
  treeNode({
    id: idOf('wire', wire),
    label: wire.name,
    description: joined(words, `pid ${wire.pid}`),
    tooltip: wire.pidFile ?? '',
    icon: runs,
    contextValue: 'host.wire',
    thing,
  });
