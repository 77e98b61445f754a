import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketStream, type PacketNews } from '../../../extension/vde/packet-stream.ts';

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const hex = (length: number): string =>
  Array.from({ length }, (_, at) => (at % 256).toString(16).padStart(2, '0')).join(' ');
const line = (port: string, direction: string, length: number): string =>
  `3101 dump/packet${direction} Pkt: Port ${port} len=${String(length).padStart(4, '0')} ${hex(length)} \n`;

/** A session as vde_switch 2.3.2 has it: banner, our `debug/add`, frames on the line of the prompt and on their own. */
const session = [
  'VDE switch V.2.3.2\n(C) Virtual Square Team (coord. R. Davoli) 2005,2006,2007 - GPLv2\n\nvde$ ',
  '1000 Success\n\nvde$ ',
  line('0001', 'in', 60),
  line('0002', 'out', 1514),
].join('');

const cut = (bytes: Uint8Array, sizes: readonly number[]): readonly PacketNews[] => {
  const stream = new PacketStream();
  const news: PacketNews[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    news.push(...stream.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return news;
};
const framesOf = (news: readonly PacketNews[]) => news.flatMap(one => (one.kind === 'frame' ? [one.frame] : []));

test('prompts, answers and frames are told apart', () => {
  const stream = new PacketStream();

  const kinds = session.split(/(?<=vde\$ )/).map(part => stream.push(ascii(part)).map(({ kind }) => kind));

  expect(kinds).toEqual([['ready'], ['answer', 'ready'], ['frame', 'frame']]);
});

test('frames are whole, with port and direction, however the text is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), sizes => {
      const frames = framesOf(cut(ascii(session), sizes));

      expect(frames.map(({ port, direction, bytes }) => [port, direction, bytes.length])).toEqual([
        [1, 'in', 60],
        [2, 'out', 1514],
      ]);
      expect([frames[0]?.bytes[59], frames[1]?.bytes[1513]]).toEqual([59, 1513 % 256]);
    }),
  );
});

test.each([
  ['cut off', line('0001', 'in', 60).replace(/ 3a .*/, '')],
  ['too long', line('0001', 'in', 60).replace('len=0060', 'len=0059')],
  ['no hexadecimal', line('0001', 'in', 60).replace('0a', 'xx')],
  ['of something that is not ours', '3101 pdump/packetin Pkt: Port 0001 len=0001 00 \n'],
])('a line that is %s is left out, and the next one is read', (_, damaged) => {
  expect(framesOf(cut(ascii(damaged + line('0003', 'out', 14)), [4096])).map(({ port }) => port)).toEqual([3]);
});

test('whatever a switch says is read without an error, and does not pile up', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), pieces => {
      const stream = new PacketStream();
      for (const piece of pieces) stream.push(piece);
    }),
  );
  const stream = new PacketStream();
  for (let at = 0; at < 40; at += 1) stream.push(new Uint8Array(64 * 1024).fill(0x61));

  expect(framesOf(stream.push(ascii(`\n${line('0001', 'in', 60)}`))).length).toBe(1);
});
