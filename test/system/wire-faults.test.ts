import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../extension/host/clock.ts';
import { PlugFrames } from '../../extension/host/frame-plugs.ts';
import { SocketManagementDialer } from '../../extension/host/management-dialer.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { wirePresets } from '../../extension/lab/reading/read-faults.ts';
import { changedWire, type WireChange } from '../../extension/lab/wire-change.ts';
import {
  directions,
  perfectWire,
  type FaultKey,
  type Faults,
  type WireFaults,
} from '../../extension/lab/wire-faults.ts';
import { measureWire, type MeasuredWire } from '../../extension/runtime/wires/measure-wire.ts';
import type { MeasuredWay } from '../../extension/runtime/wires/measured-way.ts';
import { askWire } from '../../extension/runtime/wires/wire-reader.ts';
import { wirefilterOrders } from '../../extension/vde/wirefilter.ts';
import { ScriptLab } from '../support/script-lab.ts';

/** One wire of a running lab, changed while it is in use and measured with frames at both ends. */
const lab = new ScriptLab(
  readLab('name: faults\nswitches: { lan: {}, dmz: {} }\nwires: [{ between: [lan, dmz], delay: 1ms }]\n').lab!,
);
const dialer = new SocketManagementDialer();
const socket = path.join(lab.run, 'wire-lan-dmz.mgmt');
let ends: readonly [PlugFrames, PlugFrames];

beforeAll(async () => {
  expect(await lab.script('lab.sh', 'start')).toMatchObject({ code: 0 });
  ends = [new PlugFrames(path.join(lab.run, 'switch-lan')), new PlugFrames(path.join(lab.run, 'switch-dmz'))];
  await set(perfectWire);
});
afterAll(() => {
  for (const end of ends) end.dispose();
  dialer.dispose();
  lab.dispose();
});

const now = async (): Promise<WireFaults> => (await askWire(dialer, socket)).faults;

async function set(faults: WireFaults): Promise<void> {
  const orders = wirefilterOrders(await now(), faults);
  if (orders.length > 0) await dialer.ask(socket, orders);
}

const fault = (key: FaultKey, value: number, ...ways: readonly ('there' | 'back')[]): WireChange => ({
  ...{ kind: 'fault', key, ways: ways.length > 0 ? ways : ['there', 'back'] },
  amount: { value },
});

let mark = 0;
/** Patience is what a broken wire takes; one that works never needs it. */
function measure(count: number, { bytes = 60, patienceMs = 30_000, mayReorder = false } = {}): Promise<MeasuredWire> {
  mark += 1;
  return measureWire(ends, { count, bytes, patienceMs, mayReorder, mark, clock: systemClock });
}

/** Changes a perfect wire and measures it. */
async function changed(changes: readonly WireChange[], count: number, options = {}): Promise<MeasuredWire> {
  await set(changedWire(perfectWire, changes));
  return measure(count, options);
}

/** Of so many packets, each lost with this chance: six times the standard deviation; bursts make the variance larger. */
function expectLost({ sent, received }: MeasuredWay, chance: number, byBursts = 1): void {
  const deviation = Math.sqrt(byBursts * sent * chance * (1 - chance));
  expect(Math.abs(sent - received - sent * chance)).toBeLessThan(6 * deviation + 1e-9);
}

const whole = (count: number) => ({ sent: count, received: count, duplicates: 0 });

