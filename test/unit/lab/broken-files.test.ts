import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignId } from '../../../extension/lab/edits/edit.ts';
import { neededFiles } from '../../../extension/lab/files.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { hasErrors } from '../../../extension/lab/reading/report.ts';
import { bigLab, randomLab } from '../../support/lab-generator.ts';
import { samples } from '../../support/samples.ts';

/** Reads, and holds what must be true of every reading, whatever the text. */
function readSafely(text: string): void {
  const { lab, problems } = readLab(text);
  for (const { message, span } of problems) {
    const isInside = span.start >= 0 && span.start <= span.end && span.end <= text.length;
    if (!isInside || message === '' || Array.from(message).some(character => character < ' '))
      expect.fail(`${JSON.stringify({ message, span })} in ${JSON.stringify(text)}`);
  }
  if (!lab) return;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}$/.test(lab.name)) expect.fail(lab.name);
  for (const thing of [...lab.vms, ...lab.switches, ...lab.groups]) {
    if (thing.span.end > text.length || thing.span.start > thing.nameSpan.start) expect.fail(thing.name);
  }
  neededFiles(lab);
}

describe('half-typed files', () => {
  test.each(samples)(
    'every beginning of sample $name is read',
    ({ text }) => {
      for (let end = 0; end <= text.length; end += 1) readSafely(text.slice(0, end));
    },
    120_000,
  );

  test('a sample with any one line missing is read', () => {
    for (const { text } of samples) {
      const lines = text.split('\n');
      lines.forEach((_, at) => readSafely(lines.filter((__, line) => line !== at).join('\n')));
    }
  });
});

describe('random files', () => {
  test('random labs have no errors', () => {
    fc.assert(
      fc.property(randomLab, ({ text, vms, switches }) => {
        const { lab, problems } = readLab(text);

        // Nobody has looked after its trunks.
        expect(problems.filter(problem => problem.code !== 'one-sided-tag')).toEqual([]);
        expect(lab?.vms.map(vm => vm.name)).toEqual(vms);
        expect(lab?.switches.map(one => one.name)).toEqual(switches);
      }),
      { numRuns: 300 },
    );
  });

  test('a thousand mutated lab files neither throw nor leave a problem without a place', () => {
    const source = fc.oneof(
      fc.constantFrom(...samples.map(({ text }) => text)),
      randomLab.map(({ text }) => text),
    );
    const piece = fc.oneof(
      fc.constantFrom(
        '\n',
        '  ',
        '\t',
        ': ',
        ':',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '&a ',
        '*a',
        '<<: *a\n',
        '"',
        "'",
        '#',
        '|',
        '>',
        '? ',
        '!!set ',
        '---\n',
        '%',
        '\0',
        '\uFEFF',
        '\uD800',
        '\r',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('vms', 'nics', '__proto__', 'null', '~', '1e999', '.inf', '0x', '-1', '!!binary x', 'true'),
    );
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat({ max: 40 }), piece });

    fc.assert(
      fc.property(source, fc.array(change, { minLength: 1, maxLength: 8 }), (text, changes) => {
        readSafely(
          changes.reduce((changed, { at, cut, piece: inserted }) => {
            const start = Math.floor(at * changed.length);
            return changed.slice(0, start) + inserted + changed.slice(start + cut);
          }, text),
        );
      }),
      { numRuns: 1000 },
    );
  }, 120_000);

  test('any text at all is read', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readSafely), { numRuns: 500 });
  });

  test('edits of broken files give nothing or a file in which the VM has its ID', () => {
    const { text } = samples.find(({ name }) => name === 'firewall')!;
    fc.assert(
      fc.property(fc.nat({ max: text.length }), fc.nat({ max: 60 }), (start, cut) => {
        const broken = text.slice(0, start) + text.slice(start + cut);
        const edit = assignId(broken, 'fw', 77);
        if (!edit) return;

        const after = broken.slice(0, edit.span.start) + edit.text + broken.slice(edit.span.end);
        expect(readLab(after).lab?.vms.find(vm => vm.name === 'fw')?.id).toBe(77);
      }),
      { numRuns: 200 },
    );
  });
});

describe('absurd files', () => {
  test.each([
    ['brackets', '['.repeat(20_000)],
    ['braces', 'vms: ' + '{a: '.repeat(20_000)],
    ['dashes', '- '.repeat(20_000)],
    ['colons', 'a: b c: '.repeat(10_000)],
    ['one flow map of colons', `{${'a: b c: '.repeat(20_000)}}`],
    ['anchors', '&a '.repeat(20_000)],
    ['one key a thousand times', 'a: 1\n'.repeat(5_000)],
    [
      'unknown switches',
      `switches: {${Array.from({ length: 3000 }, (_, at) => ` s${at}: `).join()}}\nvms: { a: { id: 1, nics: [${'{ switch: sx }, '.repeat(3000)}] } }`,
    ],
    ['more text than a lab has', '#'.repeat(4_000_001)],
  ])('%s neither throw nor hang', (_, text) => {
    const started = performance.now();

    readSafely(text);

    expect(performance.now() - started).toBeLessThan(60_000);
  });

  test('a big lab reads without errors', () => {
    expect(hasErrors(readLab(bigLab(1000, 50)).problems)).toBe(false);
  });
});
