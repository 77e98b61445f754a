import type { Lab, Nic, Vm } from '../model.ts';
import { contains, parseCidr, parseIp } from '../networks/cidr.ts';

/** What a name in a sentence stands for. */
export type CheckEnd =
  /** One VM, all of a row or of a group. `nic`: only this one of its NICs. */
  | { readonly kind: 'vms'; readonly vms: readonly Vm[]; readonly nic: number | undefined }
  /** Whoever has an address on it. */
  | { readonly kind: 'switch'; readonly name: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'vlan'; readonly vlan: number };

/** An address that has to be reached, or must not be. */
export interface CheckTarget {
  /** Undefined: of nobody in the lab. */
  readonly vm: Vm | undefined;
  /** Of one of its NICs. */
  readonly nic: Nic | undefined;
  /** Without prefix length; `dhcp`: only the guest knows. */
  readonly address: string;
}

/** Undefined: the lab has nothing of this name, and it is no address. */
export function endOf(lab: Lab, name: string): CheckEnd | undefined {
  const vlan = /^VLAN (\d+)$/.exec(name)?.[1];
  if (vlan !== undefined) return { kind: 'vlan', vlan: Number(vlan) };
  const vms = vmsOf(lab, name);
  if (vms) return { kind: 'vms', vms, nic: undefined };
  const [, owner = '', number] = /^(.+)\/([1-9]\d?)$/.exec(name) ?? [];
  const [vm] = lab.vms.filter(one => one.name === owner);
  if (vm?.nics.some(nic => nic.number === Number(number))) return { kind: 'vms', vms: [vm], nic: Number(number) };
  if (lab.switches.some(one => one.name === name)) return { kind: 'switch', name };
  return parseIp(name) ? { kind: 'address', address: name } : undefined;
}

function vmsOf(lab: Lab, name: string): readonly Vm[] | undefined {
  const vm = lab.vms.find(one => one.name === name);
  if (vm) return [vm];
  const row = lab.vms.filter(({ origin }) => origin?.row && name === `${origin.row.name}-*`);
  if (row.length > 0) return row;
  const group = lab.groups.find(one => one.name === name);
  return group && lab.vms.filter(one => group.vms.includes(one.name));
}

/** The addresses that `from` has to reach: one of each VM, on a network of its own if there is one. */
export function targetsOf(lab: Lab, from: Vm, end: CheckEnd): readonly CheckTarget[] {
  if (end.kind === 'address') return [targetAt(lab, end.address)];
  return candidates(lab, from, end).flatMap(all => nearest(from, all) ?? []);
}

/** The addresses that `from` must not reach: all of them. */
export function forbiddenTargets(lab: Lab, from: Vm, end: CheckEnd): readonly CheckTarget[] {
  if (end.kind === 'address') return [targetAt(lab, end.address)];
  return candidates(lab, from, end).flat();
}

/**
 * What VMs have, each on its own. Of a switch those who only hang there count: a router that also has a NIC beside `from`
 * answers with all its addresses, wherever they are.
 */
function candidates(lab: Lab, from: Vm, end: CheckEnd): readonly (readonly CheckTarget[])[] {
  if (end.kind === 'vms')
    return end.vms
      .filter(vm => vm !== from)
      .map(vm => addressesOf(vm, nic => end.nic === undefined || nic.number === end.nic));
  if (end.kind !== 'switch') return [];
  const beside = new Set(from.nics.map(nic => nic.switch));
  return lab.vms
    .filter(vm => vm !== from && vm.nics.some(nic => nic.switch === end.name))
    .filter(vm => beside.has(end.name) || !vm.nics.some(nic => beside.has(nic.switch)))
    .map(vm => addressesOf(vm, nic => nic.switch === end.name));
}

const addressesOf = (vm: Vm, isMeant: (nic: Nic) => boolean): readonly CheckTarget[] =>
  vm.nics
    .filter(isMeant)
    .flatMap(nic =>
      [...nic.addresses, ...nic.tagged.flatMap(({ addresses }) => addresses)].map(address => ({ vm, nic, address })),
    )
    .map(target => ({ ...target, address: target.address.replace(/\/.*/, '') }));

/** On a network of `from` first, then IPv4 first. */
function nearest(from: Vm, targets: readonly CheckTarget[]): CheckTarget | undefined {
  const networks = from.nics
    .flatMap(nic => [...nic.addresses, ...nic.tagged.flatMap(({ addresses }) => addresses)])
    .flatMap(address => parseCidr(address) ?? []);
  const isNear = ({ address }: CheckTarget): boolean => {
    const ip = parseIp(address);
    return ip !== undefined && networks.some(network => contains(network, ip));
  };
  const isShort = ({ address }: CheckTarget): boolean => !address.includes(':');
  return (
    targets.find(one => isNear(one) && isShort(one)) ?? targets.find(isNear) ?? targets.find(isShort) ?? targets[0]
  );
}

function targetAt(lab: Lab, address: string): CheckTarget {
  for (const vm of lab.vms) {
    const own = addressesOf(vm, () => true).find(target => target.address === address);
    if (own) return own;
  }
  return { vm: undefined, nic: undefined, address };
}
