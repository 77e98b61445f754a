import { fillTemplate } from '../template.ts';
import { keyBytes, breakKey } from '../key-bytes.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import type { Deed, Expectation, Pattern, Step, Template, VmOrder, Waiting } from '../install-script.ts';
import { innerSteps } from '../step-list.ts';

/** What a script needs next, and waits for. */
export type Need =
  /** Nothing is waited for: this step begins. */
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'find'; readonly patterns: readonly Pattern[]; readonly limitMs: number }
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'silence'; readonly ms: number; readonly limitMs: number }
  | {
      readonly kind: 'type';
      readonly bytes: Uint8Array;
      readonly pauseMs: number | undefined;
      /** What the guest is expected to echo. */
      readonly echo: string;
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'cd'; readonly file: string | undefined; readonly from: string | undefined }
  | { readonly kind: 'vm'; readonly order: VmOrder; readonly limitMs: number }
  /** It cannot go on. */
  | { readonly kind: 'stuck'; readonly step: Step; readonly reason: StuckReason };

export type StuckReason =
  /** Nothing of this came in time. */
  | { readonly kind: 'late'; readonly expected: readonly string[]; readonly limitMs: number }
  | { readonly kind: 'refused'; readonly message: string };

/** `found`: the index of the pattern. */
export type Reply =
  | { readonly kind: 'found'; readonly index: number; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'late' }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly message: string };

type Repeat = Deed & { readonly kind: 'repeat' };

export type Course = Generator<Need, void, Reply>;

/** How long the CD drive may take. */
const cdLimitMs = 30_000;
const noSteps: readonly Step[] = [];

/**
 * The way through a script as a generator: needs come out, replies go in. It knows no time and no console. `way`: the
 * steps that lead to the one where it begins, outermost first; empty: at the beginning.
 */
export class ScriptCourse {
  private readonly values: Map<string, string>;

  /** `values` of variables; changed by the script. */
  constructor(values: Map<string, string>) {
    this.values = values;
  }

  *run(steps: readonly Step[], way: readonly Step[] = noSteps): Course {
    const [first, ...inner] = way;
    const begin = first ? steps.indexOf(first) : 0;
    for (const step of steps.slice(Math.max(0, begin))) yield* this.step(step, step === first ? inner : noSteps);
  }

  private *step(step: Step, way: readonly Step[]): Course {
    const [next] = way;
    if (next) {
      yield* this.within(step, next, way);
      return;
    }
    yield { kind: 'step', step };
    if (step.expect && !(yield* this.expect(step, step.expect))) return;
    if (step.deed) yield* this.deed(step, step.deed);
  }

  /** Begins in the middle of a step, and goes on behind it. */
  private *within(step: Step, next: Step, way: readonly Step[]): Course {
    const { deed } = step;
    const lists = [step.expect?.otherwise, deed && 'otherwise' in deed ? deed.otherwise : undefined];
    if (deed && 'branches' in deed) lists.push(...deed.branches.map(({ steps }) => steps));
    const list = lists.find(one => one?.includes(next)) ?? innerSteps(step);
    yield* this.run(list, way);
    const isRound = deed?.kind === 'repeat' && list !== deed.otherwise && list !== step.expect?.otherwise;
    if (isRound) yield* this.repeat(step, deed);
  }

  /** False: it did not come, and something else was done instead. */
  private *expect(step: Step, { pattern, ...waiting }: Expectation): Generator<Need, boolean, Reply> {
    const found = yield* this.find(step, [pattern], waiting);
    return found !== undefined;
  }

  /** The index of what came; undefined: nothing, and what is to be done then was done. */
  private *find(
    step: Step,
    patterns: readonly Pattern[],
    waiting: Waiting,
  ): Generator<Need, number | undefined, Reply> {
    const reply = yield { kind: 'find', patterns, limitMs: waiting.limitMs };
    if (reply.kind === 'found') return this.learn(reply);
    yield* this.late(
      step,
      patterns.map(({ source }) => source),
      waiting,
    );
    return undefined;
  }

  private learn({ index, values }: Reply & { readonly kind: 'found' }): number {
    for (const [name, value] of values) this.values.set(name, value);
    return index;
  }

  private *late(step: Step, expected: readonly string[], { limitMs, otherwise }: Waiting): Course {
    if (otherwise) yield* this.run(otherwise);
    else yield { kind: 'stuck', step, reason: { kind: 'late', expected, limitMs } };
  }

