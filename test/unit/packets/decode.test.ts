import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from '../../../extension/packets/decode.ts';
import { knownFrames } from '../../support/known-frames.ts';

const line = (frame: Uint8Array): string => {
  const { source, destination, protocol, info } = decodeFrame(frame);
  return `${source} → ${destination} ${protocol}: ${info}`;
};

test.each([
  ['ping', '10.77.0.11 → 10.77.0.12 ICMP: Echo request id=99 seq=0'],
  ['taggedPing', '10.77.0.11 → 10.77.0.12 ICMP: VLAN 10 · Echo request id=99 seq=0'],
  ['arpRequest', '52:54:00:26:8f:01 → ff:ff:ff:ff:ff:ff ARP: Who has 10.77.0.12? Tell 10.77.0.11'],
  ['echoReply6', 'fe80::5054:ff:fe26:9001 → fe80::5054:ff:fe26:8f01 ICMPv6: Echo reply id=100 seq=0'],
  ['syn', '10.77.0.11 → 10.77.0.12 TCP: 44614 → 80 [SYN] seq=774822617 win=64240 len=0'],
  [
    'httpRequest',
    '10.77.0.11 → 10.77.0.12 HTTP: 44614 → 80 [ACK, PSH] seq=774822618 ack=926911742 win=8030 len=73 · GET / HTTP/1.1',
  ],
  ['dnsQuestion', '10.77.0.15 → 10.77.0.3 DNS: Question A debian.org'],
  ['dnsAnswer', '10.77.0.3 → 10.77.0.15 DNS: Answer A debian.org: no such name'],
  ['dhcpDiscover', '0.0.0.0 → 255.255.255.255 DHCP: Discover · 52:54:00:26:91:01'],
  ['dhcpAck', '10.77.0.2 → 255.255.255.255 DHCP: ACK 10.77.0.15 from 10.77.0.2 · 52:54:00:26:91:01'],
  [
    'rstp',
    '00:ff:91:32:a9:77 → 01:80:c2:00:00:00 STP: RSTP, designated port 3, root 32768/00:ff:06:5c:9a:6c, ' +
      'cost 20000000, bridge 32768/00:ff:91:32:a9:77',
  ],
] as const)('%s as a line', (name, expected) => {
  expect(line(knownFrames[name])).toBe(expected);
});

test('every layer of a tagged ping, with the place of each value in the frame', () => {
  const { layers } = decodeFrame(knownFrames.taggedPing);

  expect(layers.map(({ name, offset }) => [name, offset])).toEqual([
    ['Ethernet', 0],
    ['VLAN 10', 14 - 2],
    ['IPv4', 18],
    ['ICMP', 38],
  ]);
  expect(layers[2]?.fields.find(({ name }) => name === 'Destination')).toEqual({
    name: 'Destination',
    value: '10.77.0.12',
    offset: 34,
    length: 4,
  });
});

test('a frame that was cut off tells what it has', () => {
  const { protocol, info } = decodeFrame(knownFrames.ping.subarray(0, 36));

  expect([protocol, info]).toEqual(['ICMP', 'Echo request (cut off)']);
});

test('a name of DNS that points at itself comes to an end', () => {
  const frame = knownFrames.dnsQuestion.slice();
  frame.set([0xc0, 0x0c], 14 + 20 + 8 + 12);

  expect(decodeFrame(frame).protocol).toBe('DNS');
});

test('whatever a guest sends is decoded without an error', () => {
  const known = Object.values(knownFrames);
  const damaged = fc
    .tuple(fc.constantFrom(...known), fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { maxLength: 12 }), fc.nat(600))
    .map(([frame, changes, length]) => {
      const copy = frame.slice(0, length);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });

  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), frame => {
      const packet = decodeFrame(frame);
      expect(packet.layers.flatMap(({ fields }) => fields).every(({ offset }) => offset <= frame.length)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test('tags upon tags do not make us run in circles', () => {
  const frame = new Uint8Array(60_000).fill(0).map((_, at) => (at < 12 ? 0 : at % 4 === 0 ? 0x81 : 0));

  expect(decodeFrame(frame).protocol).toBe('0x8100');
});
