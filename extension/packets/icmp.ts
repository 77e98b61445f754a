import type { Add, Bytes, PacketDraft } from './packet.ts';

const types: Readonly<Record<number, string>> = {
  0: 'Echo reply',
  3: 'Destination unreachable',
  4: 'Source quench',
  5: 'Redirect',
  8: 'Echo request',
  9: 'Router advertisement',
  10: 'Router solicitation',
  11: 'Time exceeded',
  12: 'Parameter problem',
};

const unreachable: Readonly<Record<number, string>> = {
  0: 'network',
  1: 'host',
  2: 'protocol',
  3: 'port',
  4: 'fragmentation needed',
  9: 'network administratively prohibited',
  10: 'host administratively prohibited',
  13: 'administratively prohibited',
};

const types6: Readonly<Record<number, string>> = {
  1: 'Destination unreachable',
  2: 'Packet too big',
  3: 'Time exceeded',
  4: 'Parameter problem',
  128: 'Echo request',
  129: 'Echo reply',
  130: 'Multicast listener query',
  131: 'Multicast listener report',
  133: 'Router solicitation',
  134: 'Router advertisement',
  135: 'Neighbour solicitation',
  136: 'Neighbour advertisement',
  137: 'Redirect',
  143: 'Multicast listener report',
};

export function decodeIcmp(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'ICMP';
  const type = bytes.u8(0);
  const code = bytes.u8(1);
  const name = types[type] ?? `Type ${type}`;
  const detail = type === 3 ? unreachable[code] : undefined;
  draft.info = detail === undefined ? name : `${name} (${detail})`;
  const add = addHeader(draft, 'ICMP', bytes, draft.info);
  if (type === 0 || type === 8) addEcho(draft, bytes, add);
}

export function decodeIcmpv6(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'ICMPv6';
  const type = bytes.u8(0);
  draft.info = types6[type] ?? `Type ${type}`;
  const add = addHeader(draft, 'ICMPv6', bytes, draft.info);
  if (type === 128 || type === 129) addEcho(draft, bytes, add);
  if (type === 135) draft.info = `Who has ${bytes.ipv6(8)}?`;
  if (type === 136) draft.info = `${bytes.ipv6(8)} is here`;
}

function addHeader(draft: PacketDraft, layer: string, bytes: Bytes, words: string): Add {
  const add = draft.layer(layer, bytes);
  add('Type', `${bytes.u8(0)} (${words})`, 0, 1);
  add('Code', bytes.u8(1), 1, 1);
  add('Checksum', `0x${bytes.hex(2, 2)}`, 2, 2);
  return add;
}

function addEcho(draft: PacketDraft, bytes: Bytes, add: Add): void {
  const [id, sequence] = [bytes.u16(4), bytes.u16(6)];
  add('Identifier', id, 4, 2);
  add('Sequence number', sequence, 6, 2);
  draft.info = `${draft.info} id=${id} seq=${sequence}`;
}
