import type { Vm } from '../../lab/model.ts';
import { switchCommands } from '../../vde/switch-commands.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import type { CheckBench } from './check-bench.ts';
import { addressesNow } from './guest-addresses.ts';
import { connectCommand, portWords, readConnect, toolsOf } from './guest-tools.ts';
import type { CheckPath } from './check-path.ts';

/**
 * Why silence proves nothing: who asks has no network, or who is asked would not have answered anyway. Undefined: who asks
 * has, and who is asked does answer itself.
 */
export async function whyNotTestable(path: CheckPath, bench: CheckBench): Promise<string | undefined> {
  return (await whyCutOff(path.from, bench)) ?? (await whyDeaf(path, bench));
}

async function whyCutOff(vm: Vm, bench: CheckBench): Promise<string | undefined> {
  const { output } = await bench.run(vm, 'cat /sys/class/net/e*/carrier 2>/dev/null; ip -o addr');
  const addresses = /scope (?:global|site)/.test(output);
  if (!addresses) return `${vm.name} has no address, so it reaches nobody at all.`;
  if (!/^1$/m.test(output)) return `The cables of ${vm.name} are pulled, so it reaches nobody at all.`;
  for (const { switch: name, port } of vm.nics) {
    if (port === undefined) continue;
    const command = switchCommands.printPort(port);
    const told = await askSwitch(
      bench.parts.management,
      managementOf(bench.runningSwitch(name)),
      command,
      bench.signal,
    );
    bench.note(`${name}$ ${command.line}: ${told?.endpoints.length ?? 0} plugged in`);
    if (told?.endpoints.length) return undefined;
  }
  return `${vm.name} is plugged into no switch, so it reaches nobody at all.`;
}

/** Of what is outside of the lab nothing can be asked. */
async function whyDeaf({ target, port }: CheckPath, bench: CheckBench): Promise<string | undefined> {
  const { vm, address } = target;
  if (!vm) return undefined;
  if (!(await addressesNow(vm, bench)).includes(address))
    return `${vm.name} does not have ${address} now, so nobody could answer there.`;
  if (port?.protocol !== 'tcp') return undefined;
  const own = readConnect(await bench.run(vm, connectCommand(await toolsOf(vm, bench), address, port.number)));
  if (own === 'reached') return undefined;
  return `${vm.name} does not even answer itself${portWords(port)}, so that others are not answered proves nothing.`;
}
