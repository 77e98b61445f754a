import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabEdit } from '../../../extension/lab/edits/lab-edit.ts';
import { writeAmount } from '../../../extension/lab/fault-amounts.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { changedWire } from '../../../extension/lab/wire-change.ts';
import { perfectWire, type Faults, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import { difference, edited } from '../../support/edited-lab.ts';

const head = 'switches: { lan: , dmz: }\nvms: { a: { id: 1, nics: [{ switch: lan';
const lab = (wire: string, nic = ''): string =>
  `${head}${nic} }] } }\nwires:\n  - { between: [lan, dmz]${wire} } # mine\n`;
const wire = (faults: WireFaults): LabEdit => ({ kind: 'setFaults', thing: { kind: 'wire', name: 'lan-dmz' }, faults });
const nic = (faults: WireFaults): LabEdit => ({ kind: 'setFaults', thing: { kind: 'nic', vm: 'a', nic: 1 }, faults });
const both = (faults: Faults): WireFaults => ({ ...perfectWire, there: faults, back: faults });
const loss = both({ loss: { value: 1 } });

/** What the line of the wire says after the edit. */
const written = (before: string, edit: LabEdit): string | undefined => difference(before, edited(before, edit))[1];

describe('what is wrong with a wire is written as the smallest edit', () => {
  test('a key comes, changes and goes', () => {
    expect(written(lab(''), wire(loss))).toBe('+  - { between: [lan, dmz], loss: 1% } # mine');
    expect(written(lab(', loss: 1%, delay: 5ms'), wire(loss))).toBe('+  - { between: [lan, dmz], loss: 1% } # mine');
    expect(written(lab(', loss: 3%'), wire(perfectWire))).toBe('+  - { between: [lan, dmz] } # mine');
    expect(difference(lab(', loss: 1 %'), edited(lab(', loss: 1 %'), wire(loss)))).toEqual([]);
  });

  test('a direction has keys of its own only where it differs', () => {
    const there = { ...loss, there: { loss: { value: 2 } } };

    expect(written(lab(', loss: 1%'), wire(there))).toBe(
      '+  - { between: [lan, dmz], loss: 1%, there: { loss: 2% } } # mine',
    );
    expect(written(lab(', loss: 1%, there: { loss: 2% }'), wire(loss))).toBe(
      '+  - { between: [lan, dmz], loss: 1% } # mine',
    );
  });

  test('what a preset says is not said again', () => {
    const [ocean] = readLab(lab(', preset: ocean')).lab!.wires;
    const slower = changedWire(ocean!.faults!, [
      { kind: 'fault', ways: ['there', 'back'], key: 'delay', amount: { value: 50 } },
      { kind: 'fault', ways: ['back'], key: 'loss', amount: { value: 0 } },
    ]);

    expect(written(lab(', preset: ocean'), wire(slower))).toBe(
      '+  - { between: [lan, dmz], preset: ocean, delay: 50ms, back: { loss: 0 } } # mine',
    );
  });

  test('of a NIC stands behind its key, which goes with the last fault', () => {
    const first = (before: string, edit: LabEdit) => difference(before, edited(before, edit)).at(-1);

    expect(first(lab(''), nic(loss))).toBe(`+${lab('', ', wire: { loss: 1% }').split('\n')[1]}`);
    expect(first(lab('', ', wire: { loss: 1% }'), nic(perfectWire))).toBe(`+${lab('').split('\n')[1]}`);
    expect(readLab(edited(lab('', ', wire: lte'), nic(loss))).lab!.vms[0]!.nics[0]!.faults).toEqual(loss);
  });

  test('states are written whole, and read as they were', () => {
    const states = [
      { name: 'good', there: {}, back: { delay: { value: 3 } }, to: new Map([[1, 2.5]]) },
      { name: 'down', there: { loss: { value: 100 } }, back: { loss: { value: 100 } }, to: new Map([[0, 25]]) },
    ];
    const chain: WireFaults = {
      there: {},
      back: { delay: { value: 3 } },
      reorder: true,
      chain: { everyMs: 50, states },
    };

    const text = edited(lab(', delay: 4ms, preset: lte'), wire(chain));

    expect(readLab(text).lab!.wires[0]!.faults).toEqual(chain);
    expect(readLab(edited(text, wire(loss))).lab!.wires[0]!.faults).toEqual(loss);
  });

  test('whatever stood there, the file then says what was asked for', () => {
    const amounts = fc.record(
      { delay: fc.nat(3), jitter: fc.nat(2), loss: fc.nat(3), bandwidth: fc.constantFrom(0, 125_000) },
      { requiredKeys: [] },
    );
    const faults = amounts.map((one): Faults =>
      Object.fromEntries(Object.entries(one).flatMap(([key, value]) => (value ? [[key, { value }]] : []))),
    );
    const keys = amounts.map(one =>
      Object.entries(one).map(([key, value]) => `${key}: ${writeAmount(key as 'delay', { value: value })}`),
    );
    const entry = fc.record({ plain: keys, there: keys, back: keys, preset: fc.constantFrom('', 'ocean', 'dsl') });
    fc.assert(
      fc.property(entry, faults, faults, fc.boolean(), fc.boolean(), (held, there, back, reorder, isNic) => {
        const way = (name: 'there' | 'back') =>
          held[name].length > 0 ? [`${name}: { ${held[name].join(', ')} }`] : [];
        const all = [
          ...(held.preset ? [`preset: ${held.preset}`] : []),
          ...held.plain,
          ...way('there'),
          ...way('back'),
        ];
        const before = isNic
          ? lab('', all.length > 0 ? `, wire: { ${all.join(', ')} }` : '')
          : lab(all.map(one => `, ${one}`).join(''));
        const wanted: WireFaults = { there, back, reorder, chain: undefined };

        const after = readLab(edited(before, isNic ? nic(wanted) : wire(wanted)));

        expect(after.problems).toEqual([]);
        const now = isNic ? after.lab!.vms[0]!.nics[0]!.faults : after.lab!.wires[0]!.faults;
        expect(now ?? perfectWire).toEqual(wanted);
      }),
    );
  });
});

test('changes keep what they are not about, also in states', () => {
  const chain = {
    everyMs: 100,
    states: [{ name: 'a', ...both({ loss: { value: 1 } }), to: new Map<number, number>() }],
  };
  const before: WireFaults = { ...both({ loss: { value: 1 } }), reorder: true, chain };

  const after = changedWire(before, [{ kind: 'fault', ways: ['back'], key: 'delay', amount: { value: 5 } }]);

  expect(after).toMatchObject({
    there: { loss: { value: 1 } },
    back: { loss: { value: 1 }, delay: { value: 5 } },
    reorder: true,
  });
  expect(after.chain?.states[0]).toMatchObject({ back: { delay: { value: 5 } }, there: { loss: { value: 1 } } });
  expect(changedWire(after, [{ kind: 'preset', faults: loss }])).toEqual(loss);
});
