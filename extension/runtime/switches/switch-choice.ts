import { UserError } from '../../base/user-error.ts';
import { isSameSocket } from '../../vde/plug-address.ts';
import type { RunningSwitch, RunningVm } from '../state.ts';

/** The running switch that is meant by `lan`, `dmz/lan` or the path of its sockets. Throws a UserError otherwise. */
export function chooseSwitch(text: string, switches: readonly RunningSwitch[]): RunningSwitch {
  const isPath = text.startsWith('/') || text.startsWith('./');
  const bySocket = switches.filter(
    ({ socket, management }) => isPath && (isSameSocket(socket, text) || management === text),
  );
  return only(text, bySocket.length > 0 ? bySocket : named(text, switches), 'switch', switches);
}

/** The running VM that is meant by `fw`, `dmz/fw` or its pid. Throws a UserError otherwise. */
export function chooseVm(text: string, vms: readonly RunningVm[]): RunningVm {
  const found = named(text, vms);
  return only(text, found.length > 0 ? found : vms.filter(vm => String(vm.pid) === text), 'VM', vms);
}

interface Named {
  readonly name: string | undefined;
  readonly lab: string | undefined;
  readonly pid: number;
}

/** Those of labs go before others of the same name, which can be told by their path or pid. */
function named<T extends Named>(text: string, list: readonly T[]): readonly T[] {
  const all = list.filter(({ name, lab }) => name === text || (lab !== undefined && `${lab}/${name ?? ''}` === text));
  const ofLabs = all.filter(({ lab }) => lab !== undefined);
  return ofLabs.length > 0 ? ofLabs : all;
}

function only<T extends Named>(text: string, found: readonly T[], kind: string, all: readonly T[]): T {
  const [one, ...others] = found;
  if (one && others.length === 0) return one;
  const words = ({ name, lab, pid }: Named): string =>
    `${lab === undefined ? (name ?? '') : `${lab}/${name ?? ''}`}${kind === 'VM' ? ` (process ${pid})` : ''}`;
  const list = (ones: readonly T[]): string => ones.map(words).join(', ');
  if (one) throw new UserError(`Which ${kind} ${text}? There are ${list(found)}.`);
  const running = all.length === 0 ? `no ${kind} runs at all` : `running: ${list(all)}`;
  throw new UserError(`No ${kind} ${text} runs on this host; ${running}.`);
}
