import { UserError } from '../../base/user-error.ts';
import { targetsOf, type CheckTarget } from '../../lab/expectations/check-ends.ts';
import { writeAmount } from '../../lab/fault-amounts.ts';
import type { Vm } from '../../lab/model.ts';
import type { CheckBench } from './check-bench.ts';
import { couldNot, failed, passed, worstOf, type Verdict } from './check-result.ts';
import { withKnownAddress } from './guest-addresses.ts';
import { toolsOf } from './guest-tools.ts';
import { targetWords } from './check-path.ts';

interface RateOrder {
  /** Who sends, and who gets it. */
  readonly from: readonly Vm[];
  readonly to: readonly Vm[];
  /** A second, at least. */
  readonly bits: number;
}

/** Over TCP, by nc in both guests. */
export async function judgeRate({ from, to, bits }: RateOrder, bench: CheckBench): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const taker of to)
    for (const giver of from.filter(vm => vm !== taker)) {
      const [target] = targetsOf(bench.lab, taker, { kind: 'vms', vms: [giver], nic: undefined });
      if (target) verdicts.push(await measure(giver, taker, await withKnownAddress(target, bench), bits, bench));
      else verdicts.push(couldNot(`${giver.name} has no address that ${taker.name} could try.`));
    }
  return worstOf(verdicts);
}

/** So much that it takes some seconds at the rate that is wanted. */
const bytesFor = (bits: number): number => Math.round(Math.min(64e6, Math.max(64e3, (bits / 8) * 3)));
const longestSeconds = 30;

async function measure(giver: Vm, taker: Vm, target: CheckTarget, bits: number, bench: CheckBench): Promise<Verdict> {
  for (const vm of [giver, taker]) await expectNc(vm, bench);
  const port = 40_000 + ((bench.parts.random() >>> 0) % 20_000);
  // It ends by itself if nobody comes.
  await bench.run(giver, `(timeout ${longestSeconds + 15} nc -l -p ${port} </dev/zero >/dev/null 2>&1 &)`);
  await bench.run(giver, untilListening(port));
  const { output } = await bench.run(taker, takeCommand(target.address, port, bytesFor(bits)), 1000 * 90);
  const lines = output.split('\n').filter(line => /^[\d. ]+$/.test(line));
  const [began = NaN, count = NaN, ended = NaN] = lines.map(line => Number.parseFloat(line));
  const seconds = ended - began;
  if (!(seconds > 0) || Number.isNaN(count))
    throw new UserError(`VM ${taker.name} does not tell how much came. See the transcript.`);
  if (count === 0) return failed(`${taker.name} got nothing at all from ${targetWords(target)}.`);
  const rate = (8 * count) / seconds;
  const words = `${taker.name} got ${amount(rate)} a second from ${targetWords(target)}`;
  return rate >= bits ? passed(`${words}.`) : failed(`${words}, and ${amount(bits)} are wanted.`);
}

async function expectNc(vm: Vm, bench: CheckBench): Promise<void> {
  const tools = await toolsOf(vm, bench);
  const missing = ['nc', 'timeout', 'head'].find(name => !tools.has(name));
  if (missing !== undefined) throw new UserError(`VM ${vm.name} has no ${missing}, which is measured with.`);
}

const untilListening = (port: number): string =>
  `for n in 1 2 3 4 5 6 7 8 9 10; do cat /proc/net/tcp* | grep -q ':${hex(port)} 0' && break; sleep 1; done`;

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** What it is to say lasts for ever (a pipe of its own that nobody writes to), as either end goes when the other has no more. */
const takeCommand = (address: string, port: number, bytes: number): string =>
  [
    'cat /proc/uptime',
    `mkfifo /tmp/rate.${port}`,
    `timeout ${longestSeconds} nc ${address} ${port} <>/tmp/rate.${port} | head -c ${bytes} | wc -c`,
    'cat /proc/uptime',
    `rm /tmp/rate.${port}`,
  ].join('; ');

const amount = (bits: number): string => writeAmount('speed', { value: Number((bits / 8).toPrecision(3)) });
