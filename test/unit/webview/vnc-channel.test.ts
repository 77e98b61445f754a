import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VncChannel, type ChannelEnd } from '../../../webview/display/vnc-channel.ts';

/** The extension's side. */
class End implements ChannelEnd {
  readonly sent: Uint8Array[] = [];
  readonly reports: number[] = [];
  send = (bytes: Uint8Array): void => void this.sent.push(bytes);
  received = (count: number): void => void this.reports.push(count);
}

function listening(): { readonly end: End; readonly channel: VncChannel; readonly heard: number[] } {
  const [end, heard]: [End, number[]] = [new End(), []];
  const channel = new VncChannel(end);
  channel.onmessage = ({ data }) => heard.push(...new Uint8Array(data));
  return { end, channel, heard };
}

describe('the channel that noVNC takes for a connection', () => {
  test('has all that noVNC looks for by name', () => {
    const channel = new VncChannel(new End());
    const names = [...Object.keys(channel), ...Object.getOwnPropertyNames(Object.getPrototypeOf(channel))];

    expect(names).toEqual(
      expect.arrayContaining([
        'send',
        'close',
        'binaryType',
        'onerror',
        'onmessage',
        'onopen',
        'protocol',
        'readyState',
      ]),
    );
    expect(channel.readyState).toBe('open');
  });

  test('gives every byte in order, however they were cut, and also those that came too early', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), fc.nat(20), (pieces, early) => {
        const [end, heard]: [End, number[]] = [new End(), []];
        const channel = new VncChannel(end);
        pieces.slice(0, early).forEach(piece => channel.push(piece));
        channel.onmessage = ({ data }) => heard.push(...new Uint8Array(data));
        pieces.slice(early).forEach(piece => channel.push(piece));

        expect(heard).toEqual(pieces.flatMap(piece => [...piece]));
      }),
    );
  });

  test('sends a copy, as noVNC uses its buffer again', () => {
    const { end, channel } = listening();
    const buffer = Uint8Array.from([0, 1, 2, 3, 4]);

    channel.send(buffer.subarray(1, 3));
    buffer.fill(9);
    channel.send(Uint8Array.from([7]).buffer);

    expect(end.sent.map(bytes => [...bytes])).toEqual([[1, 2], [7]]);
    expect(end.sent[0]!.buffer.byteLength).toBe(2);
  });

  test('reports what was worked off in large pieces, never more than came, and keeps back less than one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000)), sizes => {
        const { end, channel } = listening();
        sizes.forEach(size => channel.push(new Uint8Array(size)));
        const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

        expect(sum(sizes) - sum(end.reports)).toBeGreaterThanOrEqual(0);
        expect(sum(sizes) - sum(end.reports)).toBeLessThan(32 * 1024);
        expect(end.reports.every(count => count >= 32 * 1024)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('reports nothing before noVNC has seen it', () => {
    const end = new End();
    const channel = new VncChannel(end);

    channel.push(new Uint8Array(100_000));

    expect(end.reports).toEqual([]);
  });

  test('closed by noVNC it calls back once, later, and carries nothing more', async () => {
    const { end, channel, heard } = listening();
    let callbacks = 0;
    channel.onclose = () => (callbacks += 1);

    channel.close();
    channel.close();
    const atOnce = callbacks;
    await Promise.resolve();
    channel.push(Uint8Array.from([1]));
    channel.send(Uint8Array.from([2]));
    channel.closedByServer();

    expect([atOnce, callbacks, channel.readyState]).toEqual([0, 1, 'closed']);
    expect([heard, end.sent]).toEqual([[], []]);
  });

  test('closed by the server it tells noVNC, once', () => {
    const { channel } = listening();
    let callbacks = 0;
    channel.onclose = () => (callbacks += 1);

    channel.closedByServer();
    channel.closedByServer();
    channel.close();

    expect([callbacks, channel.readyState]).toEqual([1, 'closed']);
  });
});
