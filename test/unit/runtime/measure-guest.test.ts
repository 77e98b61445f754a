import { describe, expect, test } from 'vitest';
import { disposable, type Disposable } from '../../../extension/base/disposable.ts';
import { arpAnswer } from '../../../extension/packets/tcp-knock.ts';
import { measureGuest } from '../../../extension/runtime/wires/measure-guest.ts';
import type { FramePort } from '../../../extension/runtime/wire-ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const [ours, other] = [0x0a000001, 0x0a000002];
const guestMac = Uint8Array.of(0x52, 0x54, 0, 0, 0x1f, 1);

/** A guest behind a wire that does to each question what it is told: it says after how long each answer comes. */
class Guest implements FramePort {
  readonly asked: Uint8Array[] = [];
  private readonly clock: FakeClock;
  private readonly answers: (question: number) => readonly number[];
  private hear: (frame: Uint8Array, atMs: number) => void = () => undefined;

  constructor(clock: FakeClock, answers: (question: number) => readonly number[]) {
    this.clock = clock;
    this.answers = answers;
  }

  send(frame: Uint8Array): number {
    const view = new DataView(frame.buffer);
    const asker = { mac: frame.slice(6, 12), address: view.getUint32(28) };
    const answer = arpAnswer({ mac: guestMac, address: view.getUint32(38) }, asker);
    for (const ms of this.answers(this.asked.length)) {
      this.clock.after(ms, () => {
        // What else is heard on a switch: its other address, and another card of it that answers for this one.
        this.hear(arpAnswer({ mac: guestMac, address: other }, asker), this.clock.now());
        this.hear(arpAnswer({ mac: guestMac.map(byte => byte + 1), address: ours }, asker), this.clock.now());
        this.hear(answer, this.clock.now());
      });
    }
    this.asked.push(frame);
    return this.clock.now();
  }

  onFrame(hear: (frame: Uint8Array, atMs: number) => void): Disposable {
    this.hear = hear;
    return disposable(() => undefined);
  }

  dispose(): void {
    this.hear = () => undefined;
  }
}

async function measured(answers: (question: number) => readonly number[], count = 100, mayReorder = false) {
  const clock = new FakeClock(0);
  const guest = new Guest(clock, answers);
  const options = {
    guest: { mac: guestMac, address: ours },
    count,
    mark: 0xdead_beef,
    patienceMs: 3000,
    mayReorder,
    clock,
  };
  let isOver = false as boolean;
  const done = measureGuest(guest, options).finally(() => (isOver = true));
  while (!isOver) {
    await new Promise<void>(resolve => setImmediate(resolve));
    clock.advance(1);
  }
  return { ...(await done), asked: guest.asked };
}

describe('the wire of a NIC is measured by what its guest answers', () => {
  test('all of it comes back, as late as the wire makes it', async () => {
    const { sent, received, delay, asked } = await measured(() => [40]);

    expect([sent, received]).toEqual([100, 100]);
    expect(delay).toEqual({ least: 40, mean: 40, most: 40 });
    expect(asked.every(frame => frame.slice(0, 6).join() === guestMac.join())).toBe(true);
    // Nobody's address, so nobody remembers it; a MAC of our own, and not a new one each time.
    expect(asked.every(frame => new DataView(frame.buffer).getUint32(28) === 0)).toBe(true);
    expect(new Set(asked.map(frame => frame.slice(6, 12).join(':'))).size).toBeLessThanOrEqual(64);
  });

  test('what is lost, in a row or not, and what comes twice', async () => {
    const { sent, received, bursts, duplicates } = await measured(question =>
      question % 10 < 3 && question > 0 ? [] : question % 10 === 5 ? [5, 6] : [5],
    );

    expect(sent).toBe(100);
    expect(sent - received).toBeGreaterThan(25);
    expect((sent - received) / bursts).toBeGreaterThan(2.5);
    expect(duplicates).toBeGreaterThan(5);
  });

  test('what is overtaken is not lost', async () => {
    const { received, overtaken } = await measured(question => [question % 4 === 0 ? 60 : 20], 100, true);

    expect(received).toBe(100);
    expect(overtaken).toBeGreaterThan(10);
  });

  test('a guest that never answers is given up', async () => {
    const { sent, received, delay, asked } = await measured(() => []);

    expect([received, delay]).toEqual([0, undefined]);
    expect(sent).toBeLessThan(10);
    expect(asked.length).toBeLessThan(60);
  });
});
