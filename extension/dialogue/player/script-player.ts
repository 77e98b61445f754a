import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { InstallScript, Step } from '../install-script.ts';
import { compilePattern } from '../pattern/compile-pattern.ts';
import { masked } from '../secret-mask.ts';
import { wayTo } from '../step-list.ts';
import { orderLimitMs, ScriptCourse, type Course, type Need, type Reply, type StuckReason } from './course.ts';
import { Ear } from './ear.ts';
import type { Stage } from './stage.ts';

export type PlayState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'playing'; readonly step: Step | undefined; readonly expected: readonly string[] }
  /** A person has the console. */
  | { readonly kind: 'paused'; readonly step: Step | undefined }
  | { readonly kind: 'stuck'; readonly stuck: Stuck }
  | { readonly kind: 'finished' };

/** Where it does not go on, for people; secrets are covered. */
export interface Stuck {
  readonly step: Step;
  readonly reason: StuckReason;
  /** What came last. */
  readonly lastLines: readonly string[];
}

/** A guest that prints nothing for so long has said what it has to say for now. */
const quietMs = 250;
const shownLines = 12;

/**
 * Plays an install script at a console: bytes in, orders out. Every wait has a limit; what it can not get over leaves it
 * stuck at a step, from where (or from any other) it can go on.
 */
