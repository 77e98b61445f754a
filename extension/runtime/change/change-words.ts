import { UserError } from '../../base/user-error.ts';
import type { ApplyReport } from './change-apply.ts';
import type { ChangePlan } from './change-plan.ts';
import { isChosen } from './change-step.ts';
import { count } from '../views/tree-node.ts';

/** `3 changes can be applied to dmz while it runs, 1 needs a restart.` */
export function summaryOf({ lab, steps }: ChangePlan): string {
  const chosen = steps.filter(isChosen).length;
  const restarts = steps.filter(step => step.kind === 'restart').length;
  const manual = steps.length - chosen - restarts;
  const parts = [
    ...(chosen > 0 ? [`${count(chosen, 'change')} can be applied to ${lab.name} while it runs`] : []),
    ...(restarts > 0
      ? [`${chosen > 0 ? restarts : count(restarts, 'change')} need${restarts === 1 ? 's' : ''} a restart`]
      : []),
    ...(manual > 0
      ? [`${chosen + restarts > 0 ? manual : count(manual, 'change')} wait${manual === 1 ? 's' : ''} for you`]
      : []),
  ];
  const text = parts.join(', ');
  return text === '' ? `What runs of ${lab.name} is as its file says.` : `${text}.`;
}

/** The same with what it is about, where that is not too long for a notification. */
export function offerWords(plan: ChangePlan): string {
  const steps = plan.steps.map(step => step.words);
  return steps.length <= 2 ? `${steps.join('; ')}. ${summaryOf(plan)}` : summaryOf(plan);
}

/** What to say of a try that did not get to its end; undefined: it did. */
export function applyError(lab: string, path: string, { done, failed, left }: ApplyReport): UserError | undefined {
  if (!failed && left.length === 0) return undefined;
  const total = done.length + left.length + (failed ? 1 : 0);
  const made =
    done.length === 0 ? `Nothing of ${lab} was changed.` : `${done.length} of ${total} changes of ${lab} were made.`;
  const what = failed ? `${failed.step.words}: ${failed.error.message}` : 'Called off.';
  const rest = left.length === 0 ? '' : ` Not made: ${left.map(step => step.words).join('; ')}.`;
  return new UserError(
    `${made} ${what}${rest}`,
    [{ title: 'Show Plan', command: 'kvmlab.showPlan', args: [{ lab: path, kind: 'lab', name: lab }] }],
    { cause: failed?.error },
  );
}
