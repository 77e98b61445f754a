import { shellKeys } from '../schema.ts';
import type { ShellSettings } from '../shell.ts';
import type { TextSpan } from '../text-span.ts';
import { asMap, readKeys, type Scope } from './read-keys.ts';
import type { YamlNode } from './yaml-node.ts';

/** The value of `shell:`. `spans` gets the places of its keys as `shell.KEY`. */
export function readShell(
  scope: Scope,
  node: YamlNode | undefined,
  spans: Record<string, TextSpan>,
): ShellSettings | undefined {
  const map = asMap(scope, node, 'shell', '"{ user: root, secret: root_password }"');
  if (!map) return undefined;
  const read = readKeys(scope, map, shellKeys);
  for (const [key, span] of Object.entries(read.spans)) spans[`shell.${key}`] = span;
  const { command, prompt } = read.values;
  for (const key of ['status', 'failure'] as const) {
    const span = read.spans[key];
    if (span && !read.spans['command'])
      scope.report('missing-key', span, `A Unix shell tells by itself. Where there is none, add "command:".`);
  }
  if (command !== undefined && prompt === undefined && read.spans['command'])
    scope.report('missing-key', read.spans['command'], 'Say with "prompt:" what shows that such a guest waits.');
  return read.values;
}

/** That of the last defaults that have one; of those before, mistakes are reported as well. */
export function readDefaultShell(scope: Scope, defaults: readonly (YamlNode | undefined)[]): ShellSettings | undefined {
  const entries = defaults.flatMap(node => (node?.kind === 'map' ? node.entries : []));
  return entries
    .filter(({ key }) => key === 'shell')
    .flatMap(({ value }) => readShell(scope, value, {}) ?? [])
    .at(-1);
}
