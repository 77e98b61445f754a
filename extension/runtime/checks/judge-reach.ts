import { UserError } from '../../base/user-error.ts';
import { forbiddenTargets, targetsOf, type CheckEnd } from '../../lab/expectations/check-ends.ts';
import type { CheckPort } from '../../lab/expectations/sentence.ts';
import type { Vm } from '../../lab/model.ts';
import { addressesNow, withKnownAddress } from './guest-addresses.ts';
import type { CheckBench } from './check-bench.ts';
import { targetWords, type CheckPath } from './check-path.ts';
import { couldNot, failed, passed, worstOf, type Verdict } from './check-result.ts';
import {
  connectCommand,
  pingCommand,
  portWords,
  readConnect,
  readPing,
  readRoute,
  routeCommand,
  toolsOf,
  type Reached,
} from './guest-tools.ts';
import { whyNotTestable } from './testable.ts';
import { reachByUdp } from './udp-reach.ts';

export interface ReachOrder {
  readonly from: readonly Vm[];
  readonly to: CheckEnd;
  /** As the sentence says it, for messages. */
  readonly toWord: string;
  readonly port: CheckPort | undefined;
  readonly isForbidden: boolean;
  /** The way leads through each of them; undefined: whatever way. */
  readonly through: readonly Vm[] | undefined;
}

/** Whether each VM reaches all that is named, or none of it. */
export async function judgeReach(order: ReachOrder, bench: CheckBench): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const from of order.from) verdicts.push(...(await judgeFrom(from, order, bench)));
  return worstOf(verdicts);
}

async function judgeFrom(from: Vm, order: ReachOrder, bench: CheckBench): Promise<readonly Verdict[]> {
  const { to, toWord, port, isForbidden, through } = order;
  const targets = (isForbidden ? forbiddenTargets : targetsOf)(bench.lab, from, to);
  if (targets.length === 0 && isOnly(from, to)) return [];
  if (targets.length === 0) return [couldNot(`${toWord} has no address that ${from.name} could try.`)];
  const tools = await toolsOf(from, bench);
  const verdicts: Verdict[] = [];
  for (const one of targets) {
    const target = await withKnownAddress(one, bench);
    const path = { from, tools, target, port };
    const reached = await tryPath(path, bench);
    const verdict = isForbidden ? await forbidden(path, reached, bench) : wanted(path, reached);
    const isOver = verdict.outcome !== 'passed' || !through;
    verdicts.push(isOver ? verdict : await wayThrough(path, through, bench));
  }
  return verdicts;
}

/** Whether `from` is all that is meant: of itself nothing is asked. */
export const isOnly = (from: Vm, end: CheckEnd): boolean => end.kind === 'vms' && end.vms.every(vm => vm === from);

/** Of these pings one answer is enough: the first may get lost while nobody knows the way yet. */
const pings = 3;
const pingSeconds = 0.3;

async function tryPath({ from, tools, target, port }: CheckPath, bench: CheckBench): Promise<Reached> {
  if (port?.protocol === 'udp') return reachByUdp({ from, tools, target, port }, bench);
  if (port) return readConnect(await bench.run(from, connectCommand(tools, target.address, port.number)));
  const answer = readPing(await bench.run(from, pingCommand(target.address, pings, pingSeconds)));
  if (!answer) return 'unclear';
  return answer.received > 0 ? 'reached' : 'silent';
}

function wanted(path: CheckPath, reached: Reached): Verdict {
  const [from, to] = [path.from.name, `${targetWords(path.target)}${portWords(path.port)}`];
  switch (reached) {
    case 'reached':
      return passed(`${from} reaches ${to}.`);
    case 'refused':
      return failed(`${from} is refused by ${to}: nothing listens there, or a firewall says no.`);
    case 'silent':
      return failed(`${from} got no answer from ${to}.`);
    case 'unclear':
      return couldNot(`On ${from} the program that was to reach ${to} failed in a way of its own. See the transcript.`);
  }
}

/** That nobody answered proves something only if somebody could have answered. */
async function forbidden(path: CheckPath, reached: Reached, bench: CheckBench): Promise<Verdict> {
  const [from, to] = [path.from.name, `${targetWords(path.target)}${portWords(path.port)}`];
  if (reached === 'reached') return failed(`${from} reaches ${to}, and must not.`);
  if (reached === 'unclear') return wanted(path, reached);
  const reason = await whyNotTestable(path, bench);
  if (reason !== undefined) return couldNot(reason);
  return passed(`${from} does not reach ${to}${reached === 'refused' ? ': it is refused' : ''}.`);
}

async function wayThrough(path: CheckPath, through: readonly Vm[], bench: CheckBench): Promise<Verdict> {
  const { from, tools, target } = path;
  const { output } = await bench.run(from, routeCommand(tools, target.address), 120_000);
  const hops = readRoute(output);
  for (const router of through) {
    const own = await addressesNow(router, bench);
    if (own.length === 0) throw new UserError(`VM ${router.name} has no address by which it could be told on the way.`);
    if (hops.some(hop => own.includes(hop))) continue;
    const seen = hops.length === 0 ? 'nobody told itself' : `it leads through ${hops.join(', ')}`;
    return failed(`The way from ${from.name} to ${targetWords(target)} does not lead through ${router.name}: ${seen}.`);
  }
  return passed(`${from.name} reaches ${targetWords(target)}${portWords(path.port)}, through ${hops.join(', ')}.`);
}
