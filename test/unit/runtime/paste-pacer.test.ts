import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PastePacer, pieceBytes, type PasteProgress } from '../../../extension/runtime/console/paste-pacer.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A pacer, what it sent and said. `takes`: how many pieces the connection takes before it ends. */
function world(takes = Infinity) {
  const clock = new FakeClock();
  const pieces: number[][] = [];
  const progress: PasteProgress[] = [];
  const pacer = new PastePacer(clock, bytes => pieces.length < takes && pieces.push([...bytes]) > 0);
  pacer.onProgress(one => progress.push(one));
  return { clock, pacer, pieces, progress, sent: () => pieces.flat() };
}

const numbered = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at % 251);

describe('a paste', () => {
  test('that is as short as typing goes at once, and waits for nothing', () => {
    const { pacer, clock, sent } = world();

    pacer.push(numbered(pieceBytes));

    expect([sent().length, clock.pending, pacer.isBusy]).toEqual([pieceBytes, 0, false]);
  });

  test('goes in pieces, each after the guest has echoed the one before', () => {
    const { pacer, clock, pieces } = world();
    pacer.push(numbered(3 * pieceBytes));
    clock.advance(12);
    const withoutEcho = pieces.length;

    pacer.heard(pieceBytes - 1);
    const withMost = pieces.length;
    pacer.heard(1);

    expect([withoutEcho, withMost, pieces.length]).toEqual([1, 1, 2]);
  });

  test('leaves the line a rest even if the echo comes at once', () => {
    const { pacer, clock, pieces } = world();
    pacer.push(numbered(3 * pieceBytes));

    pacer.heard(pieceBytes);
    const atOnce = pieces.length;
    clock.advance(12);

    expect([atOnce, pieces.length]).toEqual([1, 2]);
  });

  test('goes on, slower, where nothing is echoed', () => {
    const { pacer, clock, sent } = world();
    pacer.push(numbered(10 * pieceBytes));

    clock.advance(200);
    const before = sent().length;
    clock.advance(200);

    expect(before).toBeLessThan(10 * pieceBytes);
    expect(sent()).toEqual([...numbered(10 * pieceBytes)]);
  });

  test('waits for a guest that echoed before and is busy now, but not for ever', () => {
    const { pacer, clock, pieces } = world();
    pacer.push(numbered(5 * pieceBytes));
    pacer.heard(pieceBytes);
    clock.advance(12);

    clock.advance(2500);
    const whileBusy = pieces.length;
    clock.advance(600);

    expect([whileBusy, pieces.length]).toEqual([2, 5]);
  });

  test('tells how far it is, and its end', () => {
    const { pacer, clock, progress } = world();

    pacer.push(numbered(2 * pieceBytes));
    clock.advance(1000);

    expect(progress).toEqual([
      { kind: 'sending', sent: 64, total: 128 },
      { kind: 'sending', sent: 128, total: 128 },
      { kind: 'ended', left: 0 },
    ]);
  });

  test('is followed by what is typed meanwhile', () => {
    const { pacer, clock, sent } = world();

    pacer.push(numbered(2 * pieceBytes));
    pacer.push(Uint8Array.of(255));
    clock.advance(1000);

    expect(sent()).toEqual([...numbered(2 * pieceBytes), 255]);
  });

  test('that is called off sends no more, and says how much it was', () => {
    const { pacer, clock, sent, progress } = world();
    pacer.push(numbered(1000));
    clock.advance(40);

    pacer.cancel();
    clock.advance(1000);

    expect(sent().length).toBe(2 * pieceBytes);
    expect(progress.at(-1)).toEqual({ kind: 'ended', left: 1000 - 2 * pieceBytes });
    expect([clock.pending, pacer.isBusy]).toEqual([0, false]);
  });

  test('ends with the connection', () => {
    const { pacer, clock, progress } = world(1);

    pacer.push(numbered(1000));
    clock.advance(1000);

    expect(progress.at(-1)).toEqual({ kind: 'ended', left: 1000 - pieceBytes });
    expect(clock.pending).toBe(0);
  });

  test('leaves no timer behind when its console is closed', () => {
    const { pacer, clock } = world();
    pacer.push(numbered(1000));

    pacer.dispose();

    expect(clock.pending).toBe(0);
  });

  test('arrives whole and in order, however it is typed, echoed and cut', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ heard: fc.integer({ min: 0, max: 200 }) }),
      fc.record({ wait: fc.integer({ min: 0, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const { pacer, clock, pieces, sent } = world();
        const all: number[] = [];
        for (const one of steps) {
          if ('push' in one) {
            const bytes = numbered(one.push);
            all.push(...bytes);
            pacer.push(bytes);
          } else if ('heard' in one) pacer.heard(one.heard);
          else clock.advance(one.wait);
        }
        clock.advance(100_000);

        expect(sent()).toEqual(all);
        expect(Math.max(0, ...pieces.map(piece => piece.length))).toBeLessThanOrEqual(pieceBytes);
        expect(clock.pending).toBe(0);
      }),
    );
  });
});
