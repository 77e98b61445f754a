import type { CheckSaying, LabCheck } from '../expectations/lab-check.ts';
import { checkKeys } from '../schema.ts';
import * as value from '../schema-values.ts';
import { asMap, isEmpty, isScalarNode, readKeys, readScalar, type KeysRead, type Scope } from './read-keys.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';

const example = '"web-up: pc reaches web on tcp/80"';

/** Each is a sentence, or a map that has one, or a command. What sentences mean is not looked at here. */
export function readChecks(scope: Scope, node: YamlNode | undefined): readonly LabCheck[] {
  const entries = asMap(scope, node, 'checks', example)?.entries ?? [];
  return entries.filter(({ value }) => !isEmpty(value)).flatMap(entry => readCheck(scope, entry) ?? []);
}

function readCheck(scope: Scope, { key: name, keySpan, value: node }: YamlEntry): LabCheck | undefined {
  const own = { name, nameSpan: keySpan, span: { ...keySpan, end: node.span.end } };
  if (isScalarNode(node)) {
    const text = readScalar(scope, name, node, value.line);
    return text === undefined
      ? undefined
      : { ...own, says: { kind: 'sentence', text }, waitMs: 0, spans: { check: node.span } };
  }
  const map = asMap(scope, node, name, '"check: pc reaches web on tcp/80"');
  if (!map) return undefined;
  const read = readKeys(scope, map, checkKeys);
  const says = sayingOf(scope, read, keySpan);
  return says && { ...own, says, waitMs: read.values.wait ?? 0, spans: read.spans };
}

function sayingOf(
  scope: Scope,
  { values, spans }: KeysRead<typeof checkKeys, never>,
  span: LabCheck['span'],
): CheckSaying | undefined {
  const { check, on, run, status, prints } = values;
  const foreign = (['on', 'run', 'prints', 'status'] as const).find(key => spans[key]);
  if (spans['check'] && foreign !== undefined) {
    const message = `"${foreign}" goes with "run", and this is a sentence. Make two checks of it.`;
    scope.report('bad-value', spans[foreign] ?? span, message);
  }
  if (check !== undefined) return { kind: 'sentence', text: check };
  if (on !== undefined && run !== undefined) return { kind: 'command', on, run, status: status ?? 0, prints };
  if (!spans['check'] && !(spans['on'] && spans['run'])) {
    const message =
      'A check is a sentence, such as "pc reaches web on tcp/80", or a command: { on: web, run: uptime }.';
    scope.report('missing-key', span, message);
  }
  return undefined;
}
