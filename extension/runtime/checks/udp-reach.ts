import { UserError } from '../../base/user-error.ts';
import type { CheckPort } from '../../lab/expectations/sentence.ts';
import type { Vm } from '../../lab/model.ts';
import type { CheckBench } from './check-bench.ts';
import { enoughPackets, readUdpCount, sendCommand, udpCountCommand, type Reached } from './guest-tools.ts';
import type { CheckPath } from './check-path.ts';

/**
 * UDP need not be answered, so it is the receiver's kernel that is asked how many packets it got, for whatever port. That a
 * port refuses them shows that they arrive.
 */
export async function reachByUdp(
  { from, tools, target, port }: CheckPath & { readonly port: CheckPort },
  bench: CheckBench,
): Promise<Reached> {
  if (!target.vm) throw new UserError('Whether a UDP packet arrives is seen in the guest, so name a VM of the lab.');
  const before = await udpCount(target.vm, bench);
  await bench.run(from, sendCommand(tools, target.address, port.number));
  const arrived = (await udpCount(target.vm, bench)) - before;
  bench.note(`${arrived} packets arrived at ${target.vm.name}`);
  return arrived >= enoughPackets ? 'reached' : 'silent';
}

async function udpCount(vm: Vm, bench: CheckBench): Promise<number> {
  const count = readUdpCount((await bench.run(vm, udpCountCommand)).output);
  if (count !== undefined) return count;
  throw new UserError(`VM ${vm.name} does not tell how many UDP packets it got.`);
}
