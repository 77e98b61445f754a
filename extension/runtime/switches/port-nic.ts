import { nicOfWire } from '../../lab/layout.ts';
import { readQemuNics, type QemuNic } from '../../qemu/nics.ts';
import { isSameSocket, readPlugAddress } from '../../vde/plug-address.ts';
import type { Endpoint, SwitchPort } from '../../vde/port-table.ts';
import type { ProcessEntry } from '../host.ts';

/** What is known beside the switch's own table. */
export interface NicSurroundings {
  /** The switch's own sockets. */
  readonly socket: string;
  /** By the pid that the switch names, which is not always that of the process. */
  readonly processes: ReadonlyMap<number, ProcessEntry>;
  readonly macsOf: (port: number) => readonly string[];
  /** The NIC that the lab file gives a port of this switch. */
  readonly plannedNic: (vm: string, lab: string | undefined, port: number) => number | undefined;
}

export interface FoundNic {
  readonly nic: number | undefined;
  readonly isGuess: boolean;
  readonly mac: string | undefined;
}

/** One VM may have several NICs on one switch. What is surest decides first: lab file and
 * command line if they agree, MAC, lab file, command line, order of plugging. */
export class NicFinder {
  private readonly ports: readonly SwitchPort[];
  private readonly around: NicSurroundings;
  private readonly found = new Map<number, ReadonlyMap<number, FoundNic>>();

  constructor(ports: readonly SwitchPort[], around: NicSurroundings) {
    this.ports = ports;
    this.around = around;
  }

  find(endpoint: Endpoint, port: number, vm: string | undefined, lab: string | undefined): FoundNic {
    const pid = endpoint.pid ?? 0;
    const [, wire = ''] = /^wire-(\S+) /.exec(endpoint.description) ?? [];
    const wired = nicOfWire(wire);
    if (wired) return { nic: wired.nic, isGuess: false, mac: this.macOf(pid, wired.nic) };
    const found = this.found.get(pid) ?? this.assign(pid, vm, lab);
    this.found.set(pid, found);
    return found.get(keyOf(endpoint, port)) ?? { nic: undefined, isGuess: false, mac: undefined };
  }

  private macOf(pid: number, nic: number): string | undefined {
    return readQemuNics(this.around.processes.get(pid)?.args ?? []).find(({ number }) => number === nic)?.mac;
  }

  private assign(pid: number, vm: string | undefined, lab: string | undefined): ReadonlyMap<number, FoundNic> {
    const { processes, plannedNic, macsOf } = this.around;
    const all = readQemuNics(processes.get(pid)?.args ?? []);
    const here = all.filter(nic => this.isHere(nic));
    const matching = new Matching(all, this.plugsOf(pid));
    const planned = (port: number): number | undefined => (vm === undefined ? undefined : plannedNic(vm, lab, port));
    const started = (port: number): number | undefined => here.find(nic => portOf(nic) === port)?.number;
    const isSeen = (nic: QemuNic, port: number): boolean => nic.mac !== undefined && macsOf(port).includes(nic.mac);
    // A plug that was moved since the VM was started stands on its command line with the port that it had then.
    matching.settle(port => (planned(port) === started(port) ? started(port) : undefined));
    matching.settle((port, isFree) => all.find(nic => isFree(nic) && isSeen(nic, port))?.number);
    matching.settle(planned);
    matching.settle(started);
    const movable = here.filter(nic => portOf(nic) === undefined);
    matching.guess(movable);
    return matching.found;
  }

  /** In the order in which they were plugged in, as far as that can be told. */
  private plugsOf(pid: number): readonly NicPlug[] {
    const plugs = this.ports.flatMap(({ number, endpoints }) =>
      endpoints.flatMap(one => (one.pid === pid ? { id: one.id, key: keyOf(one, number), port: number } : [])),
    );
    return plugs.sort((a, b) => a.id - b.id);
  }

  /** A NIC that names no switch is on VDE's default one, whose place depends on who started it. */
  private isHere({ plug }: QemuNic): boolean {
    if (!plug) return false;
    const address = readPlugAddress(plug.address);
    return plug.address === '' || (address !== undefined && isSameSocket(address.socket, this.around.socket));
  }
}

interface NicPlug {
  readonly id: number;
  readonly key: number;
  readonly port: number;
}

/** Gives each plug a NIC, and each NIC to one plug. */
class Matching {
  readonly found = new Map<number, FoundNic>();
  private readonly taken = new Set<number>();
  private readonly nics: readonly QemuNic[];
  private readonly plugs: readonly NicPlug[];

  constructor(nics: readonly QemuNic[], plugs: readonly NicPlug[]) {
    this.nics = nics;
    this.plugs = plugs;
  }

  settle(choose: (port: number, isFree: (nic: QemuNic) => boolean) => number | undefined): void {
    for (const plug of this.plugs.filter(({ key }) => !this.found.has(key))) {
      const nic = choose(plug.port, one => !this.taken.has(one.number));
      if (nic !== undefined && !this.taken.has(nic)) this.put(plug, nic, false);
    }
  }

  guess(nics: readonly QemuNic[]): void {
    const rest = nics.filter(one => !this.taken.has(one.number));
    const open = this.plugs.filter(({ key }) => !this.found.has(key));
    if (rest.length !== open.length) return;
    for (const [at, { number }] of rest.entries()) {
      const plug = open[at];
      if (plug) this.put(plug, number, rest.length > 1);
    }
  }

  private put({ key }: NicPlug, nic: number, isGuess: boolean): void {
    this.taken.add(nic);
    this.found.set(key, { nic, isGuess, mac: this.nics.find(one => one.number === nic)?.mac });
  }
}

/** Endpoints are file descriptors of the switch, so their numbers alone are enough; the port is for tables that are cut. */
const keyOf = (endpoint: Endpoint, port: number): number => endpoint.id * 10_000 + port;

const portOf = ({ plug }: QemuNic): number | undefined =>
  plug ? (plug.port ?? readPlugAddress(plug.address)?.port) : undefined;
