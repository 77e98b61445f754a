/** Frames with which a port of a switch asks whether somebody takes TCP connections: ARP, SYN and what comes back. */

/** IPv4 addresses as numbers of 32 bits, MACs as six bytes. */
export interface Party {
  readonly mac: Uint8Array;
  readonly address: number;
}

export type KnockAnswer =
  /** Somebody has this address. */
  | { readonly kind: 'owner'; readonly address: number; readonly mac: Uint8Array }
  /** Somebody asks who has this address. */
  | { readonly kind: 'question'; readonly address: number; readonly from: Party }
  /** The port takes the connection, or refuses it. */
  | { readonly kind: 'open' | 'refused'; readonly from: number; readonly acknowledged: number };

const everybody = new Uint8Array(6).fill(0xff);
const [etherIpv4, etherArp, tcp] = [0x0800, 0x0806, 6] as const;
const [syn, rst, ack] = [0x02, 0x04, 0x10] as const;
/** An Ethernet frame without its checksum is no shorter. */
const shortestFrame = 60;

/** Who has this address? With `from.address` 0 nobody remembers us for it (RFC 5227). */
export const arpQuestion = (from: Party, address: number): Uint8Array =>
  arpFrame(1, from, { mac: new Uint8Array(6), address }, everybody);

export const arpAnswer = (from: Party, to: Party): Uint8Array => arpFrame(2, from, to, to.mac);

function arpFrame(operation: number, from: Party, to: Party, destination: Uint8Array): Uint8Array {
  const { frame, view } = newFrame(shortestFrame, destination, from.mac, etherArp);
  view.setUint16(14, 1);
  view.setUint16(16, etherIpv4);
  view.setUint16(18, 0x0604);
  view.setUint16(20, operation);
  frame.set(from.mac, 22);
  view.setUint32(28, from.address);
  frame.set(to.mac, 32);
  view.setUint32(38, to.address);
  return frame;
}

export interface Connection {
  readonly from: Party;
  readonly to: Party;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
}

/** Asks for a connection. */
export const synFrame = (connection: Connection): Uint8Array => tcpFrame(connection, syn);
/** Gives up a connection that was granted. */
export const rstFrame = (connection: Connection): Uint8Array =>
  tcpFrame({ ...connection, sequence: (connection.sequence + 1) >>> 0 }, rst);

function tcpFrame({ from, to, fromPort, toPort, sequence }: Connection, flags: number): Uint8Array {
  const { frame, view } = newFrame(shortestFrame, to.mac, from.mac, etherIpv4);
  view.setUint16(14, 0x4500);
  view.setUint16(16, 40);
  view.setUint16(20, 0x4000);
  view.setUint16(22, 0x4000 | tcp);
  view.setUint32(26, from.address);
  view.setUint32(30, to.address);
  view.setUint16(24, checksum(view, 14, 20, 0));
  view.setUint16(34, fromPort);
  view.setUint16(36, toPort);
  view.setUint32(38, sequence);
  view.setUint16(46, 0x5000 | flags);
  view.setUint16(48, 1024);
  // The pseudo header: both addresses, the protocol and the length (RFC 9293, 3.1).
  view.setUint16(50, checksum(view, 26, 28, tcp + 20));
  return frame;
}

/** Of an answer to `port`. Undefined: it is none. */
export function readKnockAnswer(
  bytes: Uint8Array,
  connection: Pick<Connection, 'fromPort' | 'toPort'>,
): KnockAnswer | undefined {
  if (bytes.length < 42) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint16(12);
  if (kind === etherArp && view.getUint16(16) === etherIpv4) return readArp(bytes, view);
  return kind === etherIpv4 ? readTcp(view, connection) : undefined;
}

function readArp(bytes: Uint8Array, view: DataView): KnockAnswer | undefined {
  const from = { mac: bytes.slice(22, 28), address: view.getUint32(28) };
  if (view.getUint16(20) === 2) return { kind: 'owner', ...from };
  return view.getUint16(20) === 1 ? { kind: 'question', address: view.getUint32(38), from } : undefined;
}

function readTcp(
  view: DataView,
  { fromPort, toPort }: Pick<Connection, 'fromPort' | 'toPort'>,
): KnockAnswer | undefined {
  const at = 14 + (view.getUint8(14) & 0xf) * 4;
  if (view.getUint8(23) !== tcp || view.byteLength < at + 20) return undefined;
  if (view.getUint16(at) !== toPort || view.getUint16(at + 2) !== fromPort) return undefined;
  const flags = view.getUint8(at + 13);
  const answer = { from: view.getUint32(26), acknowledged: view.getUint32(at + 8) };
  if ((flags & rst) !== 0) return { kind: 'refused', ...answer };
  return (flags & (syn | ack)) === (syn | ack) ? { kind: 'open', ...answer } : undefined;
}

function newFrame(length: number, destination: Uint8Array, source: Uint8Array, etherType: number) {
  const frame = new Uint8Array(length);
  const view = new DataView(frame.buffer);
  frame.set(destination, 0);
  frame.set(source, 6);
  view.setUint16(12, etherType);
  return { frame, view };
}

/** The internet checksum over an even number of bytes (RFC 1071). */
function checksum(view: DataView, start: number, length: number, initial: number): number {
  let sum = initial;
  for (let at = start; at < start + length; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
