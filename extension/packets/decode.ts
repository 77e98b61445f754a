import { decodeArp, decodeIpv4, decodeIpv6 } from './internet.ts';
import { Bytes, PacketDraft, type Packet } from './packet.ts';
import { decodeSpanningTree } from './spanning-tree.ts';

/** Decodes one Ethernet frame. Never throws: guests send what they like. */
export function decodeFrame(bytes: Uint8Array): Packet {
  const draft = new PacketDraft();
  return draft.decode(() => decodeEthernet(draft, new Bytes(bytes)));
}

const vlanTag = 0x8100;
const serviceTag = 0x88a8;
/** Nobody stacks more, except to make us run in circles. */
const mostTags = 8;

const etherTypes: Readonly<Record<number, (draft: PacketDraft, bytes: Bytes) => void>> = {
  0x0800: decodeIpv4,
  0x0806: decodeArp,
  0x86dd: decodeIpv6,
};

const names: Readonly<Record<number, string>> = {
  0x0842: 'Wake-on-LAN',
  0x88cc: 'LLDP',
  0x888e: 'EAPOL',
  0x8863: 'PPPoE',
  0x8864: 'PPPoE',
  0x88e5: 'MACsec',
};

function decodeEthernet(draft: PacketDraft, bytes: Bytes): void {
  const add = draft.layer('Ethernet', bytes);
  draft.destination = bytes.mac(0);
  draft.source = bytes.mac(6);
  add('Destination', draft.destination, 0, 6);
  add('Source', draft.source, 6, 6);
  decodeType(draft, bytes, 12);
}

/** From a type field on: a tag and what it is on, a length and LLC, or the type of what follows. */
function decodeType(draft: PacketDraft, bytes: Bytes, at: number, tags = 0): void {
  const type = bytes.u16(at);
  if ((type === vlanTag || type === serviceTag) && tags < mostTags) {
    const tag = bytes.u16(at + 2);
    const add = draft.layer(`VLAN ${tag & 0xfff}`, bytes.from(at));
    add('VLAN', tag & 0xfff, 2, 2);
    add('Priority', tag >> 13, 2, 1);
    draft.protocol = 'VLAN';
    decodeType(draft, bytes, at + 4, tags + 1);
    // The number matters more than anything else about a tagged frame in a lab.
    draft.info = `VLAN ${tag & 0xfff} · ${draft.info}`;
    return;
  }
  const payload = bytes.from(at + 2);
  const decode = etherTypes[type];
  if (type <= 1500) decodeLlc(draft, bytes.from(at + 2, type));
  else if (decode) decode(draft, payload);
  else unknown(draft, type, payload);
}

function decodeLlc(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'LLC';
  const saps = bytes.u16(0);
  const add = draft.layer('LLC', bytes);
  add('Service access points', `0x${bytes.hex(0, 2)}`, 0, 2);
  draft.info = `Length ${bytes.length}`;
  if (saps === 0x4242) decodeSpanningTree(draft, bytes.from(3));
}

function unknown(draft: PacketDraft, type: number, payload: Bytes): void {
  const hex = `0x${type.toString(16).padStart(4, '0')}`;
  draft.protocol = names[type] ?? hex;
  draft.info = `Type ${hex}, ${payload.length} bytes`;
  draft.layer(draft.protocol, payload)('Type', hex);
}
