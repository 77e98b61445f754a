import { contains, networkOf, parseCidr, parseIp } from '../lab/networks/cidr.ts';
import type { CloudInit, Nic, Vm } from '../lab/model.ts';

/** What cloud-init reads from a volume named CIDATA (its data source NoCloud), file by file. */
export interface SeedTexts {
  readonly 'user-data': string;
  readonly 'network-config': string;
}

/** All of them are JSON, which is YAML too, so that nothing in a lab file can be more than a value. */
export function seedTexts(vm: Vm, cloudInit: CloudInit): SeedTexts {
  return {
    'user-data': `#cloud-config\n${json(userData(vm, cloudInit))}`,
    'network-config': json(networkConfig(vm)),
  };
}

/** cloud-init does all its work again when the instance has another ID. */
export const metaData = (vm: Vm, { hostname }: CloudInit, instance: string): string =>
  json({ 'instance-id': instance, 'local-hostname': hostname ?? vm.name });

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function userData({ name }: Vm, { user, password, sshKeys, hostname, packages }: CloudInit): unknown {
  return {
    hostname: hostname ?? name,
    ...(user === undefined ? {} : { users: [userOf(user, password, sshKeys)] }),
    ...(password === undefined ? {} : { ssh_pwauth: true }),
    ...(packages.length === 0 ? {} : { packages }),
  };
}

const userOf = (name: string, password: string | undefined, keys: readonly string[]): unknown => ({
  name,
  sudo: 'ALL=(ALL) NOPASSWD:ALL',
  shell: '/bin/bash',
  ...(keys.length === 0 ? {} : { ssh_authorized_keys: keys }),
  ...(password === undefined ? { lock_passwd: true } : { lock_passwd: false, plain_text_passwd: password }),
});

/** Version 2. NICs are told by their MACs, as their names depend on the guest. */
function networkConfig(vm: Vm): unknown {
  const nics = vm.nics.filter(({ mac }) => mac !== undefined);
  const vlans = nics.flatMap(nic =>
    nic.tagged
      .filter(({ addresses }) => addresses.length > 0)
      .map(({ vlan, addresses }): readonly [string, unknown] => [
        `${nameOf(nic)}.${vlan}`,
        { id: vlan, link: nameOf(nic), ...addressing(addresses, vm.gateway) },
      ]),
  );
  return {
    version: 2,
    ethernets: Object.fromEntries(
      nics.map(nic => [
        nameOf(nic),
        { match: { macaddress: nic.mac }, 'set-name': nameOf(nic), ...addressing(nic.addresses, vm.gateway) },
      ]),
    ),
    ...(vlans.length === 0 ? {} : { vlans: Object.fromEntries(vlans) }),
  };
}

const nameOf = ({ number }: Nic): string => `nic${number}`;

/** `dhcp` and addresses with prefix lengths; the default route leaves through the network that has the router. */
function addressing(addresses: readonly string[], gateway: string | undefined) {
  const fixed = addresses.filter(address => address !== 'dhcp');
  const router = gateway !== undefined && fixed.some(address => reaches(address, gateway)) ? gateway : undefined;
  return {
    dhcp4: addresses.includes('dhcp'),
    ...(fixed.length === 0 ? {} : { addresses: fixed }),
    ...(router === undefined ? {} : { routes: [{ to: router.includes(':') ? '::/0' : '0.0.0.0/0', via: router }] }),
  };
}

function reaches(address: string, gateway: string): boolean {
  const [own, router] = [parseCidr(address), parseIp(gateway)];
  return own !== undefined && router !== undefined && contains(networkOf(own), router);
}
