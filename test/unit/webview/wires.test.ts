import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  wireDirections,
  wireFaultKeys,
  type WireAmount,
  type WirePicture,
  type WireWay,
  type WireWays,
} from '../../../webview/protocol.ts';
import {
  copied,
  isEdited,
  isLinked,
  noEdits,
  setAll,
  setValue,
  settled,
  withEdits,
} from '../../../webview/wires/edits.ts';
import { positionOf, readField, scales, sliderSteps, valueAt } from '../../../webview/wires/scale.ts';
import { driftWords, hintWords, spokenWay, wayName } from '../../../webview/wires/words.ts';

const amounts: fc.Arbitrary<WireAmount> = fc
  .record({ value: fc.integer({ min: 1, max: 100 }), spread: fc.integer({ min: 0, max: 50 }), isNormal: fc.boolean() })
  .map(({ value, spread, isNormal }) => ({ value, ...(spread > 0 && { spread }), ...(isNormal && { isNormal }) }));
const wayArbitrary: fc.Arbitrary<WireWay> = fc
  .uniqueArray(fc.constantFrom(...wireFaultKeys))
  .chain(keys => fc.tuple(...keys.map(key => amounts.map(amount => [key, amount] as const))))
  .map(entries => Object.fromEntries(entries));
const ways: fc.Arbitrary<WireWays> = fc.record({ there: wayArbitrary, back: wayArbitrary });

const lte: WireWays = {
  there: { delay: { value: 25 }, bandwidth: { value: 1_250_000, spread: 1000, isNormal: true } },
  back: { delay: { value: 25 }, loss: { value: 1 } },
};
const wire = (parts: Partial<WirePicture> = {}): WirePicture => ({
  target: { lab: '/l.lab.yaml', name: 'lan-dmz', nic: 0 },
  title: 'lan – dmz',
  ends: ['lan', 'dmz'],
  news: '',
  live: lte,
  file: lte,
  states: '',
  canApply: true,
  canWrite: true,
  presets: [],
  ...parts,
});

describe('what is changed', () => {
  test('one value never resets another, in either direction', () => {
    const key = fc.constantFrom(...wireFaultKeys);
    fc.assert(
      fc.property(ways, key, fc.integer({ min: 0, max: 100 }), fc.boolean(), (base, changed, value, isBoth) => {
        const directions = isBoth ? wireDirections : (['there'] as const);
        const shown = withEdits(base, setValue(base, noEdits, changed, value, directions));

        for (const direction of wireDirections)
          for (const one of wireFaultKeys) {
            const isMeant = one === changed && directions.some(meant => meant === direction);
            if (isMeant) expect(shown[direction][one]?.value ?? 0).toBe(value);
            else expect(shown[direction][one]).toEqual(base[direction][one]);
          }
      }),
      { seed: 7 },
    );
  });

  test('is over when the wire has it, and only then', () => {
    fc.assert(
      fc.property(ways, ways, (base, wished) => {
        const edits = setAll(base, wished);

        expect(withEdits(base, edits)).toEqual(wished);
        expect(isEdited(settled(wished, edits))).toBe(false);
        expect(settled(base, edits)).toEqual(edits);
      }),
      { seed: 7 },
    );
  });

  test('keeps how a value spreads, as far as there is room', () => {
    const edits = setValue(lte, noEdits, 'bandwidth', 500, ['there']);
    expect(edits.there).toEqual({ bandwidth: { value: 500, spread: 500, isNormal: true } });
    expect(setValue(lte, noEdits, 'bandwidth', 0, ['there']).there).toEqual({ bandwidth: { value: 0 } });
    expect(setValue(lte, edits, 'bandwidth', 1_250_000, ['there']).there).toMatchObject({ bandwidth: { spread: 500 } });
  });

  test('for both directions begins with those of the first', () => {
    expect(isLinked(lte)).toBe(false);
    const both = withEdits(lte, copied(lte, noEdits, 'there'));

    expect(both).toEqual({ there: lte.there, back: lte.there });
    expect(isLinked(both)).toBe(true);
  });
});

describe('a slider', () => {
  test.each(wireFaultKeys)('of %s goes from nothing to the most, and every position has its value', key => {
    const scale = scales[key];
    const values = Array.from({ length: sliderSteps + 1 }, (_, at) => valueAt(scale, at));

    expect([values[0], values[1], values.at(-1)]).toEqual([0, Number(scale.least.toPrecision(2)), scale.most]);
    for (const [at, value] of values.entries()) {
      expect(value).toBeGreaterThanOrEqual(values[at - 1] ?? 0);
      expect(Math.abs(valueAt(scale, positionOf(scale, value)) - value)).toBeLessThanOrEqual(value / 20);
    }
    expect(positionOf(scale, scale.limit)).toBe(sliderSteps);
    expect(positionOf(scale, 1e-6)).toBe(1);
  });
});

test.each([
  ['delay', '20', 20],
  ['delay', ' 1,5 ', 1.5],
  ['loss', '100', 100],
  ['loss', '101', undefined],
  ['loss', '-1', undefined],
  ['loss', '', undefined],
  ['loss', '1e9', undefined],
  ['mtu', '1400.5', undefined],
] as const)('the field of %s takes %j as %s', (key, text, value) => {
  expect(readField(scales[key], text)).toBe(value);
});

describe('what is said', () => {
  test('names the ends of a direction', () => {
    expect([wayName(wire(), 'there'), wayName(wire(), 'back'), wayName(wire(), 'both')]).toEqual([
      ...['lan → dmz', 'dmz → lan', 'lan ↔ dmz'],
    ]);
    expect(spokenWay(wire(), 'back')).toBe('dmz to lan');
  });

  test('names what differs from the lab file', () => {
    expect(driftWords(wire())).toBe('');
    expect(driftWords(wire({ live: { ...lte, back: {} } }))).toBe('Differs from the lab file: delay, loss.');
    expect(driftWords(wire({ live: undefined }))).toBe('');
  });

  test('tells whether a change is in force', () => {
    const edits = setValue(lte, noEdits, 'loss', 5, wireDirections);
    expect(hintWords(wire(), noEdits)).toContain('in force at once');
    expect(hintWords(wire({ canApply: false, live: undefined }), edits)).toContain('not in the lab file yet');
  });
});
