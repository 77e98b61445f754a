import { UserError } from '../../base/user-error.ts';
import { targetsOf, type CheckEnd, type CheckTarget } from '../../lab/expectations/check-ends.ts';
import type { Vm } from '../../lab/model.ts';
import type { CheckBench } from './check-bench.ts';
import { couldNot, failed, passed, worstOf, type Verdict } from './check-result.ts';
import { withKnownAddress } from './guest-addresses.ts';
import { pingCommand, readPing } from './guest-tools.ts';
import { isOnly } from './judge-reach.ts';
import { targetWords } from './check-path.ts';

interface PingOrder {
  readonly from: readonly Vm[];
  readonly to: CheckEnd;
  /** Percent; undefined: it may all be lost but one. */
  readonly loss: number | undefined;
  /** Milliseconds; undefined: however long it takes. */
  readonly ms: number | undefined;
}

/** Loss in both directions and the mean time there and back, by a row of pings. */
export async function judgePing({ from, to, loss, ms }: PingOrder, bench: CheckBench): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const vm of from) {
    const targets = targetsOf(bench.lab, vm, to);
    if (targets.length === 0 && !isOnly(vm, to))
      verdicts.push(couldNot(`There is no address that ${vm.name} could ping.`));
    for (const target of targets)
      verdicts.push(await pingOne(vm, await withKnownAddress(target, bench), { loss, ms }, bench));
  }
  return worstOf(verdicts);
}

/** So many that one lost packet is less than the loss that is allowed. */
const countFor = (loss: number | undefined): number =>
  loss === undefined ? 10 : Math.min(200, Math.max(20, Math.ceil(100 / Math.max(loss, 0.5))));
const interval = 0.1;

async function pingOne(
  vm: Vm,
  target: CheckTarget,
  { loss, ms }: Pick<PingOrder, 'loss' | 'ms'>,
  bench: CheckBench,
): Promise<Verdict> {
  const count = countFor(loss);
  // The first ones find the way, which takes longer and is no loss.
  await bench.run(vm, pingCommand(target.address, 2, interval));
  const answer = readPing(await bench.run(vm, pingCommand(target.address, count, interval), 180_000));
  if (!answer) throw new UserError(`On ${vm.name} ping failed in a way of its own. See the transcript.`);
  const lost = (100 * (answer.sent - answer.received)) / answer.sent;
  const words = `${vm.name} to ${targetWords(target)}: ${round(lost)} % of ${answer.sent} lost, ${
    answer.ms === undefined ? 'no time' : `${round(answer.ms)} ms on average`
  }.`;
  if (answer.received === 0) return failed(words);
  const isLossy = loss !== undefined && lost > loss;
  const isSlow = ms !== undefined && (answer.ms ?? Infinity) > ms;
  if (!isLossy && !isSlow) return passed(words);
  const limits = [...(isLossy ? [`${loss} %`] : []), ...(isSlow ? [`${ms} ms`] : [])].join(' and ');
  return failed(`${words} Allowed: ${limits}.`);
}

const round = (value: number): string => String(Number(value.toPrecision(3)));