describe('what is wrong with a wire is measured at its far end', () => {
  test('nothing: all packets arrive, each once', async () => {
    expect(await changed([], 300)).toMatchObject({ there: whole(300), back: whole(300) });
  });

  test('delay, in one direction only, and at once', async () => {
    // Much more than any pause of a busy host.
    const { there, back } = await changed([fault('delay', 1000, 'there')], 10);

    expect(there).toMatchObject(whole(10));
    expect(there.delay!.least).toBeGreaterThan(999);
    expect(back.delay!.least).toBeLessThan(900);
    const after = await changed([fault('delay', 1000, 'back')], 10);
    expect(after.there.delay!.least).toBeLessThan(900);
    expect(after.back.delay!.least).toBeGreaterThan(999);
  });

  test('jitter spreads the delay and keeps the order', async () => {
    const { there } = await changed([fault('delay', 60), fault('jitter', 50)], 120);

    expect(there).toMatchObject(whole(120));
    expect(there.delay!.least).toBeGreaterThan(9);
    expect(there.delay!.most - there.delay!.least).toBeGreaterThan(20);
  });

  test('loss, each direction its own', async () => {
    const { there, back } = await changed([fault('loss', 30, 'there'), fault('loss', 10, 'back')], 1000);

    expectLost(there, 0.3);
    expectLost(back, 0.1);
  });

  test('loss comes in bursts of their length, and no more is lost than without', async () => {
    const { there, back } = await changed([fault('loss', 25), fault('burst', 3, 'there')], 1500);

    // Two states: into the bad one by 0.25 / (3 × 0.75) = 1/9, out of it by 1/3; 5/9 of a difference are left by each step.
    expectLost(there, 0.25, (1 + 5 / 9) / (1 - 5 / 9));
    expectLost(back, 0.25);
    // 125 bursts of 3 packets, with a deviation of 2.4 each; without bursts 280 of 4/3, with one of 0.67.
    expect(Math.abs((there.sent - there.received) / there.bursts - 3)).toBeLessThan((6 * 2.4) / Math.sqrt(120));
    expect(Math.abs((back.sent - back.received) / back.bursts - 4 / 3)).toBeLessThan((6 * 0.67) / Math.sqrt(200));
  });

  test('packets overtake each other only if they may', async () => {
    const spread = [fault('delay', 150, 'there'), fault('jitter', 140, 'there')];

    const ordered = await changed(spread, 60);
    expect(ordered.there).toMatchObject({ ...whole(60), overtaken: 0 });
    const { there, back } = await changed([...spread, { kind: 'reorder', reorder: true }], 60, { mayReorder: true });
    expect(there).toMatchObject(whole(60));
    expect(there.overtaken).toBeGreaterThan(0);
    expect(back).toMatchObject({ ...whole(60), overtaken: 0 });
  });

  test('loss of everything: nothing arrives on one side', async () => {
    const { there, back } = await changed([fault('loss', 100, 'there')], 5, { patienceMs: 4000 });

    expect(there).toMatchObject({ sent: 5, received: 0, delay: undefined });
    expect(back.received).toBeGreaterThan(0);
  });

  test('duplicates arrive twice and more', async () => {
    const { there, back } = await changed([fault('duplicate', 25, 'there')], 1000);

    expect(there.received).toBe(1000);
    // Each copy has copies again: 0.25 / 0.75 for each packet, with a variance of 0.25 / 0.75².
    expect(Math.abs(there.duplicates - 1000 / 3)).toBeLessThan(6 * Math.sqrt((1000 * 0.25) / 0.75 ** 2));
    expect(back).toMatchObject(whole(1000));
  });

  test('bandwidth and speed hold packets up for as long as their bytes take', async () => {
    for (const key of ['bandwidth', 'speed'] as const) {
      const { there, back } = await changed([fault(key, 2000, 'there')], 6, { bytes: 1000 });

      expect(there).toMatchObject(whole(6));
      // Those behind wait for those before.
      expect(there.delay!.mean).toBeGreaterThan(490);
      expect(back).toMatchObject(whole(6));
      expect(back.delay!.least).toBeLessThan(490);
    }
  });

  test('mtu stops packets that are larger, by the bytes of IP', async () => {
    const mtu = [fault('mtu', 500)];

    expect(await changed(mtu, 20, { bytes: 514 })).toMatchObject({ there: whole(20), back: whole(20) });
    const { there } = await changed(mtu, 5, { bytes: 515, patienceMs: 300 });
    expect(there).toMatchObject({ sent: 5, received: 0 });
  });

  test('noise damages packets', async () => {
    const { there, back } = await changed([fault('noise', 400, 'there')], 400, { bytes: 1400 });

    // 400 bits of 2^20 bytes: 53 % of all packets have one; what hits the addresses is not seen.
    expect(there.sent - there.received).toBeGreaterThan(0.35 * 400);
    expect(there.sent - there.received).toBeLessThan(0.7 * 400);
    expect(back).toMatchObject(whole(400));
  });

  test('a small buffer loses what does not fit, and a large one nothing', async () => {
    const slow = [fault('delay', 200, 'there')];

    const { there } = await changed([...slow, fault('buffer', 2500, 'there')], 30, { bytes: 1000 });
    expect(there.received).toBeLessThan(30);
    expect(await changed([...slow, fault('buffer', 100_000, 'there')], 30, { bytes: 1000 })).toMatchObject({
      there: whole(30),
    });
  });

  test('two that are set one after the other both hold, and a reset takes back all', async () => {
    await set(perfectWire);
    await set(changedWire(await now(), [fault('delay', 100, 'there')]));
    await set(changedWire(await now(), [fault('loss', 30, 'there')]));

    const { there } = await measure(200);
    expect(there.delay!.least).toBeGreaterThan(99);
    expectLost(there, 0.3);
    await set(perfectWire);
    expect(await now()).toEqual(perfectWire);
    expect(await measure(50)).toMatchObject({ there: whole(50), back: whole(50) });
  });

  test('states change by chance: a flaky wire loses some and not all', async () => {
    const states = [
      { name: 'good', there: {}, back: {}, to: new Map([[1, 50]]) },
      { name: 'down', there: { loss: { value: 100 } }, back: { loss: { value: 100 } }, to: new Map([[0, 50]]) },
    ];
    const chain: WireFaults = { ...perfectWire, chain: { everyMs: 20, states } };
    await set(chain);
    expect(await now()).toEqual(chain);

    // At least one millisecond for each: some 40 changes, neither none nor all of them to the good.
    const { there } = await measure(800);

    expect(there.received).toBeGreaterThan(0);
    expect(there.received).toBeLessThan(800);
    await set(perfectWire);
    expect(await now()).toEqual(perfectWire);
  });
});

