import { UserError } from '../../base/user-error.ts';
import { vmFiles } from '../../lab/layout.ts';
import { isSameSocket, readPlugAddress } from '../../vde/plug-address.ts';
import { readWireProcess } from '../../vde/process.ts';
import { readQemuNics } from '../../qemu/nics.ts';
import type { ProcessTable } from '../host.ts';
import type { NicCaptureTarget } from './nic-capture.ts';
import { folderOf } from '../paths.ts';
import type { HostSnapshot, RunningSwitch, RunningVm, RunningWire } from '../state.ts';
import type { SwitchCaptureTarget } from './switch-capture.ts';
import { managementOf } from '../switches/switch-reader.ts';

/** What is captured, by names that mean the same in every process. */
export interface CaptureSubject {
  readonly kind: 'nic' | 'port' | 'switch' | 'wire';
  /** Undefined: no lab started it. */
  readonly lab: string | undefined;
  /** Of the VM, switch or wire. */
  readonly name: string;
  /** Of the NIC or port; 0 for a whole switch and for a wire. */
  readonly number: number;
}

/** How its frames are to be had. */
export type CaptureTarget =
  | { readonly kind: 'nic'; readonly subject: CaptureSubject; readonly nic: NicCaptureTarget }
  | { readonly kind: 'switch'; readonly subject: CaptureSubject; readonly of: SwitchCaptureTarget };

/** `NIC 1 of web`, `port 3 of switch lan`, `switch lan`, `wire lan-dmz`. */
export function subjectWords({ kind, name, number }: CaptureSubject): string {
  if (kind === 'nic') return `NIC ${number} of ${name}`;
  if (kind === 'port') return `port ${number} of switch ${name}`;
  return `${kind} ${name}`;
}

/** As `kvmlab capture` takes it: `vm:dmz/web:1`, `switch:lan:3`, `wire:lan-dmz`. */
export function subjectOperand({ kind, lab, name, number }: CaptureSubject): string {
  const word = kind === 'nic' ? 'vm' : kind === 'port' ? 'switch' : kind;
  return `${word}:${lab === undefined ? '' : `${lab}/`}${name}${number === 0 ? '' : `:${number}`}`;
}

export const isSameSubject = (a: CaptureSubject, b: CaptureSubject): boolean =>
  a.kind === b.kind && a.lab === b.lab && a.name === b.name && a.number === b.number;

/** A name without blanks or slashes, for a file: `web-nic1`, `lan-port3`, `lan`, `lan-dmz`. */
export const subjectFile = ({ kind, name, number }: CaptureSubject): string =>
  `${name}${kind === 'nic' ? `-nic${number}` : kind === 'port' ? `-port${number}` : ''}`.replaceAll(/[^\w.-]/g, '_');

const kinds = ['vm', 'switch', 'wire'] as const;

/** What is named by `web:1`, `lan`, `lan:3`, `dmz/lan` or `wire:lan-dmz`. `name` may be LAB/NAME. */
export function readOperand(text: string): {
  readonly kind: (typeof kinds)[number] | undefined;
  readonly name: string;
  readonly number: number | undefined;
} {
  const [, word, name = '', number] = /^(?:(vm|switch|wire):)?(.+?)(?::(\d+))?$/.exec(text) ?? [];
  return {
    kind: kinds.find(one => one === word),
    name,
    number: number === undefined ? undefined : Number(number),
  };
}

/** Whether anything of this name runs here that a lab has started. */
export function isSeen(text: string, lab: string | undefined, { vms, switches, wires }: HostSnapshot): boolean {
  const { kind, name } = readOperand(text);
  const lists = { vm: vms, switch: switches, wire: wires };
  const isIt = isNamed(name, lab);
  const some = (one: (typeof kinds)[number]): boolean => lists[one].some(it => it.lab !== undefined && isIt(it));
  return kinds.some(one => (kind === undefined || kind === one) && some(one));
}

const isNamed =
  (name: string, lab: string | undefined) =>
  (one: { readonly name: string | undefined; readonly lab: string | undefined }): boolean =>
    (lab === undefined || one.lab === lab) && (one.name === name || `${one.lab ?? ''}/${one.name ?? ''}` === name);

