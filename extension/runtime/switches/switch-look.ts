import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { SwitchPort, VlanTable } from '../../vde/port-table.ts';
import { isDone, switchCommands, type SwitchCommand } from '../../vde/switch-commands.ts';
import type { HashEntry, PortFacts, SpanningTree, SpanningTreeFacts } from '../../vde/switch-tables.ts';
import type { Clock, ManagementDialer } from '../host.ts';

/** What a switch told at one moment. */
export interface SwitchLook {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ports: readonly SwitchPort[];
  readonly vlans: readonly VlanTable[];
  readonly hash: readonly HashEntry[];
  readonly facts: PortFacts;
  readonly stp: SpanningTreeFacts;
  /** One for each VLAN; empty while the spanning tree is off. */
  readonly trees: readonly SpanningTree[];
}

/** Asks one command. Rejects with a UserError that names the switch if it refuses or does not answer. */
export async function askSwitch<T>(
  dialer: ManagementDialer,
  management: string,
  command: SwitchCommand<T>,
  signal?: CancelSignal,
): Promise<T> {
  const { code, text, data } = await dialer.exchange(management, command.line, signal);
  if (isDone(code, command)) return command.parse(data);
  throw new UserError(`${management} refused "${command.line}": ${text} (${code ?? 'no code'}).`);
}

/** Everything that changes about a switch. */
export async function lookAtSwitch(
  dialer: ManagementDialer,
  management: string,
  clock: Pick<Clock, 'now'>,
  signal?: CancelSignal,
): Promise<SwitchLook> {
  const ask = <T>(command: SwitchCommand<T>): Promise<T> => askSwitch(dialer, management, command, signal);
  const ports = await ask(switchCommands.printAllPorts());
  const at = clock.now();
  const vlans = await ask(switchCommands.printAllVlans());
  const hash = await ask(switchCommands.printHash());
  const facts = await ask(switchCommands.portInfo());
  const stp = await ask(switchCommands.stpInfo());
  const trees = stp.isOn ? await ask(switchCommands.printStp()) : [];
  return { at, ports, vlans, hash, facts, stp, trees };
}

/**
 * As above, with one question: the tables that seldom change are those of the look before. In a spanning tree, ports
 * change their state without anybody being plugged in or out, so then those tables are asked for too.
 */
export async function lookAtPorts(
  dialer: ManagementDialer,
  management: string,
  clock: Pick<Clock, 'now'>,
  before: SwitchLook,
): Promise<SwitchLook> {
  const ports = await askSwitch(dialer, management, switchCommands.printAllPorts());
  const at = clock.now();
  if (!before.stp.isOn) return { ...before, at, ports };
  const vlans = await askSwitch(dialer, management, switchCommands.printAllVlans());
  const trees = await askSwitch(dialer, management, switchCommands.printStp());
  return { ...before, at, ports, vlans, trees };
}
