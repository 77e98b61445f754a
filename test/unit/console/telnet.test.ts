import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  TelnetDecoder,
  encodeTelnet,
  qemuGreeting,
  telnetBreak,
  type TelnetDialect,
} from '../../../extension/console/telnet.ts';

const allBytes = Array.from({ length: 256 }, (_, byte) => byte);
const [se, sb, will, wont, doIt, dont, iac] = [0xf0, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];

/** Pushes the pieces one after another and gives everything that came out. */
function decode(dialect: TelnetDialect, ...pieces: (readonly number[])[]): { text: number[]; reply: number[] } {
  const decoder = new TelnetDecoder(dialect);
  const out = pieces.map(piece => decoder.push(Uint8Array.from(piece)));
  return { text: out.flatMap(one => [...one.text]), reply: out.flatMap(one => [...one.reply]) };
}

/** Bytes that often make telnet's own sequences. */
const telnetByte = fc.oneof(
  fc.constantFrom(iac, will, wont, doIt, dont, sb, se, 0, 1, 3, 13),
  fc.integer({ min: 0, max: 255 }),
);
const stream = fc.array(telnetByte, { maxLength: 60 });

/** A stream in one piece and the same stream cut anywhere, empty pieces included. */
const cutStream = (start: readonly number[]) =>
  fc.tuple(stream, fc.array(fc.nat(80), { maxLength: 12 })).map(([rest, places]) => {
    const whole = [...start, ...rest];
    const cuts = [0, ...places.map(place => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
    return { whole, pieces: cuts.slice(1).map((end, index) => whole.slice(cuts[index], end)) };
  });

describe('QEMU’s telnet', () => {
  test('the greeting is taken off and not answered', () => {
    expect(decode('qemu', [...qemuGreeting, 0x41])).toEqual({ text: [0x41], reply: [] });
  });

  test('every byte value after the greeting is data, 0xff too', () => {
    expect(decode('qemu', [...qemuGreeting, ...allBytes, iac, iac]).text).toEqual([...allBytes, iac, iac]);
  });

  test('a second greeting is data', () => {
    expect(decode('qemu', [...qemuGreeting, ...qemuGreeting]).text).toEqual(qemuGreeting);
  });

  test('the console is not ours before the last byte of the greeting', () => {
    const decoder = new TelnetDecoder('qemu');

    const readiness = qemuGreeting.map(byte => {
      decoder.push(Uint8Array.of(byte));
      return decoder.isReady;
    });

    expect(readiness).toEqual([...Array.from({ length: 11 }, () => false), true]);
  });

  test('a peer without telnet loses nothing, even if it begins like the greeting', () => {
    expect(decode('qemu', [iac, will, 1, iac], [will, 7], [iac]).text).toEqual([iac, will, 1, iac, will, 7, iac]);
  });

  test('a peer without telnet is ready with its first byte', () => {
    const decoder = new TelnetDecoder('qemu');

    decoder.push(Uint8Array.of(0x41));

    expect(decoder.isReady).toBe(true);
  });

  test('nothing at all is neither text nor readiness', () => {
    const decoder = new TelnetDecoder('qemu');

    expect([...decoder.push(new Uint8Array(0)).text]).toEqual([]);
    expect(decoder.isReady).toBe(false);
  });

  test.each(qemuGreeting.map((_, at) => at))('cut after %i bytes of the greeting, it gives the same', at => {
    const whole = [...qemuGreeting, ...allBytes];

    expect(decode('qemu', whole.slice(0, at), whole.slice(at))).toEqual(decode('qemu', whole));
  });

  test('however a stream is cut, the same comes out', () => {
    fc.assert(
      fc.property(
        fc.oneof(cutStream(qemuGreeting), cutStream([]), cutStream(qemuGreeting.slice(0, 7))),
        ({ whole, pieces }) => {
          expect(decode('qemu', ...pieces)).toEqual(decode('qemu', whole));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('what follows the greeting comes out unchanged, whatever it is', () => {
    fc.assert(
      fc.property(stream, rest => {
        expect(decode('qemu', [...qemuGreeting, ...rest])).toEqual({ text: rest, reply: [] });
      }),
    );
  });
});

describe('standard telnet', () => {
  test('a doubled 0xff is one byte of data', () => {
    expect(decode('standard', [0x41, iac, iac, 0x42]).text).toEqual([0x41, iac, 0x42]);
  });

  test('every byte value arrives when the server doubles 0xff and works in binary', () => {
    const sent = [iac, will, 0, ...encodeTelnet(Uint8Array.from(allBytes))];

    expect(decode('standard', sent)).toEqual({ text: allBytes, reply: [iac, doIt, 0] });
  });

  test('the server may echo, suppress go-ahead and send binary', () => {
    expect(decode('standard', [iac, will, 1, iac, will, 3, iac, will, 0]).reply).toEqual([
      ...[iac, doIt, 1],
      ...[iac, doIt, 3],
      ...[iac, doIt, 0],
    ]);
  });

  test('any other option of the server is refused', () => {
    expect(decode('standard', [iac, will, 34])).toEqual({ text: [], reply: [iac, dont, 34] });
  });

  test('we send binary when asked, and do nothing else', () => {
    expect(decode('standard', [iac, doIt, 0, iac, doIt, 24]).reply).toEqual([iac, will, 0, iac, wont, 24]);
  });

  test('an offer that was taken is not answered again', () => {
    expect(decode('standard', [iac, will, 1, iac, will, 1]).reply).toEqual([iac, doIt, 1]);
  });

  test('taking an option back is answered once', () => {
    expect(decode('standard', [iac, doIt, 0, iac, dont, 0, iac, dont, 0]).reply).toEqual([
      ...[iac, will, 0],
      ...[iac, wont, 0],
    ]);
  });

  test('an option that was never on is not taken back', () => {
    expect(decode('standard', [iac, wont, 1, iac, dont, 3]).reply).toEqual([]);
  });

  test('a subnegotiation is left out, with a doubled 0xff in it', () => {
    expect(decode('standard', [0x41, iac, sb, 24, 1, iac, iac, 7, iac, se, 0x42]).text).toEqual([0x41, 0x42]);
  });

  test('commands of two bytes are left out', () => {
    expect(decode('standard', [0x41, iac, 0xf1, 0x42]).text).toEqual([0x41, 0x42]);
  });

  test('CR NUL is a carriage return, and CR LF stays', () => {
    expect(decode('standard', [13, 0, 0x41, 13, 10, 0]).text).toEqual([13, 0x41, 13, 10, 0]);
  });

  test('in binary NUL after CR is data', () => {
    expect(decode('standard', [iac, will, 0, 13, 0]).text).toEqual([13, 0]);
  });

  test('however a stream is cut, the same comes out', () => {
    fc.assert(
      fc.property(cutStream([]), ({ whole, pieces }) => {
        expect(decode('standard', ...pieces)).toEqual(decode('standard', whole));
      }),
      { numRuns: 500 },
    );
  });

  test('what was encoded is decoded again', () => {
    fc.assert(
      fc.property(stream, bytes => {
        const sent = [iac, will, 0, ...encodeTelnet(Uint8Array.from(bytes))];

        expect(decode('standard', sent).text).toEqual(bytes);
      }),
    );
  });
});

describe('towards the peer', () => {
  test('only 0xff is doubled', () => {
    expect([...encodeTelnet(Uint8Array.from(allBytes))]).toEqual([...allBytes, iac]);
  });

  test('a break is IAC BREAK', () => {
    expect([...telnetBreak]).toEqual([0xff, 0xf3]);
  });
});
