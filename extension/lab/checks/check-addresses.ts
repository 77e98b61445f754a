import { BroadcastDomains } from '../broadcast-domains.ts';
import {
  contains,
  formatCidr,
  formatIp,
  hostMask,
  isNetworkOrBroadcast,
  networkOf,
  parseCidr,
  type Cidr,
} from '../networks/cidr.ts';
import type { Lab, Nic, Switch } from '../model.ts';
import { shown } from '../names.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';
import type { TextSpan } from '../text-span.ts';
import { isForUplink } from '../uplink.ts';

/** Addresses: inside their switch's network, and each only once where frames can reach it. */
export function checkAddresses(lab: Lab, report: Report): void {
  const check = new AddressCheck(lab, report);
  for (const one of lab.switches) check.ofSwitch(one);
  for (const vm of lab.vms) for (const nic of vm.nics) check.ofNic(nic, `NIC ${nic.number} of VM ${shown(vm.name)}`);
}

class AddressCheck {
  private readonly networks: ReadonlyMap<string, Cidr | undefined>;
  private readonly domains: BroadcastDomains;
  private readonly owners = new Map<string, string>();
  private readonly report: Report;

  constructor(lab: Lab, report: Report) {
    this.networks = new Map(
      lab.switches.map(one => [one.name, one.network === undefined ? undefined : parseCidr(one.network)]),
    );
    this.domains = new BroadcastDomains(lab.wires);
    this.report = report;
  }

  /** The addresses that the uplink and the host take. */
  ofSwitch(one: Switch): void {
    const network = this.networks.get(one.name);
    if (one.slirp && network) this.ofUplink(one, network);
    const address = one.tap?.address;
    if (address === undefined) return;
    // Both `slirp` and `tap` have no key "address" but the tap's.
    const cidr = parseCidr(address);
    this.inNetwork(cidr, network, valueSpan(one, 'address'));
    this.onlyOnce(cidr, one.name, 0, `the tap of switch ${shown(one.name)}`, valueSpan(one, 'address'));
  }

  ofNic(nic: Nic, owner: string): void {
    if (!this.networks.has(nic.switch)) return;
    nic.addresses.forEach((address, index) => {
      const span = valueSpan(nic, 'address', index);
      const cidr = parseCidr(address);
      // The switch's network is that of its ports without a VLAN.
      if (nic.vlan === undefined) this.inNetwork(cidr, this.networks.get(nic.switch), span);
      this.onlyOnce(cidr, nic.switch, nic.vlan ?? 0, owner, span);
    });
    for (const { vlan, addresses } of nic.tagged) {
      addresses.forEach((address, index) => {
        this.onlyOnce(parseCidr(address), nic.switch, vlan, owner, valueSpan(nic, `tagged.${vlan}`, index));
      });
    }
  }

  /** QEMU's user network takes the second and third address of its last 1024 for itself, and gives out from the 15th. */
  private ofUplink(one: Switch, network: Cidr): void {
    if (!isForUplink(network)) {
      const span = valueSpan(one, 'network');
      this.report(
        'bad-value',
        span,
        `${one.slirp?.pxe?.isClosed === true ? 'pxe' : 'slirp'} takes an IPv4 network with a prefix of at most 27, such as 10.0.2.0/24. Change "network:".`,
      );
      return;
    }
    for (const host of [0x0202n, 0x0203n]) {
      const address = { ...network, value: network.value | (host & hostMask(network)) };
      const key = `${this.domains.of(one.name, 0)} ${formatIp(address)}`;
      this.owners.set(key, `the uplink of switch ${shown(one.name)}`);
    }
    one.slirp?.forward.forEach(({ guestAddress }, index) => {
      this.inNetwork(parseCidr(`${guestAddress}/${network.prefix}`), network, valueSpan(one, 'forward', index));
    });
  }

  private inNetwork(address: Cidr | undefined, network: Cidr | undefined, span: TextSpan): void {
    if (!address || network?.family !== address.family) return;
    const isWithin = contains(network, address);
    if (isWithin && address.prefix === network.prefix && !isNetworkOrBroadcast(network, address)) return;
    const net = formatCidr(network);
    if (!isWithin) {
      this.report(
        'address-outside',
        span,
        `${formatIp(address)} is outside ${net}, the network of its switch. Change one of them.`,
      );
    } else if (isNetworkOrBroadcast(network, address)) {
      this.report(
        'address-outside',
        span,
        `${formatIp(address)} is the first or last address of ${net}, which no host may have. Take another one.`,
      );
    } else {
      const message = `${formatCidr(address)} has another prefix length than ${net}, the network of its switch. Write /${network.prefix} unless you mean it.`;
      this.report('address-outside', span, message, 'warning');
    }
  }

  private onlyOnce(address: Cidr | undefined, name: string, vlan: number, owner: string, span: TextSpan): void {
    if (!address) return;
    const key = `${this.domains.of(name, vlan)} ${formatIp(address)}`;
    const other = this.owners.get(key);
    if (other === undefined) this.owners.set(key, owner);
    else this.report('address-double', span, `${formatIp(address)} belongs to ${other} already. Take another one.`);
  }
}

/** The networks that a NIC's own addresses put it into. */
export const networksOf = (addresses: readonly string[]): readonly Cidr[] =>
  addresses.flatMap(address => {
    const cidr = parseCidr(address);
    return cidr ? [networkOf(cidr)] : [];
  });
