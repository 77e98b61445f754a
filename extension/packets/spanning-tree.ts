import type { Bytes, PacketDraft } from './packet.ts';

const roles = ['unknown', 'alternate or backup', 'root', 'designated'];
const flagNames: readonly (readonly [number, string])[] = [
  [0x01, 'topology change'],
  [0x02, 'proposal'],
  [0x10, 'learning'],
  [0x20, 'forwarding'],
  [0x40, 'agreement'],
  [0x80, 'topology change acknowledged'],
];

/** BPDUs of STP and RSTP (IEEE 802.1D). */
export function decodeSpanningTree(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'STP';
  const add = draft.layer('Spanning Tree', bytes);
  const version = bytes.u8(2);
  const type = bytes.u8(3);
  add('Version', version, 2, 1);
  if (type === 0x80) {
    draft.info = 'Topology change';
    add('Type', 'Topology change notification', 3, 1);
    return;
  }
  const flags = bytes.u8(4);
  const [root, bridge] = [identifier(bytes, 5), identifier(bytes, 17)];
  const cost = bytes.u32(13);
  const port = bytes.u16(25);
  const role = roles[(flags >> 2) & 3] ?? '';
  add('Type', type === 2 ? 'RSTP' : 'Configuration', 3, 1);
  add(
    'Flags',
    flagNames
      .filter(([bit]) => flags & bit)
      .map(([, name]) => name)
      .join(', ') || 'none',
    4,
    1,
  );
  if (type === 2) add('Port role', role, 4, 1);
  add('Root', root, 5, 8);
  add('Cost to the root', cost, 13, 4);
  add('Bridge', bridge, 17, 8);
  add('Port', `0x${bytes.hex(25, 2)}`, 25, 2);
  draft.info = [
    type === 2 ? `RSTP, ${role} port ${port & 0xfff}` : `Configuration, port ${port & 0xfff}`,
    root === bridge ? `root is ${bridge}` : `root ${root}, cost ${cost}, bridge ${bridge}`,
  ].join(', ');
}

/** Priority and MAC address. */
const identifier = (bytes: Bytes, at: number): string => `${bytes.u16(at)}/${bytes.mac(at + 2)}`;
