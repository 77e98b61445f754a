import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TelnetText } from '../../support/telnet-text.ts';

const stream = Uint8Array.from([
  ...[0xff, 0xfb, 0x01, 0xff, 0xfd, 0x00, 0xff, 0xfa, 0x18, 0x01, 0xff, 0xf0, 0xff, 0xf1],
  ...new TextEncoder().encode('\x1bc\x1b[?7l\x1b[2JREADY wéb\r\n\r\nweb:~# \x1b[6nls\r\n'),
]);

test('a telnet stream reads the same however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), cuts => {
      const reader = new TelnetText();
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];

      const text = at.slice(1).map((end, index) => reader.push(stream.subarray(at[index], end)));

      expect(text.join('')).toBe('READY wéb\n\nweb:~# ls\n');
    }),
  );
});