const presets = wirePresets().map(({ name, faults }) => [name, faults] as const);

test.each(presets)('the preset %s is taken with its own numbers', async (_name, faults) => {
  await set(perfectWire);
  await set(faults);

  expect(await now()).toEqual(faults);
});

const bytes = 400;
const measurable = presets.filter(([, { chain }]) => !chain);

test.each(measurable)('the preset %s is measured with its own numbers, each way', async (_name, faults) => {
  await set(perfectWire);
  await set(faults);

  const measured = await measure(40, { bytes });

  for (const way of directions) {
    expectLost(measured[way], lossOf(faults[way]), faults[way].burst ? 2 * faults[way].burst.value : 1);
    expect(measured[way].delay!.mean).toBeGreaterThan(leastMean(faults[way], measured[way].received));
  }
});

/** Noise damages a packet of so many bits; what is lost in neither way arrives. */
function lossOf({ loss, noise }: Faults): number {
  const whole = (1 - (noise?.value ?? 0) / 2 ** 20) ** bytes;
  return 1 - whole * (1 - (loss?.value ?? 0) / 100);
}

/** Milliseconds: what the wire adds on average, less six times what chance may make of it, and one by which wirefilter is early. */
function leastMean({ delay, jitter, bandwidth }: Faults, count: number): number {
  const deviation = (jitter?.value ?? 0) / (jitter?.isNormal ? 1 : Math.sqrt(3));
  const sending = bandwidth ? (1000 * bytes) / bandwidth.value : 0;
  return (delay?.value ?? 0) + sending - (6 * deviation) / Math.sqrt(count) - 1;
}
