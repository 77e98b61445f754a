import { describe, expect, test } from 'vitest';
import { Emitter } from '../../../extension/base/emitter.ts';
import { pcapHeader, pcapRecord } from '../../../extension/packets/pcap.ts';
import type { CaptureProcess, LineDecoder, PacketLine } from '../../../extension/runtime/capture-ports.ts';
import { PacketSession, type PacketRow } from '../../../extension/runtime/capture/packet-session.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { knownFrames } from '../../support/known-frames.ts';

class FakeCapture implements CaptureProcess {
  readonly bytes = new Emitter<Uint8Array>();
  readonly news = new Emitter<string>();
  readonly ended = new Emitter<void>();
  readonly onBytes = this.bytes.event;
  readonly onNews = this.news.event;
  readonly onEnd = this.ended.event;
  isDisposed = false;

  send(frame: Uint8Array, count = 1): void {
    for (let at = 0; at < count; at += 1) this.bytes.fire(pcapRecord({ time: at, bytes: frame, length: frame.length }));
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

class FakeTshark implements LineDecoder {
  readonly lines = new Emitter<readonly PacketLine[]>();
  readonly ended = new Emitter<void>();
  readonly onLines = this.lines.event;
  readonly onEnd = this.ended.event;
  written = 0;
  isDisposed = false;

  write(): void {
    this.written += 1;
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

async function open(tshark?: FakeTshark) {
  const [capture, clock, operands] = [new FakeCapture(), new FakeClock(), [] as string[][]];
  const session = new PacketSession(['vm:two/one:1'], {
    clock,
    decoders: { lines: () => Promise.resolve(tshark), detail: () => Promise.resolve(undefined) },
    processes: {
      stream: words => {
        operands.push([...words]);
        return capture;
      },
      detach: () => Promise.reject(new Error('nothing is detached here')),
    },
  });
  const rows: PacketRow[] = [];
  session.onRows(more => rows.push(...more));
  await Promise.resolve();
  capture.bytes.fire(pcapHeader());
  return { capture, clock, session, rows, operands };
}

const line: PacketLine = { source: 'a', destination: 'b', protocol: 'TSHARK', info: 'as it says' };

describe('a live capture', () => {
  test('decodes by itself where there is no tshark, and tells some times a second', async () => {
    const { capture, clock, rows, operands } = await open();
    capture.send(knownFrames.ping);
    capture.send(knownFrames.arpRequest);
    const early = rows.length;
    clock.advance(100);

    expect(early).toBe(0);
    expect(rows.map(({ number, protocol }) => [number, protocol])).toEqual([
      [1, 'ICMP'],
      [2, 'ARP'],
    ]);
    expect(operands).toEqual([['vm:two/one:1']]);
  });

  test('takes the lines of tshark, and decodes on by itself when tshark ends', async () => {
    const tshark = new FakeTshark();
    const { capture, clock, rows, session } = await open(tshark);
    capture.send(knownFrames.ping, 3);
    tshark.lines.fire([line]);
    clock.advance(100);
    tshark.ended.fire();
    clock.advance(100);

    expect(rows.map(({ number, protocol }) => [number, protocol])).toEqual([
      [1, 'TSHARK'],
      [2, 'ICMP'],
      [3, 'ICMP'],
    ]);
    expect([session.hasTshark, tshark.written]).toEqual([false, 4]);
  });

  test('keeps no more than it may, under the numbers that packets had', async () => {
    const { capture, clock, session } = await open();
    capture.send(knownFrames.arpRequest, session.most + 500);
    clock.advance(100);
    const first = session.kept[0]?.number ?? 0;

    expect([session.count, session.kept.length <= session.most]).toEqual([session.most + 500, true]);
    expect(await session.detail(first - 1)).toBeUndefined();
    expect((await session.detail(first))?.layers.map(({ name }) => name)).toEqual(['Ethernet', 'ARP']);
  });

  test('says why it ended', async () => {
    const { capture, session } = await open();
    capture.news.fire('No VM one runs.');
    capture.ended.fire();

    expect([session.isRunning, session.words]).toEqual([false, 'No VM one runs.']);
  });

  test('is over when what comes is no capture', async () => {
    const { capture, session } = await open();
    capture.bytes.fire(new Uint8Array(16).fill(0xff));

    expect([capture.isDisposed, session.isRunning]).toEqual([true, false]);
    expect(session.words).toMatch(/cannot be read/);
  });

  test('lets go of everything', async () => {
    const tshark = new FakeTshark();
    const { capture, clock, session } = await open(tshark);
    capture.send(knownFrames.ping);
    tshark.lines.fire([line]);
    session.dispose();

    expect([capture.isDisposed, tshark.isDisposed, clock.pending]).toEqual([true, true, 0]);
  });
});
