import type { VmInstall } from '../install.ts';
import { installKeys } from '../schema.ts';
import type { TextSpan } from '../text-span.ts';
import { asMap, readKeys, readScalar, type Scope } from './read-keys.ts';
import type { YamlNode } from './yaml-node.ts';
import * as value from '../schema-values.ts';

const example = '"script: debian.install.yaml"';

/** The value of `install:`: a path, or a map. Undefined while it names no script. */
export function readInstall(
  scope: Scope,
  node: YamlNode | undefined,
  spans: Record<string, TextSpan>,
): VmInstall | undefined {
  if (!node) return undefined;
  if (node.kind === 'scalar') {
    const script = readScalar(scope, 'install', node, value.path);
    return script === undefined ? undefined : { script, vars: [] };
  }
  const map = asMap(scope, node, 'install', example);
  if (!map) return undefined;
  const { values, nodes, spans: own } = readKeys(scope, map, installKeys, ['vars']);
  for (const [key, span] of Object.entries(own)) spans[`install.${key}`] = span;
  if (values.script === undefined) {
    if (!own['script']) scope.report('missing-key', node.span, `Say which script installs it: ${example}.`);
    return undefined;
  }
  const { script, kernel, initrd, append, cdrom } = values;
  return {
    script,
    vars: readVars(scope, nodes.vars),
    ...(kernel === undefined ? {} : { kernel }),
    ...(initrd === undefined ? {} : { initrd }),
    ...(append === undefined ? {} : { append }),
    ...(cdrom === undefined ? {} : { cdrom }),
  };
}

function readVars(scope: Scope, node: YamlNode | undefined): VmInstall['vars'] {
  const entries = asMap(scope, node, 'vars', '"disk: vda"')?.entries ?? [];
  return entries.flatMap(({ key, value: given }) => {
    if (given.kind === 'scalar') return [[key, typeof given.value === 'string' ? given.value : given.text] as const];
    scope.report('bad-value', given.span, `${key} takes a text.`);
    return [];
  });
}
