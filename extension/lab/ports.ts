import type { Join } from './hosts/placement.ts';
import { shown } from './names.ts';
import type { DraftSwitch } from './reading/read-switch.ts';
import type { DraftNic } from './reading/read-vm.ts';
import type { DraftWire } from './reading/read-wire.ts';
import type { Report } from './reading/report.ts';
import type { TextSpan } from './text-span.ts';

/** The ports of all switches, given out in an order that does not depend on anything but the file. */
export interface PortPlan {
  readonly slirp: ReadonlyMap<string, number>;
  readonly nics: ReadonlyMap<DraftNic, number>;
  /** By wire, then by end. */
  readonly wires: ReadonlyMap<DraftWire, readonly [number | undefined, number | undefined]>;
  /** The same port at both ends. */
  readonly joins: ReadonlyMap<Join, number>;
}

/** `vde_switch -t` always takes port 1. */
const tapPort = 1;

/**
 * Fixed ports first, then tap and uplink, then NICs upwards from the lowest free port and wires downwards from the
 * highest one: so a new NIC does not move a wire. Joins come after them.
 */
export function planPorts(
  { switches, wires }: { readonly switches: readonly DraftSwitch[]; readonly wires: readonly DraftWire[] },
  nics: readonly DraftNic[],
  joins: readonly Join[],
  report: Report,
): PortPlan {
  const free = new Map(switches.map(one => [one.name, new FreePorts(one)]));
  const nicPorts = new Map<DraftNic, number>();
  for (const nic of nics) takeFixedPort(nic, free.get(nic.switch), nicPorts, report);
  const slirp = new Map<string, number>();
  for (const one of switches) {
    const port = one.forward && free.get(one.name)?.takeLowest();
    if (port !== undefined) slirp.set(one.name, port);
    else if (one.forward) report('ports-full', one.spans['slirp'] ?? one.spans['pxe'] ?? one.nameSpan, portsFull(one));
  }
  const waiting = nics.filter(nic => !nicPorts.has(nic));
  for (const nic of waiting) {
    const ports = free.get(nic.switch);
    const port = ports?.takeLowest();
    if (port !== undefined) nicPorts.set(nic, port);
    else if (ports) report('ports-full', switchSpan(nic), portsFull(ports.of));
  }
  return { slirp, nics: nicPorts, wires: planWires(wires, free, report), joins: planJoins(joins, free, report) };
}

function takeFixedPort(
  nic: DraftNic,
  ports: FreePorts | undefined,
  taken: Map<DraftNic, number>,
  report: Report,
): void {
  const { fixedPort } = nic;
  if (fixedPort === undefined || !ports) return;
  const span = nic.spans?.['port'] ?? nic.span;
  const of = shown(ports.of.name);
  if (fixedPort > ports.of.ports) {
    report(
      'port-clash',
      span,
      `Switch ${of} has ports 1 to ${ports.of.ports}. Take one of these, or give it more with "ports:".`,
    );
  } else if (ports.take(fixedPort)) taken.set(nic, fixedPort);
  else {
    const owner = ports.of.tap && fixedPort === tapPort ? 'the tap of the host' : 'another NIC';
    report(
      'port-clash',
      span,
      `Port ${fixedPort} of switch ${of} belongs to ${owner}. Take another one or remove "port:".`,
    );
  }
}

function planWires(
  wires: readonly DraftWire[],
  free: ReadonlyMap<string, FreePorts>,
  report: Report,
): PortPlan['wires'] {
  const plan = new Map<DraftWire, readonly [number | undefined, number | undefined]>();
  for (const wire of wires) {
    const take = (end: 0 | 1): number | undefined => {
      const ports = free.get(wire.between[end]);
      const port = ports?.takeHighest();
      const span = wire.spans[`between.${end}`] ?? wire.span;
      if (ports && port === undefined) report('ports-full', span, portsFull(ports.of));
      return port;
    };
    // A wire to itself is refused, so it takes no port from others.
    const isLoop = wire.between[0] === wire.between[1];
    plan.set(wire, isLoop ? [undefined, undefined] : [take(0), take(1)]);
  }
  return plan;
}

function planJoins(joins: readonly Join[], free: ReadonlyMap<string, FreePorts>, report: Report): PortPlan['joins'] {
  const plan = new Map<Join, number>();
  const spares = joins.filter(({ isSpare }) => isSpare);
  for (const join of [...joins.filter(({ isSpare }) => !isSpare), ...spares]) {
    const ports = free.get(join.switch.name);
    const port = ports?.takeHighest();
    if (port !== undefined) plan.set(join, port);
    else if (ports && !join.isSpare) report('ports-full', join.switch.nameSpan, portsFull(ports.of));
  }
  return plan;
}

const switchSpan = (nic: DraftNic): TextSpan => nic.spans?.['switch'] ?? nic.span;

const portsFull = (of: DraftSwitch): string =>
  `All ${of.ports} ports of switch ${shown(of.name)} are taken. Give it more with "ports:", or use another switch.`;

/** The free ports of one switch. Taking all of them costs as much as there are ports. */
class FreePorts {
  readonly of: DraftSwitch;
  private readonly taken = new Set<number>();
  private lowest = 1;
  private highest: number;

  constructor(of: DraftSwitch) {
    this.of = of;
    this.highest = of.ports;
    if (of.tap) this.taken.add(tapPort);
  }

  take(port: number): boolean {
    if (this.taken.has(port)) return false;
    this.taken.add(port);
    return true;
  }

  takeLowest(): number | undefined {
    while (this.taken.has(this.lowest)) this.lowest += 1;
    return this.lowest <= this.of.ports && this.take(this.lowest) ? this.lowest : undefined;
  }

  takeHighest(): number | undefined {
    while (this.taken.has(this.highest)) this.highest -= 1;
    return this.highest >= 1 && this.take(this.highest) ? this.highest : undefined;
  }
}
