import { expect, test } from 'vitest';
import { decodeFrame } from '../../../extension/packets/decode.ts';
import {
  arpAnswer,
  arpQuestion,
  readKnockAnswer,
  rstFrame,
  synFrame,
  type Connection,
} from '../../../extension/packets/tcp-knock.ts';

const us = { mac: Uint8Array.from([2, 0x4b, 1, 2, 3, 4]), address: 0x0a09_08fe };
const them = { mac: Uint8Array.from([0x52, 0x54, 0, 0, 7, 1]), address: 0x0a09_0802 };
const connection: Connection = { from: us, to: them, fromPort: 50_000, toPort: 22, sequence: 0xffff_ffff };
const ends = { fromPort: 50_000, toPort: 22 };

const line = (frame: Uint8Array): string => {
  const { source, destination, protocol, info } = decodeFrame(frame);
  return `${source} → ${destination} ${protocol}: ${info}`;
};

/** What the other side answers to a connection: its flags. */
function reply(flags: number, change: (view: DataView) => void = () => undefined): Uint8Array {
  const frame = synFrame({ from: them, to: us, fromPort: 22, toPort: 50_000, sequence: 5 });
  const view = new DataView(frame.buffer);
  view.setUint32(42, 0);
  view.setUint8(47, flags);
  change(view);
  return frame;
}

test('frames are what others take them for', () => {
  expect(line(arpQuestion(us, them.address))).toBe(
    '02:4b:01:02:03:04 → ff:ff:ff:ff:ff:ff ARP: Who has 10.9.8.2? Tell 10.9.8.254',
  );
  expect(line(arpAnswer(us, them))).toBe(
    '02:4b:01:02:03:04 → 52:54:00:00:07:01 ARP: 10.9.8.254 is at 02:4b:01:02:03:04',
  );
  expect(line(synFrame(connection))).toBe('10.9.8.254 → 10.9.8.2 TCP: 50000 → 22 [SYN] seq=4294967295 win=1024 len=0');
  expect(line(rstFrame(connection))).toBe('10.9.8.254 → 10.9.8.2 TCP: 50000 → 22 [RST] seq=0 win=1024 len=0');
});

test('both checksums add up to what the receiver wants', () => {
  const view = new DataView(synFrame(connection).buffer);
  const sum = (start: number, length: number, initial = 0): number => {
    let all = initial;
    for (let at = start; at < start + length; at += 2) all += view.getUint16(at);
    return (all & 0xffff) + (all >>> 16);
  };

  expect([sum(14, 20), sum(26, 28, 6 + 20)]).toEqual([0xffff, 0xffff]);
});

test('answers are told apart', () => {
  expect(readKnockAnswer(arpAnswer(them, us), ends)).toEqual({ kind: 'owner', ...them });
  expect(readKnockAnswer(arpQuestion(them, us.address), ends)).toEqual({
    kind: 'question',
    address: us.address,
    from: them,
  });
  expect(readKnockAnswer(reply(0x12), ends)).toEqual({ kind: 'open', from: them.address, acknowledged: 0 });
  expect(readKnockAnswer(reply(0x14), ends)).toEqual({ kind: 'refused', from: them.address, acknowledged: 0 });
  const unasked = [
    reply(0x10),
    reply(0x12, view => view.setUint16(34, 23)),
    reply(0x12, view => view.setUint8(23, 17)),
    reply(0x12, view => view.setUint8(14, 0x4f)),
    reply(0x12).slice(0, 40),
    new Uint8Array(60),
  ];
  expect(unasked.map(frame => readKnockAnswer(frame, ends))).toEqual(unasked.map(() => undefined));
});
