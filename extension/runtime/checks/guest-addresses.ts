import { UserError } from '../../base/user-error.ts';
import type { CheckTarget } from '../../lab/expectations/check-ends.ts';
import type { Vm } from '../../lab/model.ts';
import type { CheckBench } from './check-bench.ts';

/** The addresses that a guest has now, without prefix lengths; those of its own loopback and of one link left out. */
export async function addressesNow(vm: Vm, bench: CheckBench): Promise<readonly string[]> {
  return readAddresses((await bench.run(vm, 'ip -o addr')).output).map(({ address }) => address);
}

/** By `ip -o addr` of busybox and iproute2. */
export function readAddresses(output: string): readonly { readonly interface: string; readonly address: string }[] {
  return [...output.matchAll(/^\d+: ([^\s:@]+)\S*\s+inet6? ([\da-f.:]+)\/\d+ .*?scope (global|site)/gim)].map(
    ([, name = '', address = '']) => ({ interface: name, address }),
  );
}

/** What the lab file leaves to DHCP is asked of the guest: the tiny guest's NIC n is eth(n-1). */
export async function withKnownAddress(target: CheckTarget, bench: CheckBench): Promise<CheckTarget> {
  const { vm, nic, address } = target;
  if (address !== 'dhcp' || !vm || !nic) return target;
  const { output } = await bench.run(vm, 'ip -o link; ip -o addr');
  const own = interfaceOf(output, nic.mac);
  const found = readAddresses(output).find(one => one.interface === own);
  if (found) return { ...target, address: found.address };
  throw new UserError(`NIC ${nic.number} of ${vm.name} has got no address by DHCP yet.`);
}

function interfaceOf(output: string, mac: string | undefined): string | undefined {
  const line = output.split('\n').find(one => mac !== undefined && one.toLowerCase().includes(mac));
  return line === undefined ? undefined : /^\d+: ([^\s:@]+)/.exec(line)?.[1];
}
