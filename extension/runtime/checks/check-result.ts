import type { LabCheck } from '../../lab/expectations/lab-check.ts';

/**
 * `could-not`: nothing can be said, as a VM does not run, a tool is missing or what is to be reached does not answer even
 * itself. It counts as little as a failure: a check passes only if it was seen to hold.
 */
export type CheckOutcome = 'passed' | 'failed' | 'could-not';

/** What became of one look, in words for people. */
export interface Verdict {
  readonly outcome: CheckOutcome;
  readonly message: string;
}

export interface CheckResult extends Verdict {
  readonly check: LabCheck;
  /** What was run in guests and asked of switches, with the answers; lines ended by \n. */
  readonly transcript: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

export const passed = (message: string): Verdict => ({ outcome: 'passed', message });
export const failed = (message: string): Verdict => ({ outcome: 'failed', message });
export const couldNot = (message: string): Verdict => ({ outcome: 'could-not', message });

const weight: Readonly<Record<CheckOutcome, number>> = { passed: 0, 'could-not': 1, failed: 2 };

/** Of several looks at one check: the worst one's outcome, with the messages of all that are as bad. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const worst = Math.max(...verdicts.map(({ outcome }) => weight[outcome]));
  const told = verdicts.filter(({ outcome }) => weight[outcome] === worst);
  const [first] = told;
  if (!first) return couldNot('There is nobody whom this check is about.');
  return { outcome: first.outcome, message: [...new Set(told.map(({ message }) => message))].join(' ') };
}
