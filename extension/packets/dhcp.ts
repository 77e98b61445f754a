import type { Add, Bytes, PacketDraft } from './packet.ts';

const messageTypes = ['', 'Discover', 'Offer', 'Request', 'Decline', 'ACK', 'NAK', 'Release', 'Inform'];
const optionsAt = 240;
const cookie = 0x63825363;

/** What an option holds, by its number (RFC 2132). */
const options: Readonly<Record<number, { readonly name: string; readonly read: (bytes: Bytes) => string }>> = {
  1: { name: 'Subnet mask', read: bytes => bytes.ipv4(0) },
  3: { name: 'Router', read: addresses },
  6: { name: 'DNS', read: addresses },
  12: { name: 'Host name', read: words },
  15: { name: 'Domain', read: words },
  50: { name: 'Requested address', read: bytes => bytes.ipv4(0) },
  51: { name: 'Lease time', read: bytes => `${bytes.u32(0)} s` },
  53: { name: 'Message type', read: bytes => messageTypes[bytes.u8(0)] ?? String(bytes.u8(0)) },
  54: { name: 'Server', read: bytes => bytes.ipv4(0) },
  56: { name: 'Message', read: words },
  60: { name: 'Vendor class', read: words },
  66: { name: 'TFTP server', read: words },
  67: { name: 'Boot file', read: words },
};

/** DHCP and BOOTP (RFC 2131). */
export function decodeDhcp(draft: PacketDraft, bytes: Bytes): void {
  draft.protocol = 'DHCP';
  const add = draft.layer('DHCP', bytes);
  const isRequest = bytes.u8(0) === 1;
  const [own, given] = [bytes.ipv4(12), bytes.ipv4(16)];
  draft.info = isRequest ? 'BOOTP request' : 'BOOTP reply';
  add('Operation', isRequest ? 'request' : 'reply', 0, 1);
  add('Transaction', `0x${bytes.hex(4, 4)}`, 4, 4);
  add('Client address', own, 12, 4);
  add('Address given', given, 16, 4);
  add('Next server', bytes.ipv4(20), 20, 4);
  add('Client MAC', bytes.mac(28), 28, 6);
  if (bytes.length < optionsAt || bytes.u32(236) !== cookie) return;
  const found = readOptions(bytes, add);
  const type = found.get(53);
  if (type === undefined) return;
  const client = found.get(50) ?? (own === '0.0.0.0' ? undefined : own);
  const address = isRequest ? client : given;
  const server = found.get(54);
  draft.info = [
    type,
    address === undefined ? '' : ` ${address}`,
    server === undefined ? '' : ` ${isRequest ? 'at' : 'from'} ${server}`,
    ` · ${bytes.mac(28)}`,
  ].join('');
}

/** By their numbers. 0 is a gap, 255 the end. */
function readOptions(bytes: Bytes, add: Add): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (let at = optionsAt; at < bytes.length && bytes.u8(at) !== 255;) {
    const code = bytes.u8(at);
    if (code === 0) {
      at += 1;
      continue;
    }
    const length = bytes.u8(at + 1);
    const value = options[code]?.read(bytes.from(at + 2, length)) ?? bytes.hex(at + 2, length);
    found.set(code, value);
    add(options[code]?.name ?? `Option ${code}`, value, at, 2 + length);
    at += 2 + length;
  }
  return found;
}

function words(bytes: Bytes): string {
  return bytes.text(0, bytes.length);
}

function addresses(bytes: Bytes): string {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => bytes.ipv4(4 * i)).join(', ');
}
