import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAmount, writeAmount } from '../../../extension/lab/fault-amounts.ts';
import type { Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { faultKeys, isPerfect, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import { builtInPresets } from '../../../extension/lab/wire-presets.ts';

function read(text: string): Lab {
  const { lab, problems } = readLab(text);
  expect(problems).toEqual([]);
  return lab!;
}

const wireOf = (keys: string, more = ''): WireFaults | undefined =>
  read(`switches: { lan: , dmz: }\nwires: [{ between: [lan, dmz], ${keys} }]\n${more}`).wires[0]?.faults;

describe('amounts', () => {
  test('say their unit, and mean what networks mean by it', () => {
    expect(readAmount('delay', '1.5s')).toEqual({ value: 1500 });
    expect(readAmount('delay', '250us')).toEqual({ value: 0.25 });
    expect(readAmount('jitter', '5ms normal')).toEqual({ value: 5, isNormal: true });
    expect(readAmount('bandwidth', '10Mbit')).toEqual({ value: 1_250_000 });
    expect(readAmount('bandwidth', '1 MiB')).toEqual({ value: 1_048_576 });
    expect(readAmount('bandwidth', '5Mbit ±1Mbit normal')).toEqual({ value: 625_000, spread: 125_000, isNormal: true });
    expect(readAmount('loss', '1% +- 0.5%')).toEqual({ value: 1, spread: 0.5 });
    expect(readAmount('noise', 100)).toEqual({ value: 100 });
    expect(readAmount('delay', 0)).toEqual({ value: 0 });
  });

  test.each([
    ['delay', '20'],
    ['delay', 'abc'],
    ['delay', '-1ms'],
    ['delay', '20ms ±5ms'],
    ['delay', '20ms normal'],
    ['delay', '2000h'],
    ['jitter', '5ms ±1ms'],
    ['loss', 'abc'],
    ['loss', '101%'],
    ['loss', '99% ±2%'],
    ['duplicate', '100%'],
    ['burst', '0.5'],
    ['bandwidth', '1M'],
    ['mtu', '1400.5'],
    ['mtu', '1400 ±10'],
    ['loss', '__proto__'],
    ['loss', '1constructor'],
  ] as const)('%s takes no %s', (key, text) => {
    expect(readAmount(key, text)).toBeUndefined();
  });

  test('what is written is read as the same amount', () => {
    // In range for all of them.
    const number = fc.integer({ min: 68, max: 90 });
    fc.assert(
      fc.property(fc.constantFrom(...faultKeys), number, fc.integer({ min: 0, max: 3 }), (key, whole, places) => {
        const value = key === 'mtu' ? whole : whole + Number((1 / 3).toFixed(places));

        expect(readAmount(key, writeAmount(key, { value }))?.value).toBeCloseTo(value, 6);
      }),
    );
    expect(writeAmount('delay', { value: 20 })).toBe('20ms');
    expect(writeAmount('bandwidth', { value: 1_250_000, spread: 125_000, isNormal: true })).toBe(
      '10Mbit ±1Mbit normal',
    );
    expect(writeAmount('speed', { value: 12_345_700 })).toBe('98.7656Mbit');
  });
});

describe('a bad wire in a lab file', () => {
  test('has the same faults in both directions unless one says otherwise', () => {
    expect(wireOf('delay: 20ms, loss: 1%, back: { delay: 5ms, loss: 0 }')).toEqual({
      there: { delay: { value: 20 }, loss: { value: 1 } },
      back: { delay: { value: 5 } },
      reorder: false,
      chain: undefined,
    });
  });

  test('a preset counts less than the wire, and one of the lab more than a built-in one', () => {
    const own = 'presets: { lte: { delay: 1ms }, mine: { loss: 2%, delay: 3ms } }';

    expect(wireOf('preset: mine, loss: 5%', own)?.back).toEqual({ loss: { value: 5 }, delay: { value: 3 } });
    expect(wireOf('preset: lte', own)?.there).toEqual({ delay: { value: 1 } });
    expect(wireOf('preset: dsl')?.there.bandwidth).toEqual({ value: 1_250_000 });
    expect(wireOf('preset: dsl')?.back.bandwidth).toEqual({ value: 6_250_000 });
  });

  test.each(Object.keys(builtInPresets))('the preset %s is good and bad for something', name => {
    expect(isPerfect(wireOf(`preset: ${name}`)!)).toBe(false);
  });

  test('of a NIC is a preset or keys', () => {
    const lab = read(
      'switches: { lan: }\nvms: { a: { id: 1, nics: [{ switch: lan, wire: ocean }, { switch: lan, wire: { mtu: 1400 } }, { switch: lan, wire: { loss: 0 } }] } }',
    );

    const [first, second, third] = lab.vms[0]!.nics;
    expect(first?.faults?.there).toEqual({ delay: { value: 45 }, jitter: { value: 1 }, loss: { value: 0.01 } });
    expect(second?.faults?.back).toEqual({ mtu: { value: 1400 } });
    expect(second?.spans?.['wire.mtu']).toBeDefined();
    expect(third && 'faults' in third).toBe(false);
  });

  test('states have what the wire has, and their own over it', () => {
    const faults = wireOf(
      'delay: 5ms, every: 50ms, states: { good: { to: { bad: 5% } }, bad: { loss: 30%, there: { delay: 9ms }, to: { good: 20% } } }',
    );

    expect(faults).toEqual({
      there: { delay: { value: 5 } },
      back: { delay: { value: 5 } },
      reorder: false,
      chain: {
        everyMs: 50,
        states: [
          { name: 'good', there: { delay: { value: 5 } }, back: { delay: { value: 5 } }, to: new Map([[1, 5]]) },
          {
            ...{ name: 'bad', to: new Map([[0, 20]]) },
            ...{
              there: { delay: { value: 9 }, loss: { value: 30 } },
              back: { delay: { value: 5 }, loss: { value: 30 } },
            },
          },
        ],
      },
    });
  });
});
