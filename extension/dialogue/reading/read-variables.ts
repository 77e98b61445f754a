import { asMap, isEmpty, noKeys, readKeys } from '../../lab/reading/read-keys.ts';
import type { YamlEntry, YamlNode } from '../../lab/reading/yaml-node.ts';
import { shown } from '../../lab/names.ts';
import type { Template } from '../install-script.ts';
import { variableKeys } from '../install-schema.ts';
import { isVariableName } from '../template.ts';
import { templateOf, type ScriptScope } from './script-scope.ts';

const example = '"disk: vda", or "password: { secret: true }"';

/** `vars:` of a script. The outermost script that has a variable says what it is. */
export function readVariables(scope: ScriptScope, node: YamlNode | undefined): void {
  for (const entry of asMap(scope, node, 'vars', example)?.entries ?? []) {
    if (isNamed(scope, entry)) readVariable(scope, entry);
  }
}

/** Names with values: of `set`, and of the `vars` of an included script. */
export function readValues(
  scope: ScriptScope,
  key: string,
  node: YamlNode | undefined,
): readonly (readonly [name: string, value: Template])[] {
  const entries = asMap(scope, node, key, '"disk: vda"')?.entries ?? [];
  return entries.flatMap(entry => {
    const value = isNamed(scope, entry) ? templateOf(scope, entry.key, entry.value) : undefined;
    if (!value) return [];
    scope.whole.given.add(entry.key);
    return [[entry.key, value] as const];
  });
}

function isNamed(scope: ScriptScope, { key, keySpan }: YamlEntry): boolean {
  if (isVariableName(key)) return true;
  const message = `"${shown(key)}" is no name of a variable. Names have letters, digits, - and _, at most 60.`;
  scope.report('bad-name', keySpan, message);
  return false;
}

function readVariable(scope: ScriptScope, { key, keySpan, value: node }: YamlEntry): void {
  const { variables } = scope.whole;
  if (variables.has(key)) return;
  if (node.kind !== 'map') {
    const value = isEmpty(node) ? undefined : templateOf(scope, key, node);
    variables.set(key, { name: key, description: undefined, isSecret: false, value, span: keySpan });
    return;
  }
  const { values, nodes, spans } = readKeys(scope, node, variableKeys, ['default']);
  const isSecret = values.secret === true;
  if (isSecret && nodes.default) {
    const message = `${key} is secret, so its value must not stand here. Remove "default" and set it anew.`;
    scope.report('bad-value', spans['default'] ?? noKeys(keySpan).span, message);
  }
  const value = nodes.default && !isSecret ? templateOf(scope, key, nodes.default) : undefined;
  variables.set(key, { name: key, description: values.description, isSecret, value, span: keySpan });
}
