import type { Ready, ReadySign } from '../ready.ts';
import { defaultWithinMs, tinyGuestSign } from '../ready.ts';
import { readyKeys } from '../schema.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';
import { asMap, readKeys, type KeysRead, type Scope } from './read-keys.ts';

interface ReadyVm {
  readonly name: string;
  readonly isTinyGuest: boolean;
}

/** The value of `ready:`: one sign as a text, or several with the time that they may take. Undefined: none is told. */
export function readReady(
  scope: Scope,
  node: YamlNode | undefined,
  vm: ReadyVm,
  spans: Record<string, TextSpan>,
): Ready | undefined {
  if (!node) return undefined;
  const map = node.kind === 'scalar' ? signOf(node) : asMap(scope, node, 'ready', '"prompt: \'login:\'"');
  if (!map) return undefined;
  const read = readKeys(scope, map, readyKeys);
  for (const [key, span] of Object.entries(read.spans)) spans[`ready.${key}`] = span;
  const own = signsOf(read);
  const signs = own.length === 0 && vm.isTinyGuest ? [tinyGuestSign(vm.name)] : own;
  const isBad = Object.keys(read.spans).some(key => key !== 'within' && key !== 'agent');
  if (signs.length === 0 && !isBad) {
    const message = `Say what shows that ${vm.name} is ready: prompt, port, command or agent.`;
    scope.report('missing-key', node.span, message);
  }
  if (read.spans['answer'] && !read.spans['command'])
    scope.report('missing-key', read.spans['answer'], 'An answer needs the command that gives it. Add "command:".');
  return signs.length === 0 ? undefined : { signs, withinMs: read.values.within ?? defaultWithinMs };
}

/** `agent`, `tcp/22`, or else what the console prints. */
function signOf(node: YamlScalar): YamlMap {
  const key = node.text === 'agent' ? 'agent' : /^(tcp|udp)\/\d+$/.test(node.text) ? 'port' : 'prompt';
  const value: YamlScalar = key === 'agent' ? { ...node, value: true } : node;
  const entry: YamlEntry = { key, keySpan: node.span, value };
  return { kind: 'map', entries: [entry], span: node.span };
}

function signsOf({ values }: KeysRead<typeof readyKeys, never>): readonly ReadySign[] {
  const { prompt, port, command, answer, agent } = values;
  return [
    ...(prompt ? [{ kind: 'prompt', pattern: prompt } as const] : []),
    ...(agent === true ? [{ kind: 'agent' } as const] : []),
    ...(port === undefined ? [] : [{ kind: 'port', port } as const]),
    ...(command === undefined ? [] : [{ kind: 'command', command, ...(answer ? { answer } : {}) } as const]),
  ];
}