export class ScriptPlayer implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<PlayState>());
  readonly onDidChange = this.changed.event;

  private readonly script: InstallScript;
  private readonly values: Map<string, string>;
  private readonly stage: Stage;
  private readonly secrets: readonly string[];
  private readonly ear = new Ear();
  private course: Course | undefined;
  private step: Step | undefined;
  private waits: Disposable[] = [];
  private quietTimer: Disposable | undefined;
  private silence: { readonly ms: number; timer: Disposable } | undefined;
  private isFinding = false;
  private current: PlayState = { kind: 'ready' };
  private readonly replies: Reply[] = [];
  private isStepping = false;
  /** Counts what was asked, so that an answer that comes late is not taken for that to something else. */
  private turn = 0;

  /** `values`: of all variables; those of `vars` that are secret are covered wherever they would be seen. */
  constructor(script: InstallScript, values: ReadonlyMap<string, string>, stage: Stage) {
    this.script = script;
    this.values = new Map(values);
    this.stage = stage;
    this.secrets = script.vars.flatMap(({ name, isSecret }) => (isSecret ? [values.get(name) ?? ''] : []));
  }

  get state(): PlayState {
    return this.current;
  }

  /** Begins, at a step if one is given; also again, after it was paused or stuck. */
  play(from?: Step): void {
    this.settle();
    if (this.current.kind !== 'ready') this.ear.startAfresh();
    this.step = undefined;
    this.course = new ScriptCourse(this.values).run(this.script.steps, from ? wayTo(from, this.script.steps) : []);
    this.tell({ kind: 'playing', step: undefined, expected: [] });
    this.reply({ kind: 'done' });
  }

  /** Leaves the console to a person. */
  pause(): void {
    if (this.current.kind !== 'playing') return;
    this.stop();
    this.tell({ kind: 'paused', step: this.step });
  }

  /** What the console printed. */
  hear(bytes: Uint8Array): void {
    this.ear.hear(bytes);
    if (this.silence) this.beSilent(this.silence.ms);
    if (this.isFinding) this.look();
  }

  dispose(): void {
    this.stop();
    this.owned.dispose();
  }

  /** For what is asked now: the first answer counts. */
  private answer(): (reply: Reply) => void {
    const { turn } = this;
    return reply => {
      if (turn === this.turn) this.reply(reply);
    };
  }

  /** One reply after another, also where a need is met at once. */
  private reply(reply: Reply): void {
    this.turn += 1;
    this.replies.push(reply);
    if (this.isStepping) return;
    this.isStepping = true;
    for (let next = this.replies.shift(); next && this.course; next = this.replies.shift()) {
      this.settle();
      const result = this.course.next(next);
      if (result.done === true) this.finish();
      else this.meet(result.value);
    }
    this.replies.length = 0;
    this.isStepping = false;
  }

  private finish(): void {
    this.course = undefined;
    this.tell({ kind: 'finished' });
  }

  private meet(need: Need): void {
    switch (need.kind) {
      case 'step':
        this.step = need.step;
        this.tell({ kind: 'playing', step: need.step, expected: [] });
        this.reply({ kind: 'done' });
        break;
      case 'find':
        this.find(need);
        break;
      case 'sleep':
        this.within(need.ms, { kind: 'done' });
        break;
      case 'silence':
        this.within(need.limitMs, { kind: 'late' });
        this.beSilent(need.ms);
        break;
      case 'stuck':
        this.beStuck(need.step, need.reason);
        break;
      case 'type':
      case 'break':
      case 'cd':
      case 'vm':
        this.order(need);
        break;
    }
  }

  private order(need: Need & { readonly kind: 'type' | 'break' | 'cd' | 'vm' }): void {
    const answer = this.answer();
    const done = (message?: string): void =>
      answer(message === undefined ? { kind: 'done' } : { kind: 'refused', message });
    switch (need.kind) {
      case 'type':
        this.ear.expectEcho(need.echo);
        this.waits.push(this.stage.type(need.bytes, need.pauseMs, done));
        break;
      case 'break':
        this.waits.push(this.stage.sendBreak(done));
        break;
      case 'cd': {
        const { file, from } = need;
        this.within(orderLimitMs, { kind: 'late' });
        this.waits.push(this.stage.changeCd(file === undefined ? undefined : { file, from }, done));
        break;
      }
      case 'vm':
        this.within(need.limitMs, { kind: 'late' });
        this.waits.push(this.stage.orderVm(need.order, done));
        break;
    }
  }

  private find({ patterns, limitMs }: Need & { readonly kind: 'find' }): void {
    this.ear.listen(patterns.map(({ node }) => compilePattern(node, this.values)));
    this.isFinding = true;
    this.waits.push(this.stage.after(limitMs, () => this.giveUp()));
    this.tell({ kind: 'playing', step: this.step, expected: patterns.map(({ source }) => source) });
    this.look();
  }

  private look(): void {
    const heard = this.ear.look();
    this.quietTimer?.dispose();
    this.quietTimer = undefined;
    if (heard) this.reply({ kind: 'found', ...heard });
    else if (this.ear.isHopeful) this.quietTimer = this.stage.after(quietMs, () => this.hearNothing());
  }

  private hearNothing(): void {
    const heard = this.ear.quiet();
    if (heard) this.reply({ kind: 'found', ...heard });
  }

  private giveUp(): void {
    const heard = this.ear.quiet();
    this.reply(heard ? { kind: 'found', ...heard } : { kind: 'late' });
  }

  private beSilent(ms: number): void {
    this.silence?.timer.dispose();
    this.silence = { ms, timer: this.stage.after(ms, () => this.reply({ kind: 'done' })) };
  }

  private within(ms: number, reply: Reply): void {
    this.waits.push(this.stage.after(ms, () => this.reply(reply)));
  }

  private beStuck(step: Step, reason: StuckReason): void {
    this.course = undefined;
    const cover = (text: string): string => masked(text, this.secrets);
    const lastLines = cover(this.ear.lastLines(shownLines).join('\n')).split('\n');
    this.tell({ kind: 'stuck', stuck: { step, reason, lastLines } });
  }

  private stop(): void {
    this.settle();
    this.turn += 1;
    this.course = undefined;
  }

  /** Nothing is waited for any more. */
  private settle(): void {
    for (const wait of this.waits) wait.dispose();
    this.waits = [];
    this.quietTimer?.dispose();
    this.quietTimer = undefined;
    this.silence?.timer.dispose();
    this.silence = undefined;
    this.isFinding = false;
  }

  private tell(state: PlayState): void {
    this.current = state;
    this.changed.fire(state);
  }
}
