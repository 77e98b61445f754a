import { readQemuProcess } from '../../qemu/process.ts';
import { outsideAddress, readSshPlug } from '../../vde/outside-wire.ts';
import { isSameSocket, readPlugAddress, type PlugAddress } from '../../vde/plug-address.ts';
import type { Endpoint, SwitchPort } from '../../vde/port-table.ts';
import { readWireProcess } from '../../vde/process.ts';
import type { ProcessEntry } from '../host.ts';
import { observeHost } from '../observe.ts';
import { NicFinder, type NicSurroundings } from './port-nic.ts';

/** Who hangs on a port, by the process that plugged in. */
export type PortOwner =
  | {
      readonly kind: 'vm';
      readonly pid: number;
      readonly name: string;
      /** Undefined: no lab started it. */
      readonly lab: string | undefined;
      /** Undefined: no telling which one. */
      readonly nic: number | undefined;
      /** Taken from the order in which its NICs were plugged in, as nothing else tells them apart. */
      readonly isGuess: boolean;
      /** Of the command line. */
      readonly mac: string | undefined;
    }
  /** An interface of the host. */
  | { readonly kind: 'tap'; readonly interface: string }
  /** DHCP and NAT of a switch of ours. */
  | { readonly kind: 'uplink'; readonly pid: number }
  /** Undefined: it has become a daemon, and the switch does not know as which. */
  | { readonly kind: 'slirp'; readonly pid: number | undefined }
  | { readonly kind: 'wire'; readonly pid: number; readonly name: string; readonly other: PlugAddress }
  /** A plug of a VM or a wire that the switch has lost sight of: its process has ended, and nobody else uses it. */
  | { readonly kind: 'gone'; readonly pid: number; readonly description: string }
  | {
      readonly kind: 'stranger';
      readonly pid: number | undefined;
      /** Undefined: the process is gone, or is none of this host. */
      readonly program: string | undefined;
      readonly uid: number | undefined;
      /** In the words of who plugged in. */
      readonly description: string;
    };

export interface PortSurroundings extends NicSurroundings {
  readonly runRoots: readonly string[];
}

/** The owners of each port, in the order of their endpoints. */
export function ownersOf(
  ports: readonly SwitchPort[],
  around: PortSurroundings,
): ReadonlyMap<number, readonly PortOwner[]> {
  const nics = new NicFinder(ports, around);
  return new Map(
    ports.map(port => [port.number, port.endpoints.map(endpoint => ownerOf(endpoint, port.number, around, nics))]),
  );
}

function ownerOf(endpoint: Endpoint, port: number, around: PortSurroundings, nics: NicFinder): PortOwner {
  if (endpoint.module === 'tuntap') return { kind: 'tap', interface: endpoint.description };
  const process = endpoint.pid === undefined ? undefined : around.processes.get(endpoint.pid);
  const known = process && (vmOf(process, endpoint, port, around, nics) ?? wireOf(process, port, around));
  return known ?? otherOf(endpoint, process);
}

function otherOf(endpoint: Endpoint, process: ProcessEntry | undefined): PortOwner {
  const program = process?.args[0]?.split('/').at(-1);
  const { description } = endpoint;
  // It names the pid that it had before it became a daemon, which is nobody's any more, or another's.
  if (/^slirpvde\b/.test(description)) return { kind: 'slirp', pid: program === 'slirpvde' ? process?.pid : undefined };
  if (!process && endpoint.pid !== undefined && leavesPlugs.test(description))
    return { kind: 'gone', pid: endpoint.pid, description };
  return { kind: 'stranger', pid: process?.pid ?? endpoint.pid, program, uid: process?.uid, description };
}

/**
 * Who plugs in as the process that stays. vde_switch 2.3.2 keeps their plug for ever if somebody hung up while they
 * connected (`is_gone` of the scripts).
 */
const leavesPlugs = /^(QEMU|wire-|kvmlab )/;

/** Those who really are there. */
export const presentOwners = (owners: readonly PortOwner[]): readonly PortOwner[] =>
  owners.filter(owner => owner.kind !== 'gone');

function vmOf(
  process: ProcessEntry,
  endpoint: Endpoint,
  port: number,
  around: PortSurroundings,
  nics: NicFinder,
): PortOwner | undefined {
  const facts = readQemuProcess(process.args);
  if (!facts) return undefined;
  const { pid } = process;
  if (facts.isAppliance) return { kind: 'uplink', pid };
  const [vm] = observeHost([process], around.runRoots).vms;
  const found = nics.find(endpoint, port, vm?.name, vm?.lab);
  return { kind: 'vm', pid, name: vm?.name ?? `QEMU ${pid}`, lab: vm?.lab, ...found };
}

function wireOf(process: ProcessEntry, port: number, { socket, runRoots }: PortSurroundings): PortOwner | undefined {
  const ssh = readSshPlug(process.args);
  const texts = ssh ? [ssh.end, `ssh ${ssh.host}`] : (readWireProcess(process.args)?.ends ?? []);
  const ends = texts.map(readPlugAddress);
  if (ends.length !== 2) return undefined;
  const here = ends.findIndex(
    end => end && isSameSocket(end.socket, socket) && (end.port === undefined || end.port === port),
  );
  const far = here < 0 ? undefined : texts[1 - here];
  if (far === undefined) return undefined;
  const other = ssh ? outsideAddress(far) : (ends[1 - here] ?? outsideAddress(far));
  const name = ssh?.name ?? observeHost([process], runRoots).wires[0]?.name;
  return { kind: 'wire', pid: process.pid, name: name ?? 'vde_plug', other };
}
