import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { LabCheck } from '../../lab/expectations/lab-check.ts';
import type { Lab } from '../../lab/model.ts';
import { isMistake, readSentence } from '../../lab/expectations/sentence.ts';
import { CheckBench, type CheckParts } from './check-bench.ts';
import { couldNot, type CheckResult, type Verdict } from './check-result.ts';
import { judgeCommand } from './judge-command.ts';
import { judgeSentence } from './judge-sentence.ts';

export type CheckEvent =
  { readonly kind: 'begins'; readonly check: LabCheck } | { readonly kind: 'ends'; readonly result: CheckResult };

const restMs = 500;

/**
 * Looks at these checks of a lab one after another, as they share consoles and the host. Never rejects for what is wrong with
 * the lab. Called off, it ends with the check at hand, of which it then gives no result.
 */
export async function* runChecks(
  lab: Lab,
  checks: readonly LabCheck[],
  parts: CheckParts,
  signal?: CancelSignal,
): AsyncGenerator<CheckEvent, void, undefined> {
  for (const check of checks) {
    if (signal?.aborted) return;
    yield { kind: 'begins', check };
    const result = await runCheck(lab, check, parts, signal);
    if (signal?.aborted) return;
    yield { kind: 'ends', result };
  }
}

/** Tries again for as long as the check says; what is told is the last try. */
async function runCheck(
  lab: Lab,
  check: LabCheck,
  parts: CheckParts,
  signal: CancelSignal | undefined,
): Promise<CheckResult> {
  const { clock } = parts;
  const began = clock.now();
  for (;;) {
    const bench = new CheckBench(lab, parts, signal);
    const verdict = await lookOnce(check, bench);
    const ms = clock.now() - began;
    if (verdict.outcome === 'passed' || ms >= check.waitMs || signal?.aborted)
      return { check, ...verdict, transcript: bench.transcript, ms };
    await new Promise<void>(resolve => void clock.after(restMs, resolve));
  }
}

async function lookOnce({ says }: LabCheck, bench: CheckBench): Promise<Verdict> {
  try {
    await bench.parts.look();
    if (says.kind === 'command') return await judgeCommand(says, bench);
    const sentence = readSentence(says.text);
    return isMistake(sentence) ? couldNot(sentence.message) : await judgeSentence(sentence, bench);
  } catch (error) {
    if (error instanceof UserError) return couldNot(error.message);
    throw error;
  }
}
