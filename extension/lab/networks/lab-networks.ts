import { networkOf, parseCidr, parseIp, type Cidr } from './cidr.ts';
import type { Lab } from '../model.ts';

/** Every network that a lab uses: of its switches, and those that addresses of VMs and taps lie in. */
export function networksOfLab({ switches, vms }: Lab): readonly Cidr[] {
  const nics = vms.flatMap(vm => vm.nics);
  const texts = [
    ...switches.flatMap(one => [one.network, one.tap?.address]),
    ...nics.flatMap(nic => [...nic.addresses, ...nic.tagged.flatMap(vlan => vlan.addresses)]),
  ];
  const single = [
    ...vms.map(vm => vm.gateway),
    ...switches.flatMap(one => one.slirp?.forward.map(forward => forward.guestAddress) ?? []),
  ];
  return [...texts.map(text => text && parseCidr(text)), ...single.map(text => text && parseIp(text))].flatMap(cidr =>
    cidr ? [networkOf(cidr)] : [],
  );
}
