import { frameFacts, type FrameFacts } from './frame-facts.ts';

/** Whether a frame is wanted. */
export type FrameFilter = (bytes: Uint8Array, length: number) => boolean;

/** The words do not make a filter; the message says why. */
export class FilterError extends Error {}

type Test = (facts: FrameFacts) => boolean;

/** What can be said without tcpdump, for messages. */
export const filterWords =
  'arp, ip, ip6, icmp, icmp6, tcp, udp, stp, vlan [N], [src|dst] host ADDRESS, [tcp|udp] [src|dst] port N, ' +
  'ether [src|dst|host] MAC, with and, or, not and brackets';

/**
 * A small part of the language of tcpdump (pcap-filter(7)), for hosts without it. One difference: it looks through VLAN
 * tags, so that `icmp` is found in every VLAN. Throws a FilterError.
 */
export function parseFilter(text: string): FrameFilter {
  const words = text
    .replaceAll(/&&|\|\||[!()]/g, sign => ` ${sign} `)
    .split(/\s+/)
    .filter(word => word !== '');
  const parser = new Parser(words);
  const test = parser.either();
  parser.end();
  return bytes => {
    const facts = frameFacts(bytes);
    return facts !== undefined && test(facts);
  };
}

const ipProtocols: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 };
const etherTypes: Readonly<Record<string, number>> = { ip: 0x0800, arp: 0x0806, ip6: 0x86dd };
type Side = 'source' | 'destination';
const sides: Readonly<Record<string, Side>> = { src: 'source', dst: 'destination' };

class Parser {
  private readonly words: string[];

  constructor(words: readonly string[]) {
    this.words = [...words];
  }

  either(): Test {
    let test = this.both();
    while (this.take('or', '||')) test = or(test, this.both());
    return test;
  }

  end(): void {
    if (this.words[0] !== undefined) throw new FilterError(`"${this.words[0]}" is not understood here`);
  }

  private both(): Test {
    let test = this.inverse();
    while (this.take('and', '&&')) test = and(test, this.inverse());
    return test;
  }

  private inverse(): Test {
    if (this.take('not', '!')) {
      const test = this.inverse();
      return facts => !test(facts);
    }
    if (!this.take('(')) return this.primitive();
    const test = this.either();
    if (!this.take(')')) throw new FilterError('a bracket is not closed');
    return test;
  }

  private primitive(): Test {
    const word = this.words.shift();
    if (word === undefined) throw new FilterError('something is missing at its end');
    if (word === 'ether') return this.ether();
    if (word === 'vlan') return this.vlan();
    if (word === 'stp') return facts => facts.isSpanningTree;
    if (word === 'host' || word === 'port') return this.place(word, undefined);
    const side = sides[word];
    if (side) return this.place(this.words.shift(), side);
    const [etherType, ipProtocol] = [etherTypes[word], ipProtocols[word]];
    if (etherType !== undefined) return facts => facts.etherType === etherType;
    if (ipProtocol === undefined) throw new FilterError(`"${word}" is not understood here`);
    const isIt: Test = facts => facts.ipProtocol === ipProtocol;
    const [next] = this.words;
    return next === 'port' || (next !== undefined && sides[next]) ? and(isIt, this.primitive()) : isIt;
  }

  private place(kind: string | undefined, side: Side | undefined): Test {
    if (kind === 'port') {
      const port = this.number('port', 65_535);
      return ({ ports }) => ports !== undefined && eachSide(side).some(one => ports[one] === port);
    }
    if (kind !== 'host') throw new FilterError(`"${kind ?? ''}" is neither host nor port`);
    const address = readAddress(this.words.shift());
    return ({ addresses }) => addresses !== undefined && eachSide(side).some(one => addresses[one] === address);
  }

  private ether(): Test {
    const word = this.words.shift() ?? '';
    const side = sides[word];
    if (!side && word !== 'host') throw new FilterError('"ether" needs src, dst or host and a MAC address');
    if (side && this.words[0] === 'host') this.words.shift();
    const mac = this.words.shift()?.toLowerCase() ?? '';
    if (!/^[\da-f]{2}(:[\da-f]{2}){5}$/.test(mac)) throw new FilterError(`"${mac}" is no MAC address`);
    return facts => eachSide(side).some(one => facts[one] === mac);
  }

  private vlan(): Test {
    if (!/^\d+$/.test(this.words[0] ?? '')) return facts => facts.vlans.length > 0;
    const vlan = this.number('VLAN', 4095);
    return facts => facts.vlans.includes(vlan);
  }

  private number(what: string, most: number): number {
    const word = this.words.shift() ?? '';
    if (!/^\d+$/.test(word) || Number(word) > most) throw new FilterError(`"${word}" is no ${what}`);
    return Number(word);
  }

  private take(...words: readonly string[]): boolean {
    if (!words.includes(this.words[0] ?? '')) return false;
    this.words.shift();
    return true;
  }
}

const and =
  (one: Test, other: Test): Test =>
  facts =>
    one(facts) && other(facts);
const or =
  (one: Test, other: Test): Test =>
  facts =>
    one(facts) || other(facts);

const eachSide = (side: Side | undefined): readonly Side[] => (side ? [side] : ['source', 'destination']);

/** An IPv6 address with all its groups, as frameFacts has it. */
function readAddress(word = ''): string {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(word)) return word;
  const [left = '', right, more] = word.toLowerCase().split('::');
  const groups = (text = ''): readonly string[] => text.split(':').filter(group => group !== '');
  const missing = 8 - groups(left).length - groups(right).length;
  const isWhole = right === undefined ? missing === 0 : missing > 0 && more === undefined;
  const all = [...groups(left), ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...groups(right)];
  if (!isWhole || !all.every(group => /^[\da-f]{1,4}$/.test(group))) throw new FilterError(`"${word}" is no address`);
  return all.map(group => parseInt(group, 16).toString(16)).join(':');
}
