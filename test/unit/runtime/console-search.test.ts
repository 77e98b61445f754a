import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { patternOf, searchLogs, type SearchOptions } from '../../../extension/runtime/console/console-search.ts';
import { FakeLogs } from '../../support/fake-logs.ts';

const fw = { path: '/r/fw.console.log', label: 'fw' };
const web = { path: '/r/web.console.log', label: 'web' };

async function found(logs: Readonly<Record<string, string | Uint8Array>>, text: string, options?: SearchOptions) {
  return searchLogs(new FakeLogs(logs), [fw, web], text, options);
}

describe('looking through consoles', () => {
  test('finds lines of all of them, with where they begin', async () => {
    const { hits } = await found({ [fw.path]: 'boot\r\npanic: no init\r\n', [web.path]: 'ok\npanic again' }, 'panic');

    expect(hits).toEqual([
      { log: fw, offset: 6, text: 'panic: no init' },
      { log: web, offset: 3, text: 'panic again' },
    ]);
  });

  test('finds what a person would have seen, colours or not', async () => {
    const { hits } = await found({ [fw.path]: '\u001b[31mfai\u001b[1mled\u001b[0m\r\n' }, 'failed');

    expect(hits.map(hit => hit.text)).toEqual(['failed']);
  });

  test('passes over a console that has no log', async () => {
    const { hits, bytes } = await found({ [web.path]: 'x\n' }, 'x');

    expect([hits.length, bytes]).toEqual([1, 2]);
  });

  test('lists no more than it says, and says that there is more', async () => {
    const result = await found({ [fw.path]: 'x\n'.repeat(11) }, 'x', { mostHits: 10 });

    expect([result.hits.length, result.isCut]).toEqual([10, true]);
  });

  test('stops when it is called off', async () => {
    const cancel = new CancelSource();
    const big = `${'y'.repeat(99)}\n`.repeat(10_000);

    const { bytes } = await found({ [fw.path]: big, [web.path]: big }, 'x', {
      signal: cancel.signal,
      onProgress: () => cancel.cancel(),
    });

    expect(bytes).toBeLessThan(big.length);
  });

  test('never holds more than a piece of a log, even one without a line end', async () => {
    const logs = new FakeLogs({ [fw.path]: `${'y'.repeat(3_000_000)}needle` });

    const { hits } = await searchLogs(logs, [fw], 'needle');

    expect(hits.length).toBe(1);
    expect(hits[0]!.offset).toBeGreaterThan(2_900_000);
    expect(logs.mostAsked).toBeLessThanOrEqual(256 * 1024);
  });

  test('finds every line, wherever pieces are cut', async () => {
    const line = fc.constantFrom('x', '', 'größe x', 'y'.repeat(70_000), 'z'.repeat(300_000), 'plain');
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async lines => {
        const text = lines.join('\n');
        const { hits } = await searchLogs(new FakeLogs({ [fw.path]: text }), [fw], 'x');
        const bytes = new TextEncoder().encode(text);
        const wanted = lines.flatMap((one, at) =>
          one.includes('x')
            ? [
                new TextEncoder().encode(
                  lines
                    .slice(0, at)
                    .map(before => `${before}\n`)
                    .join(''),
                ).length,
              ]
            : [],
        );

        expect(hits.map(hit => hit.offset)).toEqual(wanted);
        expect(hits.every(hit => bytes[hit.offset] !== undefined)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is looked for', () => {
  test.each([
    ['error', 'An ERROR came', true],
    ['Error', 'An ERROR came', false],
    ['Error', 'An Error came', true],
    ['a.c', 'abc', false],
    ['/a.c/', 'abc', true],
    ['/^a/', 'ba', false],
    ['/FAIL|error/i', 'Error', true],
    ['/x/g', 'x', true],
    ['/usr', 'in /usr', true],
  ])('%s in "%s": %s', (text, line, fits) => {
    const pattern = patternOf(text);

    expect([pattern(line), pattern(line)]).toEqual([fits, fits]);
  });

  test('is refused with the reason when it is no regular expression', () => {
    expect(() => patternOf('/(/')).toThrow(/\/\(\/ is no regular expression: .*group/);
  });
});
