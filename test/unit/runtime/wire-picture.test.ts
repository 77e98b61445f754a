import { describe, expect, test } from 'vitest';
import { perfectWire, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import { faultWords } from '../../../extension/lab/fault-words.ts';
import { measuredWords } from '../../../extension/runtime/wires/measure-target.ts';
import { drawWire, type WireParts } from '../../../extension/runtime/wires/wire-picture.ts';
import { lab, nic, vm, wire } from '../../support/lab-builder.ts';

const ends = ['lan', 'dmz'] as const;
const faults = (parts: Partial<WireFaults>): WireFaults => ({ ...perfectWire, ...parts });
const slow = { delay: { value: 20 }, jitter: { value: 5 }, loss: { value: 1 } };
const chain = {
  everyMs: 100,
  states: [
    { name: 'good', there: {}, back: {}, to: new Map([[1, 2]]) },
    { name: 'down', there: { loss: { value: 100 } }, back: { loss: { value: 100 } }, to: new Map([[0, 20]]) },
  ],
};

test.each([
  [{}, ''],
  [{ there: slow, back: slow }, '20 ms ±5 ms, 1 % loss'],
  [{ there: { loss: { value: 5 }, burst: { value: 3 } } }, 'lan → dmz: 5 % loss in bursts of 3'],
  [
    { there: { bandwidth: { value: 1_250_000 } }, back: { delay: { value: 1500 }, mtu: { value: 1400 } } },
    'lan → dmz: 10 Mbit/s; dmz → lan: 1.5 s, MTU 1400',
  ],
  [{ there: { delay: { value: 1 } }, back: { delay: { value: 1 } }, reorder: true }, '1 ms; reordered'],
  [{ chain }, 'changes between good, down'],
] as const)('%j is said as %j', (parts, words) => {
  expect(faultWords(faults(parts), ends)).toBe(words);
});

describe('the picture of a wire', () => {
  const web = vm('web', 31, { nics: [nic(1, 'lan', { faults: faults({ there: slow }) })] });
  const dmz = lab({ vms: [web], wires: [wire('lan', 'dmz')] });
  const draw = (parts: Partial<WireParts> = {}) =>
    drawWire({
      target: { lab: '/dmz.lab.yaml', name: 'lan-dmz', nic: 0 },
      lab: dmz,
      live: { kind: 'told', faults: faults({ there: slow, back: slow }), state: undefined },
      presets: [{ name: 'slow', faults: faults({ there: slow }) }],
      isTrusted: true,
      ...parts,
    });

  test('has what the wire tells beside what the file says', () => {
    expect(draw()).toMatchObject({
      ...{ title: 'lan – dmz', ends: ['lan', 'dmz'], news: '', states: '', canApply: true, canWrite: true },
      ...{ live: { there: slow, back: slow }, file: { there: {}, back: {} } },
      presets: [{ name: 'slow', words: 'up → down: 20 ms ±5 ms, 1 % loss' }],
    });
  });

  test('of a NIC goes from it to its switch', () => {
    const picture = draw({ target: { lab: '/dmz.lab.yaml', name: 'web', nic: 1 }, live: { kind: 'stopped' } });

    expect(picture).toMatchObject({ title: 'web NIC 1', ends: ['web', 'lan'], file: { there: slow, back: {} } });
    expect(picture).toMatchObject({ live: undefined, canApply: false, canWrite: true });
    expect(picture.news).toContain('does not run');
  });

  test('of a wire that changes by itself says in which state it is', () => {
    const picture = draw({ live: { kind: 'told', faults: faults({ chain }), state: 'down' } });

    expect(picture.states).toBe(
      'It changes by chance between good, down. It is "down" now. Change the states in the lab file, or reset it.',
    );
  });

  test.each([
    ['is gone from the file', { lab: lab() }, 'does not have this wire any more', false],
    ['does not answer', { live: { kind: 'silent', reason: 'It says nothing.' } as const }, 'It says nothing.', true],
    ['is of nobody who is trusted', { isTrusted: false }, 'not trusted', false],
  ])('that %s cannot be changed', (_, parts, news, canWrite) => {
    const picture = draw(parts);

    expect(picture.news).toContain(news);
    expect([picture.canApply, picture.canWrite]).toEqual([false, canWrite]);
  });
});

test('a measurement is told by direction', () => {
  const way = {
    sent: 200,
    received: 198,
    bursts: 1,
    duplicates: 1,
    overtaken: 3,
    delay: { least: 19.9, mean: 25.04, most: 31 },
  };
  const silent = { sent: 200, received: 0, bursts: 1, duplicates: 0, overtaken: 0, delay: undefined };

  expect(measuredWords({ there: way, back: way }, ends)).toBe(
    [
      'Round trip 50.1 ms.',
      'lan → dmz: 25.0 ms (19.9 to 31.0), 1.00 % of 200 lost, 2.00 in a row, 1 twice, 3 overtaken.',
      'dmz → lan: 25.0 ms (19.9 to 31.0), 1.00 % of 200 lost, 2.00 in a row, 1 twice, 3 overtaken.',
    ].join('\n'),
  );
  expect(measuredWords({ there: way, back: silent }, ends)).toContain(
    'dmz → lan: nothing arrived, 100.0 % of 200 lost.',
  );
  expect(measuredWords({ there: way, back: silent }, ends)).toContain('Round trip never.');
});
