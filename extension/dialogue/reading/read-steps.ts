import { asItems, asMap, isEmpty, noKeys, readKeys, type KeysRead } from '../../lab/reading/read-keys.ts';
import type { YamlNode } from '../../lab/reading/yaml-node.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import type { Branch, Deed, Step, Waiting } from '../install-script.ts';
import { branchKeys, installStepKeys } from '../install-schema.ts';
import { readValues } from './read-variables.ts';
import { patternOf, templateOf, type ScriptScope } from './script-scope.ts';

/** Included scripts may include others, and a few lines could stand for billions. */
const mostSteps = 5000;
const deepest = 40;
const example = '"- { expect: \'login: \', send: root }"';
const branchExample = '"- { expect: \'login: \', send: root }"';

const structured = [
  ...(['expect', 'send', 'type', 'first-of', 'until', 'while', 'steps'] as const),
  ...(['set', 'vars', 'cd', 'else'] as const),
] as const;
type StepRead = KeysRead<typeof installStepKeys, (typeof structured)[number]>;

const deeds = [
  ...(['send', 'type', 'keys', 'repeat', 'first-of', 'wait', 'silence'] as const),
  ...(['set', 'include', 'cd', 'vm'] as const),
] as const;
type DeedKey = (typeof deeds)[number];

/** Keys that say more about a deed. */
const companions: Readonly<Partial<Record<DeedKey, readonly string[]>>> = {
  'first-of': ['timeout', 'else'],
  repeat: ['until', 'while', 'steps', 'first-of', 'timeout', 'else'],
  silence: ['timeout', 'else'],
  include: ['vars'],
  vm: ['timeout', 'else'],
};

/** Included scripts are read by who reads scripts, which would make a circle here. */
export type ReadIncluded = (scope: ScriptScope, name: string, span: TextSpan) => readonly Step[];

/** Reads steps: whatever can be read is read. */
export class StepReader {
  private readonly included: ReadIncluded;
  private depth = 0;

  constructor(included: ReadIncluded) {
    this.included = included;
  }

  read(scope: ScriptScope, node: YamlNode | undefined, what = 'steps'): readonly Step[] {
    if (this.depth >= deepest) {
      if (node) scope.report('bad-value', node.span, `Steps are nested deeper than ${deepest} times. Make it flatter.`);
      return [];
    }
    this.depth += 1;
    const steps = asItems(scope, node, what, example)
      .filter(item => !isEmpty(item))
      .flatMap(item => this.step(scope, item) ?? []);
    this.depth -= 1;
    return steps;
  }

  private step(scope: ScriptScope, item: YamlNode): Step | undefined {
    const number = this.numbered(scope, item.span);
    if (number === undefined) return undefined;
    const map = asMap(scope, item, 'A step', example) ?? noKeys(item.span);
    const read = readKeys(scope, map, installStepKeys, structured);
    const kind = this.kindOf(scope, read, item.span);
    if (kind === false) return undefined;
    const waiting: Waiting = {
      limitMs: read.values.timeout ?? scope.limitMs,
      otherwise: read.nodes.else ? this.read(scope, read.nodes.else, 'else') : undefined,
    };
    const pattern = read.nodes.expect && patternOf(scope, 'expect', read.nodes.expect);
    return {
      number,
      name: read.values.name,
      place: placeOf(scope, item.span),
      expect: pattern ? { pattern, ...waiting } : undefined,
      deed: kind && this.deed(scope, kind, read, waiting),
    };
  }

  private numbered(scope: ScriptScope, span: TextSpan): number | undefined {
    const { whole } = scope;
    whole.steps += 1;
    if (whole.steps <= mostSteps) return whole.steps;
    if (whole.steps === mostSteps + 1)
      scope.report(
        'bad-value',
        span,
        `With what it includes, the script has over ${mostSteps} steps. Make it shorter.`,
      );
    return undefined;
  }

  /** Undefined: it only waits. False: it says nothing that could be done. */
  private kindOf(scope: ScriptScope, { spans }: StepRead, whole: TextSpan): DeedKey | undefined | false {
    const isThere = (key: DeedKey): boolean => spans[key] !== undefined;
    const [kind, other] = deeds.filter(key => isThere(key) && !(key === 'first-of' && isThere('repeat')));
    if (kind === undefined && spans['expect'] === undefined) {
      scope.report('missing-key', whole, `A step says what is expected or done: expect, ${deeds.join(', ')}.`);
      return false;
    }
    if (other !== undefined)
      scope.report(
        'bad-value',
        spans[other] ?? whole,
        `${kind ?? ''} and ${other} are two steps. Give each its own "-".`,
      );
    const own = new Set<string>(['name', 'expect', ...deeds, ...(kind ? (companions[kind] ?? []) : [])]);
    if (spans['expect']) ['timeout', 'else'].forEach(key => own.add(key));
    const foreign = Object.keys(spans).find(key => !own.has(key) && !/\.\d+$/.test(key));
    if (foreign !== undefined) {
      const message = `${foreign} says nothing about ${kind ?? 'expect'}. Remove it, or give it a step of its own.`;
      scope.report('bad-value', spans[foreign] ?? whole, message);
    }
    return kind;
  }

