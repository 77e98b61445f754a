import type { CheckPort } from '../../lab/expectations/sentence.ts';
import type { Vm } from '../../lab/model.ts';
import { UserError } from '../../base/user-error.ts';
import type { CheckBench, CommandAnswer } from './check-bench.ts';

/** Programs of a guest that checks use, by name; `busybox nc` is another one than the nc of others. */
export type GuestTools = ReadonlySet<string>;

const wanted = ['bash', 'nc', 'ping', 'traceroute', 'tracepath', 'tftp', 'timeout', 'head'];
const tiny: GuestTools = new Set(['busybox nc', 'nc', 'ping', 'traceroute', 'tftp', 'timeout', 'head']);

/** What a guest has. It is asked, unless it is the tiny guest. */
export async function toolsOf(vm: Vm, bench: CheckBench): Promise<GuestTools> {
  if (vm.isTinyGuest) return tiny;
  const { output } = await bench.run(vm, `command -v ${wanted.join(' ')}; nc --help 2>&1 | head -n 1`);
  const found = wanted.filter(name => output.split('\n').some(line => line.trim().endsWith(`/${name}`)));
  return new Set([...found, ...(output.includes('BusyBox') ? ['busybox nc'] : [])]);
}

/** Seconds that are waited for one answer. A wire of the lab may be slow, and so may this host. */
const patience = 5;

/** A command that ends with 0 only if somebody takes the connection. */
export function connectCommand(tools: GuestTools, address: string, port: number): string {
  if (tools.has('busybox nc')) return `nc -w ${patience} ${address} ${port} -e true`;
  if (tools.has('bash') && tools.has('timeout')) return `timeout ${patience} bash -c '</dev/tcp/${address}/${port}'`;
  if (tools.has('nc')) return `nc -z -w ${patience} ${address} ${port}`;
  throw new UserError('The guest has neither bash nor nc, so no connection can be tried.');
}

/** Sends some UDP packets within two seconds or so, `enoughPackets` at least unless they are refused. */
export function sendCommand(tools: GuestTools, address: string, port: number): string {
  if (tools.has('bash')) return `for n in 1 2 3 4 5 6 7 8; do bash -c 'echo kvmlab >/dev/udp/${address}/${port}'; done`;
  // It asks again and again until somebody answers.
  if (tools.has('tftp') && tools.has('timeout'))
    return `timeout 3 tftp -g -r kvmlab -l /dev/null ${address} ${port} >/dev/null 2>&1; true`;
  throw new UserError('The guest has neither bash nor tftp, so no UDP packet can be sent.');
}

/** Of those that were sent: others may send too, and some may get lost. */
export const enoughPackets = 4;

/** What `readUdpCount` reads. */
export const udpCountCommand =
  "grep -hE '^(Udp:|Udp6(InDatagrams|NoPorts))' /proc/net/snmp /proc/net/snmp6 | tr -s '\\t ' ' '";

export const pingCommand = (address: string, count: number, interval: number): string =>
  `ping -c ${count} -i ${interval} -W ${patience} ${address}`;

export function routeCommand(tools: GuestTools, address: string): string {
  if (tools.has('traceroute')) return `traceroute -n -q 2 -w 3 -m 12 ${address}`;
  if (tools.has('tracepath')) return `tracepath -n -m 12 ${address}`;
  throw new UserError('The guest has neither traceroute nor tracepath, so the way cannot be seen.');
}

/** What came of trying to connect or to ping. `unclear`: the program failed in another way. */
export type Reached = 'reached' | 'refused' | 'silent' | 'unclear';

export function readConnect({ status, output }: CommandAnswer): Reached {
  if (status === 0) return 'reached';
  if (/refused/i.test(output)) return 'refused';
  if (status === 124 || status === 143 || /timed out|unreachable|no route/i.test(output)) return 'silent';
  return status === 1 && output.trim() === '' ? 'silent' : 'unclear';
}

export interface PingAnswer {
  readonly sent: number;
  readonly received: number;
  /** Mean milliseconds there and back; undefined: nothing came back, or it was not told. */
  readonly ms: number | undefined;
}

/** Undefined: it was no ping that worked. Of busybox and iputils. */
export function readPing({ output }: CommandAnswer): PingAnswer | undefined {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output) ?? [];
  const [, mean] = /(?:round-trip|rtt) min\/avg\/max\S* = [\d.]+\/([\d.]+)\//.exec(output) ?? [];
  if (sent !== undefined && received !== undefined)
    return { sent: Number(sent), received: Number(received), ms: mean === undefined ? undefined : Number(mean) };
  return /unreachable|no route/i.test(output) ? { sent: 1, received: 0, ms: undefined } : undefined;
}

/** Addresses of the hops, in their order. */
export const readRoute = (output: string): readonly string[] => [
  ...new Set(
    output
      .split('\n')
      .filter(line => /^\s*\d+\??:?\s/.test(line))
      .flatMap(line => line.match(/(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:]+[\da-f])(?![\w.])/gi) ?? []),
  ),
];

/** UDP packets that a guest has got so far, whoever they were for. */
export function readUdpCount(output: string): number | undefined {
  const lines = output.split('\n').filter(line => line.startsWith('Udp: '));
  const [names = [], values = []] = lines.map(line => line.trim().split(/\s+/));
  const four = names.flatMap((name, at) => (counted.test(name) ? Number(values[at]) : []));
  const six = [...output.matchAll(/^Udp6(\w+)\s+(\d+)/gm)].flatMap(([, name = '', value]) =>
    counted.test(name) ? Number(value) : [],
  );
  return four.length === 0 ? undefined : [...four, ...six].reduce((sum, one) => sum + one, 0);
}

const counted = /^(?:InDatagrams|NoPorts)$/;

/** ` on tcp/80`, ` by ping`. */
export const portWords = (port: CheckPort | undefined): string =>
  port === undefined ? ' by ping' : ` on ${port.protocol}/${port.number}`;
