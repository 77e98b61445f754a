import { switchCommands } from '../../vde/switch-commands.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import type { CheckBench } from './check-bench.ts';
import { failed, passed, type Verdict } from './check-result.ts';

/** Whether a switch is the root of its spanning tree; VLAN 0: that of ports without one. */
export async function judgeRoot(name: string, vlan: number, bench: CheckBench): Promise<Verdict> {
  const management = managementOf(bench.runningSwitch(name));
  const ask = async <T>(command: { line: string; parse: (data: string) => T; fine: readonly number[] }): Promise<T> => {
    const told = await askSwitch(bench.parts.management, management, command, bench.signal);
    bench.note(`${name}$ ${command.line}: ${JSON.stringify(told)}`);
    return told;
  };
  const where = vlan === 0 ? '' : ` of VLAN ${vlan}`;
  if (!(await ask(switchCommands.stpInfo())).isOn) return failed(`The spanning tree of ${name} is off.`);
  const tree = (await ask(switchCommands.printStp())).find(one => one.vlan === vlan);
  if (!tree) return failed(`${name} takes no part in a spanning tree${where}.`);
  if (tree.isRoot) return passed(`${name} is the root of the spanning tree${where}.`);
  const way = tree.rootPort === undefined ? 'and has found none yet' : `and reaches it by port ${tree.rootPort}`;
  return failed(`${name} is not the root of the spanning tree${where}; it takes ${tree.root} for it ${way}.`);
}
