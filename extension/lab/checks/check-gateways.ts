import { networksOf } from './check-addresses.ts';
import { contains, parseCidr, parseIp, type Cidr } from '../networks/cidr.ts';
import type { Lab, Nic, Vm } from '../model.ts';
import { shown } from '../names.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';

/** A gateway has to be a neighbour: in the network of one of the VM's NICs, and not the VM itself. */
export function checkGateways(lab: Lab, report: Report): void {
  const switchNetworks = new Map(lab.switches.map(one => [one.name, one.network]));
  for (const vm of lab.vms) {
    const gateway = vm.gateway === undefined ? undefined : parseIp(vm.gateway);
    if (gateway) checkGateway(vm, gateway, switchNetworks, report);
  }
}

function checkGateway(
  vm: Vm,
  gateway: Cidr,
  switchNetworks: ReadonlyMap<string, string | undefined>,
  report: Report,
): void {
  const span = valueSpan(vm, 'gateway');
  const own = vm.nics.flatMap(allAddresses);
  if (
    own.some(address => parseCidr(address)?.value === gateway.value && parseCidr(address)?.family === gateway.family)
  ) {
    report('gateway-outside', span, `${shown(vm.gateway ?? '')} is an address of this VM itself. Name its router.`);
    return;
  }
  const places = vm.nics.map(nic => networksOfNic(nic, switchNetworks));
  // A NIC whose network nobody knows might lead to the gateway.
  if (places.includes(undefined)) return;
  if (places.some(networks => networks?.some(network => contains(network, gateway)))) return;
  report(
    'gateway-outside',
    span,
    `${shown(vm.gateway ?? '')} is in the network of none of this VM's NICs. Change one of them.`,
  );
}

const allAddresses = (nic: Nic): readonly string[] => [
  ...nic.addresses,
  ...nic.tagged.flatMap(tagged => tagged.addresses),
];

/** Undefined: the file does not say. */
function networksOfNic(nic: Nic, switchNetworks: ReadonlyMap<string, string | undefined>): readonly Cidr[] | undefined {
  const own = networksOf(allAddresses(nic));
  const network = nic.vlan === undefined ? switchNetworks.get(nic.switch) : undefined;
  const found = network === undefined ? own : [...own, ...networksOf([network])];
  return found.length === 0 && nic.switch !== '' ? undefined : found;
}
