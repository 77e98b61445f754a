import fc from 'fast-check';
import { expect, test } from 'vitest';
import { masked, SecretMask } from '../../../extension/dialogue/secret-mask.ts';
import { PlayedScript } from '../../support/fake-stage.ts';

/** Pieces of a text, cut anywhere, also within a character. */
const cutAt = (bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] => {
  const ends = [...new Set([...places.map(place => place % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
};

const script = `
vars: { pw: { secret: true } }
timeout: 5s
steps:
  - expect: '/host (?<name>\\w+)/'
    send: 'hi \${name}'
  - first-of:
      - { expect: '/ä+>/', send: umlaut }
      - { expect: '# ', send: '\${pw}' }
      - { expect: '/^end$/', send: ended }
  - { repeat: 3, while: '/--(?<more>\\w*)--/', timeout: 1s, steps: [{ type: '[\${more}]' }] }
  - { expect: 'end', send: done, else: [{ keys: z }] }
`;
const output = fc
  .array(
    fc.constantFrom(
      ...['host ', 'web', '7', '\u001b[1;32m', '\u001b]0;title\u0007', '\u001b[6n', 'ä', 'ää>', '# ', '🙂', '\r\n'],
      ...['--', 'More--', 'hi web', 'end', '\u0000', '\r', 'hunter2', ' '],
    ),
    { maxLength: 40 },
  )
  .map(parts => new TextEncoder().encode(parts.join('')));

function play(pieces: readonly Uint8Array[]): { readonly typed: string; readonly end: unknown } {
  const it = new PlayedScript(script, { pw: 'hunter2' });
  it.player.play();
  for (const piece of pieces) it.player.hear(piece);
  it.stage.clock.advance(600_000);
  return { typed: it.typed, end: it.player.state };
}

test('output that is cut at any byte makes no difference to what is typed and how it ends', () => {
  fc.assert(
    fc.property(output, fc.array(fc.nat()), (bytes, places) => {
      expect(play(cutAt(bytes, places))).toEqual(play([bytes]));
    }),
    { numRuns: 250 },
  );
});

test('whatever comes, a script ends: finished, or stuck with what was expected, and never with a secret', () => {
  fc.assert(
    fc.property(output, bytes => {
      const { end } = play([bytes]);

      expect(end).toMatchObject({ kind: expect.stringMatching(/^(finished|stuck)$/) as string });
      expect(JSON.stringify(end)).not.toContain('hunter2');
    }),
    { numRuns: 250 },
  );
});

const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'ä'), maxLength: 30 });
const secret = fc.string({ unit: fc.constantFrom('a', 'b', 'ä'), minLength: 1, maxLength: 6 });

test('no secret is seen, wherever it is printed and however that is cut, also where lines wrap in it', () => {
  const gap = fc.constantFrom('', '\n', ' \r', ' \b');
  fc.assert(
    fc.property(
      letters,
      fc.array(secret, { minLength: 1, maxLength: 3 }),
      gap,
      fc.array(fc.nat()),
      (around, secrets, wrap, places) => {
        const printed = secrets.map(one => `${around}${Array.from(one).join(wrap)}`).join('') + around;
        const text = new TextEncoder().encode(printed);
        const mask = new SecretMask(secrets);
        const decoder = new TextDecoder();
        const seen = cutAt(text, places).map(piece => mask.push(decoder.decode(piece, { stream: true })));
        const whole = seen.join('') + mask.end();

        expect(whole).toBe(masked(printed, secrets));
        for (const one of secrets) expect(whole.replaceAll(/[\s\b]/g, '')).not.toContain(one);
        expect(mask.found).toBeGreaterThan(0);
      },
    ),
    { numRuns: 1000 },
  );
});

test('what is no secret is seen as it is', () => {
  expect(masked('hunter and hunted', ['hunter2'])).toBe('hunter and hunted');
  expect(masked('a hunter2, hunter2!', ['hunter2', ''])).toBe('a •••, •••!');
  expect(masked('root', [])).toBe('root');
  expect(masked('abcabd', ['abd'])).toBe('abc•••');
});
