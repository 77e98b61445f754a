import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { ScenarioStep } from '../../lab/scenario.ts';
import type { Clock } from '../host.ts';
import { timePassed } from '../time-passed.ts';
import { eventsOf, type ScenarioEvent, type TimedStep } from './scenario-plan.ts';

/** What one step does to a lab. Both reject with a UserError that names what it is about. */
export interface Deed {
  /** Does it; what goes on while the step lasts is not waited for. */
  begin(): Promise<void>;
  /** Puts back what was before, also if `begin` got only half of it done. */
  undo(): Promise<void>;
}

export interface ScenarioRun {
  readonly clock: Clock;
  readonly signal: CancelSignal;
  /** Looks at what a step is about and changes nothing. Rejects with a UserError if the step cannot be done. */
  readonly prepare: (step: ScenarioStep) => Promise<Deed>;
  /** Called when a step was begun or taken back. */
  readonly onEvent: (event: 'begun' | 'over', step: ScenarioStep) => void;
}

interface Begun {
  readonly timed: TimedStep;
  readonly deed: Deed;
}

/**
 * Does the steps of a plan at their times. However it ends (over, called off, or a failure), all that was begun is put
 * back, last first. Nothing is begun unless all steps can be. Rejects with a UserError that tells of all that failed.
 */
export async function runScenario(plan: readonly TimedStep[], run: ScenarioRun): Promise<void> {
  for (const { step } of plan) await run.prepare(step);
  const begun: Begun[] = [];
  const failures: unknown[] = [];
  try {
    const start = run.clock.now();
    for (const event of eventsOf(plan)) {
      await timePassed(run.clock, start + event.atMs - run.clock.now(), run.signal);
      if (run.signal.aborted) break;
      await happen(event, begun, run);
    }
  } catch (error) {
    failures.push(error);
  }
  while (begun.length > 0) {
    try {
      await takeBack(begun.at(-1), begun, run);
    } catch (error) {
      failures.push(error);
    }
  }
  throwAll(failures);
}

async function happen({ timed, isEnd }: ScenarioEvent, begun: Begun[], run: ScenarioRun): Promise<void> {
  if (isEnd) {
    await takeBack(
      begun.find(one => one.timed === timed),
      begun,
      run,
    );
    return;
  }
  const deed = await run.prepare(timed.step);
  begun.push({ timed, deed });
  await deed.begin();
  run.onEvent('begun', timed.step);
}

/** Each is tried once: what cannot be put back is told. */
async function takeBack(one: Begun | undefined, begun: Begun[], run: ScenarioRun): Promise<void> {
  if (!one) return;
  begun.splice(begun.indexOf(one), 1);
  await one.deed.undo();
  run.onEvent('over', one.timed.step);
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length === 0) return;
  if (!failures.every(one => one instanceof UserError)) throw new AggregateError(failures, 'A scenario failed.');
  const actions = failures.flatMap(one => one.actions);
  throw new UserError(failures.map(one => one.message).join('\n'), actions, { cause: failures[0] });
}
