import type { Lab, Switch, Tap } from '../model.ts';
import { shown } from '../names.ts';
import { contains, formatCidr, networkOf, parseCidr, type Cidr } from '../networks/cidr.ts';
import type { Problem } from '../problem.ts';
import { valueSpan } from '../reading/spans.ts';
import type { Report } from '../reading/report.ts';

/** What the host does for the VMs of a switch, as keys of its tap. */
const services = ['nat', 'proxy', 'dns'] as const;

/** Whether the host can do what its taps are to do. Few labs have one, so this is loaded with the first of them. */
export function checkHostSteps(lab: Lab): readonly Problem[] {
  const problems: Problem[] = [];
  const report: Report = (code, span, message, severity = 'error') => problems.push({ code, severity, message, span });
  for (const one of lab.switches) {
    if (!one.tap) continue;
    checkServices(one, one.tap, report);
    checkBridge(one, one.tap, report);
  }
  checkNetworks(lab, report);
  return problems;
}

function checkServices(one: Switch, tap: Tap, report: Report): void {
  const isOn = { nat: tap.nat, proxy: tap.proxy !== undefined, dns: tap.dns !== undefined };
  for (const service of services.filter(name => isOn[name])) {
    const span = valueSpan(one, service);
    if (tap.bridge !== undefined)
      report(
        'bad-value',
        span,
        `${service} is for a lab behind this host, and "bridge" puts it into the LAN. Remove one.`,
      );
    else if (parseCidr(tap.address ?? '')?.family !== 4)
      report('missing-key', span, `${service} needs an IPv4 "address" for the tap, such as 192.168.99.1/24.`);
  }
  for (const key of ['proxy', 'dns'] as const) {
    if (!tap[key]?.startsWith('127.')) continue;
    const message = `${key} on loopback is reached by this host alone. Let it listen on the tap’s address, and leave this out.`;
    report('bad-value', valueSpan(one, key), message);
  }
}

function checkBridge(one: Switch, tap: Tap, report: Report): void {
  if (tap.lan !== undefined && tap.bridge === undefined)
    report('missing-key', valueSpan(one, 'lan'), '"lan" goes into a bridge. Name it: "bridge: br0".');
  if (tap.bridge === undefined) return;
  if (tap.bridge === tap.interface || tap.bridge === tap.lan)
    report(
      'bad-value',
      valueSpan(one, 'bridge'),
      `${tap.bridge} is another interface of this tap. Name the bridge otherwise.`,
    );
  if (tap.address === undefined) return;
  const message = 'In a bridge the host has its address on the bridge, not on the tap. Remove this one.';
  report('bad-value', valueSpan(one, 'address'), message, 'warning');
}

/** The host has one routing table: it could reach only one of two equal networks. */
function checkNetworks({ switches }: Lab, report: Report): void {
  const seen: { readonly name: string; readonly network: Cidr }[] = [];
  for (const one of switches) {
    const address = parseCidr(one.tap?.address ?? '');
    if (!address) continue;
    const network = networkOf(address);
    const other = seen.find(({ network: had }) => overlap(had, network));
    if (!other) seen.push({ name: one.name, network });
    else {
      const message = `This host is in ${formatCidr(other.network)} on switch ${shown(other.name)} already, and could reach only one of them. Take another network.`;
      report('address-double', valueSpan(one, 'address'), message);
    }
  }
}

const overlap = (a: Cidr, b: Cidr): boolean => a.family === b.family && (contains(a, b) || contains(b, a));
