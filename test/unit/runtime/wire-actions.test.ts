import { beforeEach, describe, expect, test } from 'vitest';
import { perfectWire, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { WireActions } from '../../../extension/runtime/wires/wire-actions.ts';
import type { LiveWireFaults } from '../../../extension/runtime/wires/wire-picture.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement } from '../../support/fake-management.ts';
import { lab, wire } from '../../support/lab-builder.ts';

const target = { lab: '/labs/dmz.lab.yaml', name: 'lan-dmz', nic: 0 };
const slow: WireFaults = { ...perfectWire, there: { delay: { value: 20 } }, reorder: true };

let store: LabStore;
let live: LiveWireFaults;
let written: WireFaults[];
let actions: WireActions;

beforeEach(() => {
  store = new LabStore();
  const presets = [{ name: 'field', faults: slow }];
  store.setReading(target.lab, { lab: lab({ wires: [wire('lan', 'dmz', { faults: slow })], presets }), problems: [] });
  [live, written] = [{ kind: 'told', faults: slow, state: undefined }, []];
  actions = new WireActions({
    store,
    control: {
      read: () => Promise.resolve(live),
      change: (_target, to) => {
        const faults = to(live.kind === 'told' ? live.faults : perfectWire);
        live = { kind: 'told', faults, state: undefined };
        return Promise.resolve(faults);
      },
    },
    changed: () => Promise.resolve(),
    write: (_target, faults) => {
      written.push(faults);
      return Promise.resolve('Written.');
    },
    probes: {
      ...{ management: new FakeManagement(), clock: new FakeClock(), random: () => 7 },
      plug: () => ({ send: () => 0, onFrame: () => ({ dispose: () => undefined }), dispose: () => undefined }),
    },
  });
});

describe('the panel of a wire', () => {
  test('changes both directions and nothing else, and says what is wrong then', async () => {
    const words = await actions.change(target, { there: {}, back: { loss: { value: 5 } } });

    expect(words).toBe('lan – dmz: dmz → lan: 5 % loss; reordered.');
    expect(live).toMatchObject({ faults: { there: {}, reorder: true } });
  });

  test('uses presets, those of the lab before those that are built in, and resets all', async () => {
    expect(
      actions
        .presets(target)
        .map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['field', 'dsl']);
    expect(await actions.usePreset(target, 'field')).toBe('lan – dmz: lan → dmz: 20 ms; reordered.');
    expect(await actions.reset(target)).toBe('lan – dmz: nothing is wrong with it.');
    await expect(actions.usePreset(target, 'gone')).rejects.toThrow('There is no preset gone any more.');
  });

  test('writes what is shown, or what the wire has with all its states', async () => {
    await actions.write(target, { there: {}, back: { loss: { value: 5 } } });
    await actions.write(target, undefined);
    live = { kind: 'stopped' };
    await actions.write(target, { there: {}, back: {} });

    expect(written).toEqual([
      { ...perfectWire, back: { loss: { value: 5 } }, reorder: true },
      slow,
      { ...perfectWire, reorder: true },
    ]);
  });

  test('measures only what runs', async () => {
    await expect(actions.measure(target)).rejects.toThrow('Switch lan does not run');
    live = { kind: 'stopped' };
    await expect(actions.measure(target)).rejects.toThrow('Start it first');
  });

  test('has nothing to say of a wire that the lab file has no more', async () => {
    store.setReading(target.lab, { lab: lab(), problems: [] });

    await expect(actions.reset(target)).rejects.toThrow('does not have lan-dmz any more');
  });
});
