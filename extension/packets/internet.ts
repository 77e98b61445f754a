import { decodeIcmp, decodeIcmpv6 } from './icmp.ts';
import type { Bytes, PacketDraft } from './packet.ts';
import { decodeTcp, decodeUdp } from './transport.ts';

type Decode = (draft: PacketDraft, bytes: Bytes) => void;

const protocols: Readonly<Record<number, Decode>> = { 1: decodeIcmp, 6: decodeTcp, 17: decodeUdp, 58: decodeIcmpv6 };
const protocolNames: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6 in IP',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  89: 'OSPF',
  112: 'VRRP',
  132: 'SCTP',
};

export function decodeArp(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'ARP';
  const add = draft.layer('ARP', bytes);
  const operation = bytes.u16(6);
  const [senderMac, sender] = [bytes.mac(8), bytes.ipv4(14)];
  const [targetMac, target] = [bytes.mac(18), bytes.ipv4(24)];
  add('Operation', operation === 1 ? 'request' : operation === 2 ? 'reply' : operation, 6, 2);
  add('Sender MAC', senderMac, 8, 6);
  add('Sender', sender, 14, 4);
  add('Target MAC', targetMac, 18, 6);
  add('Target', target, 24, 4);
  if (operation === 2) draft.info = `${sender} is at ${senderMac}`;
  else if (sender === target) draft.info = `${sender} announces itself at ${senderMac}`;
  else draft.info = `Who has ${target}? Tell ${sender}`;
}

export function decodeIpv4(draft: PacketDraft, bytes: Bytes): void {
  const add = draft.layer('IPv4', bytes);
  const headerBytes = (bytes.u8(0) & 0xf) * 4;
  const total = bytes.u16(2);
  const fragment = bytes.u16(6);
  const protocol = bytes.u8(9);
  [draft.source, draft.destination, draft.protocol] = [bytes.ipv4(12), bytes.ipv4(16), 'IPv4'];
  add('Header length', `${headerBytes} bytes`, 0, 1);
  add('Differentiated services', `0x${bytes.hex(1, 1)}`, 1, 1);
  add('Total length', total, 2, 2);
  add('Identification', `0x${bytes.hex(4, 2)}`, 4, 2);
  add('Fragment', fragmentWords(fragment), 6, 2);
  add('Time to live', bytes.u8(8), 8, 1);
  add('Protocol', nameOf(protocol), 9, 1);
  add('Source', draft.source, 12, 4);
  add('Destination', draft.destination, 16, 4);
  // A short frame is padded to 60 bytes, so the header says where the packet ends. 0: the NIC was to fill it in.
  const payload = bytes.from(headerBytes, (total || bytes.length) - headerBytes);
  const start = (fragment & 0x1fff) * 8;
  if (start > 0) draft.info = `Fragment from byte ${start} on, ${nameOf(protocol)}`;
  else decodePayload(draft, protocol, payload);
}

function fragmentWords(word: number): string {
  const flags = [word & 0x4000 && 'may not be fragmented', word & 0x2000 && 'more fragments'].filter(Boolean);
  return [`offset ${(word & 0x1fff) * 8}`, ...flags].join(', ');
}

const extensionHeaders = new Set([0, 43, 60]);
const fragmentHeader = 44;

export function decodeIpv6(draft: PacketDraft, bytes: Bytes): void {
  const add = draft.layer('IPv6', bytes);
  const length = bytes.u16(4);
  [draft.source, draft.destination, draft.protocol] = [bytes.ipv6(8), bytes.ipv6(24), 'IPv6'];
  add('Payload length', length, 4, 2);
  add('Hop limit', bytes.u8(7), 7, 1);
  add('Source', draft.source, 8, 16);
  add('Destination', draft.destination, 24, 16);
  let next = bytes.u8(6);
  let payload = bytes.from(40, length);
  while (extensionHeaders.has(next) || next === fragmentHeader) {
    const size = next === fragmentHeader ? 8 : (payload.u8(1) + 1) * 8;
    if (next === fragmentHeader && (payload.u16(2) & 0xfff8) > 0) {
      draft.info = `Fragment from byte ${payload.u16(2) & 0xfff8} on`;
      return;
    }
    next = payload.u8(0);
    payload = payload.from(size);
  }
  add('Next header', nameOf(next), 6, 1);
  decodePayload(draft, next, payload);
}

function decodePayload(draft: PacketDraft, protocol: number, payload: Bytes): void {
  const decode = protocols[protocol];
  if (decode) {
    decode(draft, payload);
    return;
  }
  draft.protocol = nameOf(protocol);
  draft.info = `${payload.length} bytes`;
}

const nameOf = (protocol: number): string => protocolNames[protocol] ?? `IP protocol ${protocol}`;
