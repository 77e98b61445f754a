import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { UserError } from '../../../extension/base/user-error.ts';
import { seededRandom } from '../../../extension/lab/networks/random.ts';
import type { ScenarioStep } from '../../../extension/lab/scenario.ts';
import { runScenario, type Deed } from '../../../extension/runtime/scenarios/run-scenario.ts';
import { eventsOf, planScenario, type TimedStep } from '../../../extension/runtime/scenarios/scenario-plan.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const span = { start: 0, end: 0 };
const pause = (vm: string, atMs: number, forMs: number, randomMs = 0): ScenarioStep => {
  return { atMs, forMs, randomMs, deed: { kind: 'pause', vm }, span, spans: {} };
};
const planned = (...steps: ScenarioStep[]): readonly TimedStep[] =>
  planScenario({ name: 'storm', steps }, seededRandom(1));
const vmOf = ({ deed }: ScenarioStep): string => (deed.kind === 'pause' ? deed.vm : '');

/** VMs that are paused and resumed; some of them refuse. */
class World {
  readonly clock = new FakeClock(0);
  readonly cancel = new CancelSource();
  readonly paused = new Set<string>();
  readonly log: string[] = [];
  /** `no`, `well`, or the error that it ended with. */
  ended: unknown = 'no';
  refuses: (verb: 'prepare' | 'begin' | 'undo', vm: string) => boolean = () => false;

  run(plan: readonly TimedStep[]): void {
    const { clock } = this;
    const onEvent = (event: string, step: ScenarioStep) => this.log.push(`${clock.now()} ${event} ${vmOf(step)}`);
    const prepare = (step: ScenarioStep) => this.prepare(vmOf(step));
    runScenario(plan, { clock, signal: this.cancel.signal, prepare, onEvent }).then(
      () => (this.ended = 'well'),
      (error: unknown) => (this.ended = error),
    );
  }

  /** Lets time pass in small pieces, so that what waits for promises gets its turn in between. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      await settled();
      this.clock.advance(100);
    }
    await settled();
  }

  private prepare(vm: string): Promise<Deed> {
    const say = (verb: 'prepare' | 'begin' | 'undo'): void => {
      if (this.refuses(verb, vm)) throw new UserError(`${vm} refuses to ${verb}.`);
    };
    return Promise.resolve().then(() => {
      say('prepare');
      const begin = async (): Promise<void> => {
        await Promise.resolve();
        this.paused.add(vm);
        say('begin');
      };
      const undo = async (): Promise<void> => {
        await Promise.resolve();
        say('undo');
        this.paused.delete(vm);
      };
      return { begin, undo };
    });
  }
}

const settled = () => new Promise<void>(resolve => setImmediate(resolve));

describe('a scenario', () => {
  test('does each step at its time, and what is over makes room for what begins then', async () => {
    const world = new World();
    world.run(planned(pause('web', 3000, 1000), pause('fw', 1000, 2000)));

    await world.pass(5000);

    expect(world.log).toEqual(['1000 begun fw', '3000 over fw', '3000 begun web', '4000 over web']);
    expect([world.ended, world.clock.pending]).toEqual(['well', 0]);
  });

  test('that is called off puts all back at once, last first', async () => {
    const world = new World();
    world.run(planned(pause('fw', 0, 60_000), pause('web', 1000, 60_000)));
    await world.pass(2000);
    expect([...world.paused]).toEqual(['fw', 'web']);

    world.cancel.cancel();
    await settled();

    expect(world.log.slice(2)).toEqual(['2000 over web', '2000 over fw']);
    expect([world.ended, world.paused.size, world.clock.pending]).toEqual(['well', 0, 0]);
  });

  test('begins nothing when one of its steps cannot be done', async () => {
    const world = new World();
    world.refuses = (verb, vm) => verb === 'prepare' && vm === 'web';
    world.run(planned(pause('fw', 0, 1000), pause('web', 1000, 1000)));

    await world.pass(3000);

    expect(world.log).toEqual([]);
    expect(world.ended).toMatchObject({ message: 'web refuses to prepare.' });
  });

  test('tells of a step that fails half-way, and of each that cannot be put back', async () => {
    const world = new World();
    world.refuses = (verb, vm) => (verb === 'begin' && vm === 'web') || (verb === 'undo' && vm === 'fw');
    world.run(planned(pause('db', 0, 9000), pause('fw', 0, 9000), pause('web', 1000, 1000)));

    await world.pass(2000);

    expect(world.ended).toMatchObject({ message: 'web refuses to begin.\nfw refuses to undo.' });
    expect([...world.paused]).toEqual(['fw']);
  });

  test('leaves nothing behind, whenever it is called off and whatever fails', async () => {
    const steps = fc.array(fc.record({ at: fc.nat(20), for: fc.nat(20), random: fc.nat(5), refuses: fc.boolean() }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(30), fc.nat(), async (drawn, cancelAt, seed) => {
        const world = new World();
        const refusing = new Set(drawn.flatMap((one, at) => (one.refuses ? [`vm${at}`] : [])));
        world.refuses = (verb, vm) => verb === 'begin' && refusing.has(vm);
        const all = drawn.map((one, at) => pause(`vm${at}`, one.at * 100, one.for * 100, one.random * 100));
        world.run(planScenario({ name: 'any', steps: all }, seededRandom(seed)));
        await world.pass(cancelAt * 100);
        world.cancel.cancel();
        await settled();

        expect(world.ended).not.toBe('no');
        expect([world.paused.size, world.clock.pending]).toEqual([0, 0]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a plan', () => {
  test('draws the same times from the same seed, each within its bounds', () => {
    const step = fc.record({ at: fc.nat(100_000), for: fc.nat(100_000), random: fc.nat(100_000) });
    fc.assert(
      fc.property(fc.array(step), fc.nat(), (drawn, seed) => {
        const steps = drawn.map(one => pause('web', one.at, one.for, one.random));
        const plan = planScenario({ name: 'any', steps }, seededRandom(seed));

        expect(planScenario({ name: 'any', steps }, seededRandom(seed))).toEqual(plan);
        for (const { step: one, startMs, endMs } of plan) {
          expect(startMs).toBeGreaterThanOrEqual(one.atMs);
          expect(startMs).toBeLessThanOrEqual(one.atMs + one.randomMs);
          expect(endMs - startMs).toBe(one.forMs);
        }
      }),
    );
  });

  test('draws other times from another seed', () => {
    const steps = [pause('web', 0, 1000, 60_000)];
    const [one, other] = [1, 2].map(seed => planScenario({ name: 'any', steps }, seededRandom(seed)));

    expect(one).not.toEqual(other);
  });

  test('ends no step before it has begun', () => {
    expect(eventsOf(planned(pause('web', 5, 0))).map(({ isEnd }) => isEnd)).toEqual([false, true]);
  });
});
