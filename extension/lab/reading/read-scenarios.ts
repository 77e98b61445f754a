import type { Scenario, ScenarioDeed, ScenarioStep } from '../scenario.ts';
import { scenarioStepKeys } from '../schema.ts';
import { changesOf } from './read-faults.ts';
import { asItems, asMap, isEmpty, noKeys, readKeys, type KeysRead, type Scope } from './read-keys.ts';
import type { YamlNode } from './yaml-node.ts';

type StepRead = KeysRead<typeof scenarioStepKeys, (typeof wayNodes)[number]>;

const wayNodes = ['there', 'back'] as const;
const deedKeys = ['wire', 'flap', 'pause', 'kill'] as const;
const example = '"- { at: 30s, for: 60s, wire: lan-dmz, loss: 5% }"';

/** What a step does to wires at their own keys; those of other steps would be read and forgotten. */
const ownKeys: Readonly<Record<ScenarioDeed['kind'], ReadonlySet<string>>> = {
  wire: new Set(Object.keys(scenarioStepKeys).filter(key => !['flap', 'every', 'pause', 'kill'].includes(key))),
  flap: new Set(['at', 'for', 'random', 'flap', 'every']),
  pause: new Set(['at', 'for', 'random', 'pause']),
  kill: new Set(['at', 'for', 'random', 'kill']),
};

export function readScenarios(scope: Scope, node: YamlNode | undefined): readonly Scenario[] {
  const entries = asMap(scope, node, 'scenarios', `"storm: [${example.slice(3)}]"`)?.entries ?? [];
  return entries.map(({ key, value }) => ({
    name: key,
    steps: asItems(scope, value, key, example)
      .filter(item => !isEmpty(item))
      .flatMap(item => readStep(scope, item) ?? []),
  }));
}

/** Undefined while it does not say what is done, and for how long. */
function readStep(scope: Scope, item: YamlNode): ScenarioStep | undefined {
  const map = asMap(scope, item, 'A step', example) ?? noKeys(item.span);
  const read = readKeys(scope, map, scenarioStepKeys, wayNodes);
  const { values, spans } = read;
  const [kind, other] = deedKeys.filter(key => spans[key] !== undefined);
  if (kind === undefined || spans['for'] === undefined) {
    const message = `A step says for how long, and does one of ${deedKeys.join(', ')}. Write it as ${example}.`;
    scope.report('missing-key', item.span, message);
    return undefined;
  }
  const foreign = Object.keys(spans).find(key => !ownKeys[kind].has(key));
  if (foreign !== undefined) {
    const message =
      other === undefined ? `"${foreign}" says nothing about ${kind}.` : `${kind} and ${other} are two steps.`;
    scope.report('bad-value', spans[foreign] ?? item.span, `${message} Give it a step of its own, or remove it.`);
  }
  const deed = deedOf(scope, kind, read);
  if (!deed || values.for === undefined) return undefined;
  const { at: atMs = 0, for: forMs, random: randomMs = 0 } = values;
  return { atMs, forMs, randomMs, deed, span: item.span, spans };
}

function deedOf(scope: Scope, kind: ScenarioDeed['kind'], read: StepRead): ScenarioDeed | undefined {
  const { values, spans } = read;
  const name = values[kind];
  if (name === undefined) return undefined;
  if (kind === 'pause') return { kind, vm: name };
  if (kind === 'kill') return { kind, switch: name };
  if (kind === 'flap') return { kind, wire: name, everyMs: values.every ?? 2000 };
  const changes = changesOf(scope, read);
  if (changes.length > 0) return { kind, wire: name, changes };
  const span = spans['wire'];
  if (span) scope.report('missing-key', span, 'Say what is wrong with the wire then, such as "loss: 5%".');
  return undefined;
}
