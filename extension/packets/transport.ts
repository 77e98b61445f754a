import { decodeDhcp } from './dhcp.ts';
import { decodeDns } from './dns.ts';
import type { Bytes, PacketDraft } from './packet.ts';

type Decode = (draft: PacketDraft, bytes: Bytes) => void;

/** By the port of either side. */
const udpServices: Readonly<Record<number, Decode>> = {
  53: decodeDns,
  67: decodeDhcp,
  68: decodeDhcp,
  5353: decodeDns,
};

/** Only what can be told from the port, for the column of protocols. */
const serviceNames: Readonly<Record<number, string>> = {
  21: 'FTP',
  22: 'SSH',
  23: 'Telnet',
  25: 'SMTP',
  69: 'TFTP',
  80: 'HTTP',
  123: 'NTP',
  161: 'SNMP',
  179: 'BGP',
  389: 'LDAP',
  443: 'TLS',
  500: 'IKE',
  514: 'Syslog',
  520: 'RIP',
  1194: 'OpenVPN',
  4500: 'IKE',
  4789: 'VXLAN',
  51820: 'WireGuard',
};

const tcpFlags: readonly (readonly [number, string])[] = [
  [0x02, 'SYN'],
  [0x10, 'ACK'],
  [0x01, 'FIN'],
  [0x04, 'RST'],
  [0x08, 'PSH'],
  [0x20, 'URG'],
];

export function decodeTcp(draft: PacketDraft, bytes: Bytes): void {
  const [from, to] = [bytes.u16(0), bytes.u16(2)];
  const [sequence, acknowledged] = [bytes.u32(4), bytes.u32(8)];
  const headerBytes = (bytes.u8(12) >> 4) * 4;
  const bits = bytes.u8(13);
  const flags = tcpFlags.filter(([bit]) => bits & bit).map(([, name]) => name);
  const payload = bytes.from(headerBytes);
  const add = draft.layer('TCP', bytes);
  add('Source port', from, 0, 2);
  add('Destination port', to, 2, 2);
  add('Sequence number', sequence, 4, 4);
  add('Acknowledgement number', acknowledged, 8, 4);
  add('Flags', flags.join(', ') || 'none', 12, 2);
  add('Window', bytes.u16(14), 14, 2);
  add('Payload', `${payload.length} bytes`, headerBytes, payload.length);
  draft.protocol = payload.length > 0 ? (service(from, to) ?? 'TCP') : 'TCP';
  const first = firstLine(payload, draft.protocol);
  draft.info = [
    `${from} → ${to} [${flags.join(', ')}] seq=${sequence}`,
    bits & 0x10 ? `ack=${acknowledged}` : '',
    `win=${bytes.u16(14)} len=${payload.length}`,
    first === undefined ? '' : `· ${first}`,
  ]
    .filter(part => part !== '')
    .join(' ');
}

export function decodeUdp(draft: PacketDraft, bytes: Bytes): void {
  const [from, to, length] = [bytes.u16(0), bytes.u16(2), bytes.u16(4)];
  const payload = bytes.from(8, Math.max(0, length - 8));
  const add = draft.layer('UDP', bytes);
  add('Source port', from, 0, 2);
  add('Destination port', to, 2, 2);
  add('Length', length, 4, 2);
  draft.protocol = service(from, to) ?? 'UDP';
  draft.info = `${from} → ${to} len=${payload.length}`;
  (udpServices[to] ?? udpServices[from])?.(draft, payload);
}

const service = (from: number, to: number): string | undefined => serviceNames[to] ?? serviceNames[from];

/** Requests and answers of HTTP and its like begin with a line that says it all. */
function firstLine(payload: Bytes, protocol: string): string | undefined {
  if (!['HTTP', 'FTP', 'SMTP', 'SSH'].includes(protocol)) return undefined;
  const text = payload.text(0, Math.min(payload.length, 100));
  return /^[\w/.-]+[ .-]/.test(text) ? (text.split('..')[0] ?? '').slice(0, 80) : undefined;
}
