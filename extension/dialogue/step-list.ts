import type { Deed, InstallScript, Step } from './install-script.ts';

/** Steps with all that stand in them, in the order of reading, which is that of their numbers. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap(step => [step, ...allSteps(innerSteps(step))]);
}

/** The steps that stand in one. */
export function innerSteps({ expect, deed }: Step): readonly Step[] {
  const waiting = [expect, deed && 'otherwise' in deed ? deed : undefined];
  // An `else` of a step that waits and does something that waits too is the same for both.
  const otherwise = new Set(waiting.flatMap(one => one?.otherwise ?? []));
  return [...otherwise, ...stepsOf(deed)];
}

function stepsOf(deed: Deed | undefined): readonly Step[] {
  if (!deed) return [];
  const branches = 'branches' in deed ? deed.branches.flatMap(({ steps }) => steps) : [];
  return 'steps' in deed ? [...deed.steps, ...branches] : branches;
}

/** The step that a person means by its name or number. */
export function findStep({ steps }: InstallScript, word: string): Step | undefined {
  const all = allSteps(steps);
  return all.find(({ name }) => name === word) ?? all.find(({ number }) => String(number) === word);
}

/** The steps that lead to one, outermost first, itself at the end; empty: it is none of these. */
export function wayTo(target: Step, steps: readonly Step[]): readonly Step[] {
  for (const step of steps) {
    if (step === target) return [step];
    const inner = wayTo(target, innerSteps(step));
    if (inner.length > 0) return [step, ...inner];
  }
  return [];
}
