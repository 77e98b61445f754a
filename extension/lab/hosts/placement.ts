import { isUrl, type SshEnd } from '../outside.ts';
import type { DraftSwitch } from '../reading/read-switch.ts';
import type { DraftVm } from '../reading/read-vm.ts';
import type { DraftWire } from '../reading/read-wire.ts';
import type { LabHost } from './lab-host.ts';
import { thisHost } from './lab-part.ts';

/** Where switches and wires lie, which follows from where the VMs and switches are that the file places. */
export interface Placement {
  /** By switch: the hosts that have a copy, the one in the middle first. */
  readonly copies: ReadonlyMap<string, readonly string[]>;
  readonly wires: ReadonlyMap<DraftWire, string>;
  readonly joins: readonly Join[];
}

/** A wire by ssh between the copy in the middle and another one. */
export interface Join {
  readonly switch: DraftSwitch;
  /** `lan@left`: no name that a switch or another wire can have. */
  readonly name: string;
  /** Who dials, and has the wire's script. */
  readonly host: string;
  /** Who is dialed. */
  readonly to: LabHost;
  /** Nothing of the switch lies on the host but what comes there while the lab runs. */
  readonly isSpare: boolean;
}

interface Drafts {
  readonly hosts: readonly LabHost[];
  readonly vms: readonly DraftVm[];
  readonly switches: readonly DraftSwitch[];
  readonly wires: readonly DraftWire[];
}

export function placeLab({ hosts, vms, switches, wires }: Drafts): Placement {
  if (hosts.length === 0) return { copies: new Map(), wires: new Map(), joins: [] };
  const order = [thisHost, ...hosts.map(({ name }) => name)];
  const copies = new Map(switches.map(one => [one.name, ownCopies(one, vms, order)]));
  const placed = new Map(wires.map(wire => [wire, placeWire(wire, copies)]));
  const joins = switches.flatMap(one => joinsOf(one, copies.get(one.name) ?? [], order, hosts));
  return { copies, wires: placed, joins };
}

/** A tap or an uplink is on one host only, which is then the middle. */
function ownCopies(one: DraftSwitch, vms: readonly DraftVm[], order: readonly string[]): string[] {
  const users = new Set(
    vms.filter(({ nics }) => nics.some(nic => nic.switch === one.name)).map(({ host }) => host ?? thisHost),
  );
  const isTied = one.tap !== undefined || one.forward !== undefined;
  const middle = one.host ?? (isTied ? undefined : order.find(host => users.has(host))) ?? thisHost;
  return [middle, ...order.filter(host => host !== middle && users.has(host))];
}

/** Both ends on one host: where the two switches meet, else the second one gets a copy in the middle of the first. */
function placeWire({ between: [from, to] }: DraftWire, copies: ReadonlyMap<string, string[]>): string {
  const [own = [], other] = [copies.get(from), isUrl(to) ? undefined : copies.get(to)];
  const [middle = thisHost] = own;
  const common = other && own.find(host => other.includes(host));
  if (common === undefined) other?.push(middle);
  return common ?? middle;
}

/** A star around the middle, so there is no loop. This host dials, as it can reach the others; else they dial the middle. */
function joinsOf(
  one: DraftSwitch,
  copies: readonly string[],
  order: readonly string[],
  hosts: readonly LabHost[],
): readonly Join[] {
  const [middle, ...others] = new Set([...copies, ...order]);
  return others.flatMap(other => {
    const isDialedHere = middle === thisHost || other === thisHost;
    const dialed = hosts.find(({ name }) => name === (middle === thisHost ? other : middle));
    const name = `${one.name}@${other === thisHost ? middle : other}`;
    const isSpare = !copies.includes(other);
    return dialed ? { switch: one, name, host: isDialedHere ? thisHost : other, to: dialed, isSpare } : [];
  });
}

/** The end of a join: the port of the same number of the switch of the same name. */
export function joinEnd({ switch: { name }, to: { ssh, run } }: Join, lab: string, port: number): SshEnd {
  const folder = run === undefined ? undefined : `${run.startsWith('/') ? '' : '~/'}${run.replace(/\/+$/, '')}`;
  const place = `${folder === undefined ? `${lab}/` : `${folder}/${lab}/switch-`}${name}[${port}]`;
  return { kind: 'ssh', url: `ssh://${ssh}/${place}`, host: ssh, port: undefined, place };
}
