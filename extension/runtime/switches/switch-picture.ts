import type { Lab } from '../../lab/model.ts';
import { plugsOf, type Plug } from '../../lab/plugs.ts';
import type { SwitchPort, Traffic } from '../../vde/port-table.ts';
import type { ProcessEntry } from '../host.ts';
import { ownersOf } from './port-owner.ts';
import type { PortPicture, PortRate, SwitchPicture } from './port-picture.ts';
import type { RunningSwitch } from '../state.ts';
import type { SwitchLook } from './switch-look.ts';
import { driftOf } from './vlan-drift.ts';

export interface PictureParts {
  readonly of: RunningSwitch;
  readonly look: SwitchLook;
  readonly before: SwitchLook | undefined;
  /** By the pid that the switch names. */
  readonly processes: ReadonlyMap<number, ProcessEntry>;
  readonly runRoots: readonly string[];
  /** The lab of this switch, if its file is known. */
  readonly lab: Lab | undefined;
}

export function drawSwitch(parts: PictureParts): SwitchPicture {
  const { of, look, lab } = parts;
  const it = lab?.switches.find(one => one.name === of.name);
  const plugs = lab && it ? plugsOf(lab, it) : [];
  const ports = drawPorts(parts, plugs);
  const vlans = look.vlans.map(one => one.vlan).filter(vlan => vlan !== 0);
  const drift = it && driftOf({ it, plugs, ports, look });
  return {
    of,
    ports: ports.map(port => ({ ...port, drift: drift?.filter(one => one.port === port.number) ?? [] })),
    vlans: vlans.sort((a, b) => a - b),
    facts: look.facts,
    stp: look.stp,
    trees: look.trees,
    drift,
  };
}

function drawPorts({ of, look, before, processes, runRoots, lab }: PictureParts, plugs: readonly Plug[]) {
  const macs = groupBy(look.hash, entry => entry.port);
  const nicPlugs = new Map(plugs.map(plug => [plug.port, plug.who]));
  const owners = ownersOf(look.ports, {
    socket: of.socket,
    processes,
    runRoots,
    macsOf: port => macs.get(port)?.map(entry => entry.mac) ?? [],
    plannedNic: (vm, owner, port) => {
      const who = nicPlugs.get(port);
      return who?.kind === 'nic' && who.vm === vm && owner === lab?.name ? who.nic : undefined;
    },
  });
  const planned = new Map(plugs.map(plug => [plug.port, plug]));
  const tables = tablesByPort(look);
  const roles = rolesByPort(look);
  const earlier = new Map(before?.ports.map(port => [port.number, port]));
  return [...look.ports]
    .sort((a, b) => a.number - b.number)
    .map((port): PortPicture => {
      const table = tables.get(port.number);
      return {
        number: port.number,
        isActive: port.isActive,
        owners: owners.get(port.number) ?? [],
        untagged: port.vlan,
        tagged: table?.tagged ?? [],
        states: table?.states ?? new Map<number, string>(),
        roles: roles.get(port.number) ?? new Map<number, string>(),
        macs: macs.get(port.number) ?? [],
        received: port.received,
        sent: port.sent,
        rate: rateOf(port, earlier.get(port.number), look.at - (before?.at ?? look.at)),
        planned: planned.get(port.number),
        drift: [],
      };
    });
}

interface PortTables {
  readonly tagged: number[];
  readonly states: Map<number, string>;
}

function tablesByPort({ vlans }: SwitchLook): ReadonlyMap<number, PortTables> {
  const tables = new Map<number, PortTables>();
  for (const { vlan, ports } of [...vlans].sort((a, b) => a.vlan - b.vlan)) {
    for (const { number, isTagged, status } of ports) {
      const table = tables.get(number) ?? { tagged: [], states: new Map<number, string>() };
      if (isTagged) table.tagged.push(vlan);
      table.states.set(vlan, status);
      tables.set(number, table);
    }
  }
  return tables;
}

function rolesByPort({ trees }: SwitchLook): ReadonlyMap<number, ReadonlyMap<number, string>> {
  const roles = new Map<number, Map<number, string>>();
  for (const { vlan, ports } of trees)
    for (const { number, role } of ports)
      roles.set(number, (roles.get(number) ?? new Map<number, string>()).set(vlan, role));
  return roles;
}

/** Counters begin anew when somebody resets them or the switch starts again: then there is no rate. */
function rateOf(now: SwitchPort, before: SwitchPort | undefined, elapsedMs: number): PortRate | undefined {
  if (!now.received || !now.sent || !before?.received || !before.sent || elapsedMs <= 0) return undefined;
  const perSecond = (a: Traffic, b: Traffic): Traffic => ({
    packets: ((a.packets - b.packets) * 1000) / elapsedMs,
    bytes: ((a.bytes - b.bytes) * 1000) / elapsedMs,
  });
  const rate = { received: perSecond(now.received, before.received), sent: perSecond(now.sent, before.sent) };
  const isReset = [rate.received, rate.sent].some(({ packets, bytes }) => packets < 0 || bytes < 0);
  return isReset ? undefined : rate;
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
