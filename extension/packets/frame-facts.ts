/** What a filter may ask of a frame. */
export interface FrameFacts {
  readonly destination: string;
  readonly source: string;
  readonly vlans: readonly number[];
  /** Behind all tags; a length (up to 1500) for LLC. */
  readonly etherType: number;
  readonly isSpanningTree: boolean;
  readonly addresses: { readonly source: string; readonly destination: string } | undefined;
  readonly ipProtocol: number | undefined;
  readonly ports: { readonly source: number; readonly destination: number } | undefined;
}

const tags = new Set([0x8100, 0x88a8]);

/** Looks through all tags. Undefined: it is too short for a frame. */
export function frameFacts(bytes: Uint8Array): FrameFacts | undefined {
  if (bytes.length < 14) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const vlans: number[] = [];
  let at = 12;
  while (at + 6 <= bytes.length && tags.has(view.getUint16(at))) {
    vlans.push(view.getUint16(at + 2) & 0xfff);
    at += 4;
  }
  const etherType = view.getUint16(at);
  const destination = macOf(bytes, 0);
  return {
    destination,
    source: macOf(bytes, 6),
    vlans,
    etherType,
    isSpanningTree: destination === '01:80:c2:00:00:00',
    addresses: undefined,
    ipProtocol: undefined,
    ports: undefined,
    ...network(view, bytes, etherType, at + 2),
  };
}

type Network = Partial<Pick<FrameFacts, 'addresses' | 'ipProtocol' | 'ports'>>;

function network(view: DataView, bytes: Uint8Array, etherType: number, at: number): Network {
  if (etherType === 0x0806 && at + 28 <= bytes.length)
    return { addresses: { source: ipv4Of(bytes, at + 14), destination: ipv4Of(bytes, at + 24) } };
  if (etherType === 0x0800 && at + 20 <= bytes.length) {
    const addresses = { source: ipv4Of(bytes, at + 12), destination: ipv4Of(bytes, at + 16) };
    const isFirst = (view.getUint16(at + 6) & 0x1fff) === 0;
    const header = (view.getUint8(at) & 0xf) * 4;
    return { addresses, ...transport(view, view.getUint8(at + 9), at + header, isFirst) };
  }
  if (etherType === 0x86dd && at + 40 <= bytes.length) {
    const addresses = { source: ipv6Of(view, at + 8), destination: ipv6Of(view, at + 24) };
    return { addresses, ...transport(view, view.getUint8(at + 6), at + 40, true) };
  }
  return {};
}

const withPorts = new Set([6, 17, 132]);

function transport(view: DataView, ipProtocol: number, at: number, isFirst: boolean): Network {
  if (!withPorts.has(ipProtocol) || !isFirst || at + 4 > view.byteLength) return { ipProtocol };
  return { ipProtocol, ports: { source: view.getUint16(at), destination: view.getUint16(at + 2) } };
}

const macOf = (bytes: Uint8Array, at: number): string =>
  Array.from(bytes.subarray(at, at + 6), byte => byte.toString(16).padStart(2, '0')).join(':');

const ipv4Of = (bytes: Uint8Array, at: number): string => bytes.subarray(at, at + 4).join('.');

/** All eight groups, without leading zeros: for comparing, not for reading. */
const ipv6Of = (view: DataView, at: number): string =>
  Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i).toString(16)).join(':');
