import { randomBelow, type Random32 } from '../../lab/networks/random.ts';
import type { Scenario, ScenarioStep } from '../../lab/scenario.ts';

/** When a step begins and when it is over, in milliseconds from the start of the scenario. */
export interface TimedStep {
  readonly step: ScenarioStep;
  readonly startMs: number;
  readonly endMs: number;
}

export interface ScenarioEvent {
  readonly timed: TimedStep;
  readonly atMs: number;
  readonly isEnd: boolean;
}

/** The same numbers of chance give the same times. */
export const planScenario = ({ steps }: Scenario, random: Random32): readonly TimedStep[] =>
  steps.map(step => {
    const later = Number(randomBelow(BigInt(Math.floor(step.randomMs)) + 1n, random));
    const startMs = step.atMs + later;
    return { step, startMs, endMs: startMs + step.forMs };
  });

/** What happens, in its order: what is over at a time makes room for what begins then. */
export function eventsOf(plan: readonly TimedStep[]): readonly ScenarioEvent[] {
  const events = plan.flatMap((timed): ScenarioEvent[] => [
    { timed, atMs: timed.startMs, isEnd: false },
    { timed, atMs: timed.endMs, isEnd: true },
  ]);
  return events.sort((a, b) => a.atMs - b.atMs || rank(a) - rank(b));
}

/** A step that lasts no time begins before it is over. */
const rank = ({ isEnd, timed }: ScenarioEvent): number => (!isEnd ? 1 : timed.startMs === timed.endMs ? 2 : 0);
