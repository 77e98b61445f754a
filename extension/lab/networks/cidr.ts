/** An IP address with the length of its network's prefix. */
export interface Cidr {
  readonly family: 4 | 6;
  /** The address as one number of 32 or 128 bits. */
  readonly value: bigint;
  readonly prefix: number;
}

/** `10.1.0.1/24` or `fd00::1/64`; undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const ip = match?.[1] === undefined ? undefined : parseIp(match[1]);
  const prefix = Number(match?.[2]);
  return ip && prefix <= bitsOf(ip) ? { ...ip, prefix } : undefined;
}

/** `10.1.0.1` or `fd00::1`, as a network of one address. */
export function parseIp(text: string): Cidr | undefined {
  const isV6 = text.includes(':');
  const value = isV6 ? parseV6(text) : parseV4(text);
  if (value === undefined) return undefined;
  return { family: isV6 ? 6 : 4, value, prefix: isV6 ? 128 : 32 };
}

export function networkOf(cidr: Cidr): Cidr {
  return { ...cidr, value: cidr.value & ~hostMask(cidr) };
}

/** Whether the address (its own prefix does not matter) lies in the network. */
export function contains(network: Cidr, address: Cidr): boolean {
  if (network.family !== address.family) return false;
  const shift = BigInt(bitsOf(network) - network.prefix);
  return network.value >> shift === address.value >> shift;
}

/** IPv4 only: the network's own or its broadcast address, which no host may have (RFC 3021 exempts /31). */
export function isNetworkOrBroadcast(network: Cidr, address: Cidr): boolean {
  if (network.family !== 4 || network.prefix > 30 || !contains(network, address)) return false;
  const host = address.value & hostMask(network);
  return host === 0n || host === hostMask(network);
}

/** The host bits of a network as a mask: 0xff for a /24. */
export function hostMask(network: Cidr): bigint {
  return (1n << BigInt(bitsOf(network) - network.prefix)) - 1n;
}

export function formatIp(address: Cidr): string {
  if (address.family === 4) {
    const value = Number(BigInt.asUintN(32, address.value));
    return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
  }
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((address.value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  return shortenV6(groups);
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIp(cidr)}/${cidr.prefix}`;
}

const bitsOf = (ip: { readonly family: 4 | 6 }): number => (ip.family === 4 ? 32 : 128);

/** Leading zeros are refused: some programs read them as octal. */
const byteOfV4 = /^(?:0|[1-9]\d{0,2})$/;

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => byteOfV4.test(part) && Number(part) <= 255)) return undefined;
  return BigInt(parts.reduce((value, part) => value * 256 + Number(part), 0));
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.length > 45) return undefined;
  const [head, tail] = halves.map((half, at) => (half === '' ? [] : groupsOf(half, at === halves.length - 1)));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  if (!groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** The last group of an address may be a dotted IPv4 address, which stands for two groups. */
function groupsOf(half: string, isLast: boolean): readonly string[] {
  const groups = half.split(':');
  const last = groups.at(-1) ?? '';
  const v4 = isLast && last.includes('.') ? parseV4(last) : undefined;
  if (v4 === undefined) return groups;
  return [...groups.slice(0, -1), (v4 >> 16n).toString(16), (v4 & 0xffffn).toString(16)];
}

/** The longest run of zero groups (at least two, the first of equals) becomes `::` (RFC 5952). */
function shortenV6(groups: readonly string[]): string {
  const runs = [...groups.join(':').matchAll(/\b0(?::0\b)+/g)].map(match => match[0]);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const text = groups.join(':');
  const at = text.search(new RegExp(String.raw`\b${longest}\b`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
