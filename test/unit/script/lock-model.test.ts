import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allRules,
  LockModel,
  type ModelHost,
  type ModelProcess,
  type Rules,
  type Steps,
} from '../../support/lock-model.ts';

interface Script {
  readonly process: ModelProcess;
  readonly steps: Steps<boolean>;
  /** The host of which it says that it is dead. */
  readonly fenced?: ModelHost;
}

/** So many kinds of things happen, most of them steps of scripts. */
const kinds = 60;
const undisturbed = { back: 0, isAnswerLost: false };

/** Three hosts with two run-time folders each, and whatever a list of numbers makes happen to them. */
class World {
  readonly model: LockModel;
  private readonly hosts: ModelHost[] = ['left', 'right', 'far'].map(name => ({ name, boot: 1, isUp: true }));
  private scripts: Script[] = [];
  most = 0;

  constructor(rules: Rules) {
    this.model = new LockModel(rules);
  }

  play(choices: readonly number[]): void {
    for (const choice of choices) {
      this.happen(choice % kinds, Math.floor(choice / kinds));
      this.most = Math.max(this.most, this.model.owners().length);
    }
  }

  /** Everything comes to its end; then whoever may be asked brings the VM up again, as ARCHITECTURE.md says. */
  recover(): readonly ModelProcess[] {
    this.settle();
    const { storage, processes } = this.model;
    const record = storage.state === undefined ? undefined : storage.records.get(storage.state);
    const holder = this.hosts.find(({ name }) => name === record?.host);
    const [dead, up] = [holder && !holder.isUp ? holder : undefined, this.hosts.find(host => host !== holder)];
    if (!up) return [];
    up.isUp = true;
    if (dead) {
      this.run(up, 'other', script => this.model.break(script, dead));
      this.settle();
    }
    const place = (dead ?? !holder) ? up : holder;
    const run = (dead ?? !record) ? 'other' : record.run;
    for (const one of processes) if (one.phase === 'waiting' && one.kind === 'QEMU') one.isAlive = false;
    this.run(place, run, script => this.model.start(script));
    this.settle();
    return this.model.owners();
  }

  private happen(kind: number, detail: number): void {
    const { processes } = this.model;
    const alive = processes.filter(({ isAlive }) => isAlive);
    const host = pick(this.hosts, detail)!;
    const run = detail % 2 === 0 ? 'run' : 'other';
    const victim = pick(alive, detail);
    if (kind === 0 && victim) victim.isAlive = false;
    else if (kind === 1) this.crashOrBoot(host);
    else if (kind === 2) this.fence(host);
    else if (kind <= 5) this.run(host, run, script => this.model.start(script));
    else if (kind === 6) this.run(host, run, script => this.model.stop(script));
    else if (kind <= 11) this.migrate(host, run);
    else if (kind <= 17) this.arrive(detail);
    else this.step(pick(this.scripts, detail), detail);
  }

  private run(host: ModelHost, run: string, steps: (script: ModelProcess) => Steps<boolean>, fenced?: ModelHost): void {
    // One script at a time works on one VM of one run-time folder.
    const isBusy = this.scripts.some(({ process }) => process.isAlive && process.host === host && process.run === run);
    if (!host.isUp || isBusy) return;
    const process = this.model.begin('script', host, run, 'running');
    this.scripts.push({ process, steps: steps(process), ...(fenced ? { fenced } : {}) });
  }

  private migrate(to: ModelHost, run: string): void {
    const source = this.model.owners()[0];
    if (!source || !to.isUp || (source.host === to && source.run === run) || this.model.qemu(to, run)) return;
    const target = this.model.begin('QEMU', to, run, 'waiting');
    this.run(source.host, source.run, () => this.model.migrate(source, target));
  }

  private fence(dead: ModelHost): void {
    const judge = this.hosts.find(host => host.isUp);
    if (!dead.isUp && judge) this.run(judge, 'other', script => this.model.break(script, dead), dead);
  }

  private crashOrBoot(host: ModelHost): void {
    if (!host.isUp) {
      if (this.scripts.some(({ fenced, process }) => fenced === host && process.isAlive)) return;
      host.boot += 1;
    }
    host.isUp = !host.isUp;
    for (const one of this.model.processes) if (one.host === host) one.isAlive = false;
  }

  private arrive(detail: number): void {
    const coming = pick(
      this.model.processes.filter(({ isAlive, phase }) => isAlive && phase === 'coming'),
      detail,
    );
    if (coming) coming.phase = 'running';
  }

  private step(script: Script | undefined, detail: number): void {
    if (!script) return;
    const disturbance = { back: detail % 3 === 0 ? detail % 4 : 0, isAnswerLost: detail % 5 === 0 };
    const isDone = !script.process.isAlive || script.steps.next(disturbance).done === true;
    if (!isDone) return;
    script.process.isAlive = false;
    this.scripts = this.scripts.filter(one => one !== script);
  }

  private settle(): void {
    while (this.scripts.length > 0) {
      this.arrive(0);
      for (const script of this.scripts) {
        const isDone = !script.process.isAlive || script.steps.next(undisturbed).done === true;
        if (isDone) script.process.isAlive = false;
      }
      this.scripts = this.scripts.filter(({ process }) => process.isAlive);
    }
    while (this.model.processes.some(({ isAlive, phase }) => isAlive && phase === 'coming')) this.arrive(0);
  }
}

const pick = <Item>(items: readonly Item[], at: number): Item | undefined => items[at % Math.max(1, items.length)];

const schedules = fc.array(fc.nat(kinds * 420 - 1), { minLength: 100, maxLength: 500, size: 'max' });

function mostAtOnce(rules: Rules, choices: readonly number[]): number {
  const world = new World(rules);
  world.play(choices);
  return world.most;
}

test('in 3,000 schedules with crashes, lost answers and stale caches a VM never runs twice', () => {
  let ran = 0;
  fc.assert(
    fc.property(schedules, choices => {
      const most = mostAtOnce(allRules, choices);
      ran += most;
      expect(most).toBeLessThanOrEqual(1);
    }),
    { numRuns: 3000, endOnFailure: true },
  );

  // They are not all idle.
  expect(ran).toBeGreaterThan(1500);
});

test('after each of them the VM can be brought up again: where it was, or elsewhere once that host is fenced', () => {
  fc.assert(
    fc.property(schedules, choices => {
      const world = new World(allRules);
      world.play(choices);
      expect(world.recover()).toHaveLength(1);
    }),
    { numRuns: 1500, endOnFailure: true },
  );
});

test.each([
  { rule: 'looksAtLeash', how: 'a start that was killed before QEMU came' },
  { rule: 'renamesWhatWasRead', how: 'two who take over at the same time' },
  { rule: 'judgesOwnHostOnly', how: 'a host that cannot be looked at' },
  { rule: 'provesBeforeGoingOn', how: 'a hand-over whose answer was lost' },
] as const)('without the rule $rule it would run twice: $how', ({ rule }) => {
  const property = fc.property(schedules, choices => mostAtOnce({ ...allRules, [rule]: false }, choices) <= 1);
  const found = fc.check(property, { numRuns: 50_000, endOnFailure: true, seed: 1 });

  expect(found.failed).toBe(true);
});