  private deed(scope: ScriptScope, kind: DeedKey, read: StepRead, waiting: Waiting): Deed | undefined {
    const { values, nodes, spans } = read;
    switch (kind) {
      case 'send':
      case 'type':
        return typed(scope, kind, nodes[kind]);
      case 'keys':
        return values.keys && { kind, keys: values.keys };
      case 'first-of':
        return { kind: 'choose', branches: this.branches(scope, nodes['first-of']), ...waiting };
      case 'repeat':
        return this.repeat(scope, read, waiting);
      case 'wait':
      case 'silence':
        return timed(kind, values[kind], waiting);
      case 'set':
        return { kind, values: readValues(scope, 'set', nodes.set) };
      case 'include':
        return this.include(scope, read, spans['include']);
      case 'cd':
        return cdDeed(scope, nodes.cd);
      case 'vm':
        return values.vm && { kind, order: values.vm, ...waiting };
    }
  }

  private branches(scope: ScriptScope, node: YamlNode | undefined): readonly Branch[] {
    const items = asItems(scope, node, 'first-of', branchExample).filter(item => !isEmpty(item));
    return items.flatMap(item => this.branch(scope, item) ?? []);
  }

  private branch(scope: ScriptScope, item: YamlNode): Branch | undefined {
    const map = asMap(scope, item, 'A branch', branchExample) ?? noKeys(item.span);
    const { values, nodes } = readKeys(scope, map, branchKeys, ['expect', 'send', 'type', 'steps']);
    if (!nodes.expect) {
      scope.report('missing-key', item.span, `A branch says what it expects. Write it as ${branchExample}.`);
      return undefined;
    }
    const pattern = patternOf(scope, 'expect', nodes.expect);
    const own = [
      typed(scope, 'send', nodes.send),
      typed(scope, 'type', nodes.type),
      values.keys && ({ kind: 'keys', keys: values.keys } as const),
    ].flatMap(deed => deed ?? []);
    const first = own.flatMap((deed): Step[] => {
      const number = this.numbered(scope, item.span);
      const place = placeOf(scope, item.span);
      return number === undefined ? [] : [{ number, name: undefined, place, expect: undefined, deed }];
    });
    const steps = [...first, ...(nodes.steps ? this.read(scope, nodes.steps) : [])];
    return pattern && { pattern, steps };
  }

  private repeat(scope: ScriptScope, { values, nodes, spans }: StepRead, waiting: Waiting): Deed | undefined {
    if (nodes.until && nodes.while)
      scope.report('bad-value', nodes.while.span, 'repeat takes until or while, not both.');
    const until = nodes.until && patternOf(scope, 'until', nodes.until);
    const during = nodes.while && patternOf(scope, 'while', nodes.while);
    const steps = this.read(scope, nodes.steps);
    const branches = this.branches(scope, nodes['first-of']);
    const choice = nodes['first-of'];
    if (choice && (nodes.steps ?? nodes.while))
      scope.report(
        'bad-value',
        choice.span,
        'With first-of, repeat takes "until" only. Put the steps into the branches.',
      );
    if (!nodes.steps && !during && !choice) {
      const message = 'repeat needs something to do: "steps: [{ keys: enter }]", or first-of.';
      scope.report('missing-key', spans['repeat'] ?? { start: 0, end: 0 }, message);
    }
    if (values.repeat === undefined) return undefined;
    return { kind: 'repeat', most: values.repeat, until, while: during, steps, branches, ...waiting };
  }

  private include(scope: ScriptScope, { values, nodes }: StepRead, span: TextSpan | undefined): Deed | undefined {
    const file = values.include;
    if (file === undefined || !span) return undefined;
    const given = readValues(scope, 'vars', nodes.vars);
    const set: Step[] = [];
    if (given.length > 0) {
      const number = this.numbered(scope, span);
      if (number === undefined) return undefined;
      set.push({
        number,
        name: undefined,
        place: placeOf(scope, span),
        expect: undefined,
        deed: { kind: 'set', values: given },
      });
    }
    return { kind: 'include', file, steps: [...set, ...this.included(scope, file, span)] };
  }
}

function typed(scope: ScriptScope, kind: 'send' | 'type', node: YamlNode | undefined): Deed | undefined {
  const text = node && templateOf(scope, kind, node);
  return text && { kind: 'type', text, isLine: kind === 'send', pauseMs: scope.pauseMs };
}

function timed(kind: 'wait' | 'silence', ms: number | undefined, waiting: Waiting): Deed | undefined {
  if (ms === undefined) return undefined;
  return kind === 'wait' ? { kind, ms } : { kind, ms, ...waiting };
}

function cdDeed(scope: ScriptScope, node: YamlNode | undefined): Deed | undefined {
  const text = node && templateOf(scope, 'cd', node);
  if (!text) return undefined;
  const isEject = text.length === 1 && text[0] === 'eject';
  return { kind: 'cd', file: isEject ? undefined : text, from: scope.file };
}

const placeOf = (scope: ScriptScope, span: TextSpan): Step['place'] => ({
  file: scope.file,
  line: scope.lines.position(span.start).line + 1,
  span,
});
