import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { labChanges } from '../../cluster/configuration.ts';
import type { ClusterTools } from '../cluster-ports.ts';
import { change, verify } from './cluster.ts';
import type { HaPlan } from './ha-plan.ts';

/** The cluster counts what happens in it as changes too, such as a start that is done: then it is read once more. */
const mostTries = 10;

/** Makes the running cluster as a plan says, in one step, as long as that changes what was shown and nothing else. */
export async function applyPlan(
  tools: ClusterTools,
  lab: string,
  shown: HaPlan,
  planAgain: () => Promise<HaPlan>,
  signal: CancelSignal,
): Promise<void> {
  const changes = ({ before, after }: HaPlan): string => JSON.stringify(labChanges(before, after, lab));
  await verify(tools, shown.after);
  let now = shown;
  for (let tries = 0; tries < mostTries && !signal.aborted; tries += 1) {
    if (changes(now) !== changes(shown)) break;
    if (await change(tools, now.before, now.after)) return;
    now = await planAgain();
  }
  throw new UserError('Somebody else is changing the cluster. Nothing was changed. Look again: kvmlab ha diff');
}
