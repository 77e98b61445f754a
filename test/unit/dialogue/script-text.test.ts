import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Deed, Step } from '../../../extension/dialogue/install-script.ts';
import type { LearnedDeed, LearnedScript } from '../../../extension/dialogue/learn/learned-script.ts';
import { readInstallScript } from '../../../extension/dialogue/reading/read-install-script.ts';
import { scriptText } from '../../../extension/dialogue/script-text.ts';

test('a learned script reads like one that a person wrote', () => {
  const script: LearnedScript = {
    secrets: [{ name: 'password', description: 'Password:' }],
    steps: [
      { expect: 'login:', timeoutMs: 180_000, deed: { kind: 'send', text: ['root'] } },
      { expect: 'Password:', deed: { kind: 'send', text: [{ name: 'password' }] } },
      { expect: '/^~ # /', deed: { kind: 'keys', keys: ['up', 'enter'] } },
      { deed: { kind: 'wait', ms: 5000 } },
      { deed: { kind: 'keys', keys: ['ctrl-c'] } },
    ],
  };

  expect(scriptText(script, 'Learned on fw.')).toBe(`description: Learned on fw.
vars:
  password:
    secret: true
    description: 'Password:'
steps:
  - expect: 'login:'
    timeout: 3m
    send: root
  - expect: 'Password:'
    send: \${password}
  - expect: '/^~ # /'
    keys: [up, enter]
  - wait: 5s
  - keys: ctrl-c
`);
});

/** Everything that can stand in a text: also what means something in YAML, in templates and on a terminal. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('${x}', '$${', '#', '- a', 'yes', '0x1f', '~', '\u001bOA', ' x ', "'", '"', ': ', '\t', '1e3', '|'),
  fc.string({ unit: fc.constantFrom('\u0001', '\u001b', '\u007f', '$', '{', '}', 'a', ' '), minLength: 1 }),
);
/** A dollar right before a variable cannot be written. */
const text = fc
  .array(fc.oneof(anyText, fc.constant({ name: 'pin' })), { minLength: 1, maxLength: 4 })
  .filter(
    parts =>
      !parts.some((part, at) => typeof part === 'string' && part.endsWith('$') && typeof parts[at + 1] === 'object'),
  );
const deed: fc.Arbitrary<LearnedDeed> = fc.oneof(
  fc.record({ kind: fc.constantFrom('send' as const, 'type' as const), text }),
  fc.record({
    kind: fc.constant('keys' as const),
    keys: fc.array(fc.constantFrom('enter', 'ctrl-c', 'f1'), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('wait' as const),
    ms: fc.integer({ min: 1, max: 600 }).map(seconds => seconds * 1000),
  }),
);

/** Neighbouring texts as one. */
const joined = (parts: readonly (string | { readonly name: string })[]): string =>
  parts
    .map(part => (typeof part === 'string' ? `t${part}` : `v${part.name}`))
    .join('|')
    .replaceAll('|t', '');

function plainDeed(one: Deed | LearnedDeed | undefined): unknown {
  if (one?.kind === 'send' || one?.kind === 'type')
    return [one.kind === 'send' || ('isLine' in one && one.isLine), joined(one.text)];
  if (one?.kind === 'keys') return one.keys;
  return one?.kind === 'wait' ? one.ms : one;
}

test('what is written is read as the same', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 8 }), deeds => {
      const script = { secrets: [{ name: 'pin', description: 'PIN:' }], steps: deeds.map(one => ({ deed: one })) };
      const reading = readInstallScript(scriptText(script, 'x: # y'));

      expect(reading.problems).toEqual([]);
      expect(reading.script?.steps.map((step: Step) => plainDeed(step.deed))).toEqual(deeds.map(plainDeed));
      expect(reading.script?.description).toBe('x: # y');
      expect(reading.script?.vars.map(({ name, isSecret }) => [name, isSecret])).toEqual([['pin', true]]);
    }),
  );
});