  private *deed(step: Step, deed: Deed): Course {
    switch (deed.kind) {
      case 'type':
        return yield* this.type(step, deed);
      case 'keys':
        return yield* this.keys(step, deed.keys);
      case 'choose':
        return yield* this.choose(step, deed);
      case 'repeat':
        return yield* this.repeat(step, deed);
      case 'wait':
        yield { kind: 'sleep', ms: deed.ms };
        return;
      case 'silence': {
        const reply = yield { kind: 'silence', ms: deed.ms, limitMs: deed.limitMs };
        if (reply.kind === 'late') yield* this.late(step, ['silence'], deed);
        return;
      }
      case 'set':
        return yield* this.set(step, deed.values);
      case 'include':
        return yield* this.run(deed.steps);
      case 'cd':
        return yield* this.cd(step, deed);
      case 'vm': {
        const reply = yield { kind: 'vm', order: deed.order, limitMs: deed.limitMs };
        if (reply.kind === 'late') yield* this.late(step, [`vm: ${deed.order}`], deed);
        else yield* refusal(step, reply);
        return;
      }
    }
  }

  private *type(step: Step, { text, isLine, pauseMs }: Deed & { readonly kind: 'type' }): Course {
    const filled = yield* this.fill(step, text);
    if (filled === undefined) return;
    const keys = `${filled}${isLine && !filled.endsWith('\n') ? '\n' : ''}`.replaceAll('\n', '\r');
    yield* refusal(step, yield { kind: 'type', bytes: encodeUtf8(keys), pauseMs, echo: filled });
  }

  private *keys(step: Step, keys: readonly string[]): Course {
    for (const key of keys) {
      const bytes = keyBytes(key) ?? new Uint8Array();
      const need: Need = key === breakKey ? { kind: 'break' } : { kind: 'type', bytes, pauseMs: undefined, echo: '' };
      yield* refusal(step, yield need);
    }
  }

  private *choose(step: Step, { branches, ...waiting }: Deed & { readonly kind: 'choose' }): Course {
    const patterns = branches.map(({ pattern }) => pattern);
    const index = yield* this.find(step, patterns, waiting);
    if (index !== undefined) yield* this.run(branches[index]?.steps ?? noSteps);
  }

  private *repeat(step: Step, deed: Repeat): Course {
    if (deed.branches.length > 0) yield* this.answer(step, deed);
    else yield* this.rounds(step, deed);
  }

  /** Questions in whatever order they come, until it is over. */
  private *answer(step: Step, deed: Repeat): Course {
    const { branches, until } = deed;
    const ends = until ? [until] : [];
    const patterns = [...ends, ...branches.map(({ pattern }) => pattern)];
    for (let round = 0; round < deed.most; round += 1) {
      const index = yield* this.find(step, patterns, deed);
      if (index === undefined || index < ends.length) return;
      yield* this.run(branches[index - ends.length]?.steps ?? noSteps);
    }
    if (until) yield* this.find(step, [until], deed);
  }

  private *rounds(step: Step, deed: Repeat): Course {
    for (let round = 0; round < deed.most; round += 1) {
      if (deed.while && !(yield* this.comes(deed.while, deed.limitMs))) return;
      yield* this.run(deed.steps);
      if (deed.until && (yield* this.comes(deed.until, deed.limitMs))) return;
    }
    // As often as was said: that is the end where nothing else ends it.
    if (deed.until) yield* this.late(step, [deed.until.source], deed);
    if (deed.while && (yield* this.comes(deed.while, deed.limitMs)))
      yield* this.late(step, [`the end of ${deed.while.source}`], deed);
  }

  private *comes(pattern: Pattern, limitMs: number): Generator<Need, boolean, Reply> {
    const reply = yield { kind: 'find', patterns: [pattern], limitMs };
    if (reply.kind === 'found') this.learn(reply);
    return reply.kind === 'found';
  }

  private *set(step: Step, values: readonly (readonly [string, Template])[]): Course {
    for (const [name, value] of values) {
      const filled = yield* this.fill(step, value);
      if (filled !== undefined) this.values.set(name, filled);
    }
  }

  private *cd(step: Step, { file, from }: Deed & { readonly kind: 'cd' }): Course {
    const path = file && (yield* this.fill(step, file));
    if (file && path === undefined) return;
    const reply = yield { kind: 'cd', file: path, from };
    if (reply.kind === 'late') yield* this.late(step, ['the CD drive'], { limitMs: cdLimitMs, otherwise: undefined });
    else yield* refusal(step, reply);
  }

  private *fill(step: Step, template: Template): Generator<Need, string | undefined, Reply> {
    const filled = fillTemplate(template, this.values);
    if ('text' in filled) return filled.text;
    yield* refusal(step, { kind: 'refused', message: `\${${filled.missing}} has no value here yet.` });
    return undefined;
  }
}

export const orderLimitMs = cdLimitMs;

function* refusal(step: Step, reply: Reply): Course {
  if (reply.kind === 'refused') yield { kind: 'stuck', step, reason: reply };
}
