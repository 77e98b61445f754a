import { isGood, type VmAnswer } from './run-on-many.ts';

/** VMs that said the same. */
export interface SameAnswer {
  readonly vms: readonly string[];
  /** `status 1`, or why there is no status; undefined: all went well. */
  readonly trouble: string | undefined;
  /** Without the last line end. */
  readonly output: string;
}

/** Answers that are the same stand together, where the first of them is. */
export function sameAnswers(answers: readonly VmAnswer[]): readonly SameAnswer[] {
  const groups = new Map<string, SameAnswer>();
  for (const answer of answers) {
    const trouble = troubleOf(answer);
    const output = (answer.answer?.output ?? '').replace(/\n$/, '') + (answer.answer?.isCut ? '\n…' : '');
    const key = JSON.stringify([trouble, output]);
    groups.set(key, { vms: [...(groups.get(key)?.vms ?? []), answer.vm], trouble, output });
  }
  return [...groups.values()];
}

export function troubleOf(answer: VmAnswer): string | undefined {
  if (isGood(answer)) return undefined;
  return answer.failure ?? `status ${answer.answer?.status ?? 'unknown'}`;
}

/** Of all answers: `3 of 4 VMs answered; 1 failed.` */
export function manyWords(answers: readonly VmAnswer[]): string {
  const [good, all] = [answers.filter(isGood).length, answers.length];
  if (good === all) return all === 1 ? '1 VM: done.' : `${all} VMs: done.`;
  return `${good} of ${all} VMs: done; ${all - good} failed.`;
}