/**
 * Finds what `web:1`, `lan`, `lan:3`, `dmz/lan` or `wire:lan-dmz` means among what runs. Only things of the lab with the
 * given name, if there is one. Throws a UserError.
 */
export function findCapture(
  text: string,
  lab: string | undefined,
  host: HostSnapshot,
  processes: ProcessTable,
): CaptureTarget {
  const { kind, name, number } = readOperand(text);
  const isIt = isNamed(name, lab);
  const found = {
    vm: host.vms.filter(isIt),
    switch: host.switches.filter(isIt),
    wire: host.wires.filter(isIt),
  };
  const wanted = kinds.filter(one => (kind === undefined || kind === one) && found[one].length > 0);
  const [only, other] = wanted;
  if (only === undefined)
    throw new UserError(`No VM, switch or wire ${name} runs${lab === undefined ? '' : ` in lab ${lab}`}.`);
  if (other !== undefined) throw new UserError(`${name} may be ${wanted.map(one => `${one}:${name}`).join(' or ')}.`);
  if (found[only].length > 1) {
    const names = found[only].map(one => `${only}:${one.lab ?? ''}/${one.name ?? ''}`);
    throw new UserError(`There are several of that name: ${names.join(', ')}. Say which.`);
  }
  const [vm] = only === 'vm' ? found.vm : [];
  const [of] = only === 'switch' ? found.switch : [];
  const [wire] = only === 'wire' ? found.wire : [];
  if (vm) return nicTarget(vm, number, processes);
  if (of) return switchTarget(of, number);
  if (wire) return wireTarget(wire, host, processes);
  throw new UserError(`${text} cannot be captured.`);
}

function nicTarget(vm: RunningVm, number: number | undefined, processes: ProcessTable): CaptureTarget {
  const name = vm.name ?? `process ${vm.pid}`;
  if (vm.lab === undefined || vm.pidFile === undefined)
    throw new UserError(
      `${name} was not started by a lab, so its NICs cannot be captured. Capture its port of a switch.`,
    );
  const [process] = processes.find([vm.pid]);
  const nics = readQemuNics(process?.args ?? []);
  const [first, second] = nics;
  const all = nics.map(nic => `${name}:${nic.number}`).join(', ');
  if (!first) throw new UserError(`${name} has no NIC.`);
  if (number === undefined && second) throw new UserError(`Which NIC of ${name}? It has: ${all}.`);
  const nic = number ?? first.number;
  // One that was added while the VM runs is not on its command line; QEMU says whether it is there.
  const folder = folderOf(vm.pidFile);
  return {
    kind: 'nic',
    subject: { kind: 'nic', lab: vm.lab, name, number: nic },
    nic: { vm: name, vmPid: vm.pid, nic, qmp: `${folder}/${vmFiles(name).qmp}`, folder },
  };
}

function switchTarget(of: RunningSwitch, port: number | undefined): CaptureTarget {
  if (port !== undefined && (port < 1 || port > of.ports))
    throw new UserError(`Switch ${of.name} has the ports 1 to ${of.ports}.`);
  return {
    kind: 'switch',
    subject: { kind: port === undefined ? 'switch' : 'port', lab: of.lab, name: of.name, number: port ?? 0 },
    of: { name: of.name, socket: managementOf(of), port },
  };
}

/** A wire has no door of its own: what goes over it goes through the port at either end. */
function wireTarget(wire: RunningWire, host: HostSnapshot, processes: ProcessTable): CaptureTarget {
  const [process] = processes.find([wire.pid]);
  for (const end of readWireProcess(process?.args ?? [])?.ends ?? []) {
    const plug = readPlugAddress(end);
    const of = plug && host.switches.find(one => isSameSocket(one.socket, plug.socket));
    if (of?.management === undefined || plug?.port === undefined) continue;
    const subject: CaptureSubject = { kind: 'wire', lab: wire.lab, name: wire.name, number: 0 };
    return { kind: 'switch', subject, of: { name: of.name, socket: of.management, port: plug.port } };
  }
  throw new UserError(
    `Wire ${wire.name} cannot be captured: no switch at its ends can be asked, or its ports are not named.`,
  );
}
