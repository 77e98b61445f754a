import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutKernelMessages } from '../../../extension/runtime/guests/kernel-messages.ts';
import { MarkedOutput } from '../../../extension/runtime/guests/marked-output.ts';

const kernel = '[   12.345678] random: crng init done\r\n';
const output = fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'm', '<', '>', '1', '.', '[', 'ä') });

function read(raw: string, sizes: readonly number[]): MarkedOutput {
  const [marked, bytes] = [new MarkedOutput('m1'), new TextEncoder().encode(raw)];
  for (let from = 0, at = 0; from < bytes.length; at += 1) {
    const to = from + (sizes[at % sizes.length] ?? 1);
    marked.push(bytes.subarray(from, to));
    from = to;
  }
  return marked;
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
/** What is typed comes back before, and the prompt behind. */
const printed = (text: string, status: number): string =>
  `web:~# echo "m1<$$."; x; echo "m1>$?."\r\nm1<42.\r\n${text.replaceAll('\n', '\r\n')}m1>${status}.\r\nweb:~# `;

test('output and status are the same however they are cut', () => {
  fc.assert(
    fc.property(output, fc.nat(255), sizes, (text, status, cut) => {
      expect(read(printed(text, status), cut).answer).toEqual({ status, output: text, isCut: false });
    }),
  );
});

test('words of the kernel anywhere in it, also in the marks, hide no answer', () => {
  fc.assert(
    fc.property(output, fc.nat(255), sizes, fc.array(fc.nat(400), { maxLength: 3 }), (text, status, cut, places) => {
      const whole = printed(text, status);
      const begin = whole.indexOf('m1<42');
      const noisy = places
        .map(place => begin + (place % (whole.length - begin)))
        .sort((a, b) => b - a)
        .reduce((raw, at) => raw.slice(0, at) + kernel + raw.slice(at), whole);

      const { answer } = read(noisy, cut);

      expect(answer?.status).toBe(status);
      expect(withoutKernelMessages(answer?.output ?? '').replaceAll('\r', '')).toBe(text);
    }),
  );
});

test('1 MB, with and without line ends, is taken whole; of more the end is left out', () => {
  for (const text of ['0123456789\n'.repeat(100_000), 'x'.repeat(1_000_000)])
    expect(read(printed(text, 0), [4096]).answer).toEqual({ status: 0, output: text, isCut: false });

  const { answer } = read(printed('0123456789\n'.repeat(200_000), 3), [65_536]);
  expect(answer).toMatchObject({ status: 3, isCut: true });
});

test('before the end there is what came so far', () => {
  const marked = read('m1<42.\r\none\r\ntw', [1000]);

  expect([marked.isBegun, marked.answer, marked.soFar.output]).toEqual([true, undefined, 'one\ntw']);
});
