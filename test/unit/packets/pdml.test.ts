import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePdml } from '../../../extension/packets/pdml.ts';

/** As tshark 4.0 writes it, shortened. */
const document = `<?xml version="1.0" encoding="utf-8"?>
<pdml version="0" creator="wireshark/4.0.17">
<packet>
  <proto name="geninfo" pos="0" showname="General information" size="98">
    <field name="num" pos="0" show="1" showname="Number" value="1" size="98"/>
  </proto>
  <proto name="frame" showname="Frame 1" size="98" pos="0"></proto>
  <proto name="ip" showname="Internet Protocol Version 4, Src: 10.9.0.1" size="20" pos="14">
    <field name="ip.version" showname="0100 .... = Version: 4" size="1" pos="14" show="4" value="45"/>
    <field name="ip.src" showname="Source Address: 10.9.0.1" size="4" pos="26" show="10.9.0.1" value="0a090001"/>
    <field name="ip.addr" showname="Hidden: 10.9.0.1" hide="yes" size="4" pos="26"/>
    <field name="" show="Data &lt;b&gt; &amp;amp; &quot;x&quot; &#x41;" size="9" pos="70"/>
  </proto>
</packet>
</pdml>`;

test('layers and fields come with their words and places', () => {
  expect(parsePdml(document)).toEqual([
    {
      name: 'Internet Protocol Version 4, Src: 10.9.0.1',
      offset: 14,
      fields: [
        { name: '0100 .... = Version', value: '4', offset: 14, length: 1 },
        { name: 'Source Address', value: '10.9.0.1', offset: 26, length: 4 },
        { name: 'Data <b> &amp; "x" A', value: '', offset: 70, length: 9 },
      ],
    },
  ]);
});

test('whatever it is given is read without an error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.nat(document.length).map(at => document.slice(at)),
      ),
      text => {
        parsePdml(text);
      },
    ),
  );
});
