import { displayPort, monitorPort, serialPort } from '../networks/addressing.ts';
import type { Lab, SlirpForward, Vm } from '../model.ts';
import { shown } from '../names.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';

/** Ports of the host that lead into the lab. Those of consoles cannot meet each other: they follow from the IDs. */
export function checkHostPorts(lab: Lab, report: Report): void {
  const consoles = consolePorts(lab.vms);
  const forwards = new ForwardTable();
  for (const one of lab.switches) {
    one.slirp?.forward.forEach((forward, index) => {
      const other =
        consoleAt(forward, consoles) ?? forwards.add(forward, `another forward of switch ${shown(one.name)}`);
      if (other === undefined) return;
      const message = `Port ${forward.hostPort} of the host belongs to ${other}. Take another one.`;
      report('host-port-clash', valueSpan(one, 'forward', index), message);
    });
  }
}

/** Two switches cannot have one interface of the host. */
export function checkTaps(lab: Lab, report: Report): void {
  const owners = new Map<string, string>();
  for (const one of lab.switches) {
    const name = one.tap?.interface;
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, one.name);
    else
      report(
        'tap-clash',
        valueSpan(one, 'interface'),
        `Switch ${shown(owner)} has the tap interface ${name} already. Name another one.`,
      );
  }
}

/** Remembers who listens where; an address clashes with itself and with 0.0.0.0, which means all. */
export class ForwardTable {
  private readonly owners = new Map<string, Map<string, string>>();

  /** The owner of the same port, if there is one already. */
  add(forward: SlirpForward, owner: string): string | undefined {
    const key = `${forward.protocol} ${forward.hostPort}`;
    const there = this.owners.get(key) ?? new Map<string, string>();
    this.owners.set(key, there);
    const everywhere = '0.0.0.0';
    const [first] = forward.hostAddress === everywhere ? there.values() : [];
    const other = first ?? there.get(forward.hostAddress) ?? there.get(everywhere);
    if (other === undefined) there.set(forward.hostAddress, owner);
    return other;
  }
}

function consoleAt(forward: SlirpForward, consoles: ReadonlyMap<number, string>): string | undefined {
  const isWhereConsolesAre = forward.hostAddress === '127.0.0.1' || forward.hostAddress === '0.0.0.0';
  return forward.protocol === 'tcp' && isWhereConsolesAre ? consoles.get(forward.hostPort) : undefined;
}

/** What listens for the consoles of VMs, by TCP port. */
export function consolePorts(vms: readonly Vm[]): ReadonlyMap<number, string> {
  const ports = new Map<number, string>();
  for (const { id, name, vnc } of vms) {
    if (id === undefined) continue;
    ports.set(serialPort(id), `the serial console of VM ${shown(name)}`);
    ports.set(monitorPort(id), `the monitor of VM ${shown(name)}`);
    if (vnc) ports.set(displayPort(id), `the display of VM ${shown(name)}`);
  }
  return ports;
}
