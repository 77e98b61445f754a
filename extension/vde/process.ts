import { readCommandLine, type OptionShape } from './command-line.ts';

/** What a vde_switch process tells by its command line. */
export interface SwitchFacts {
  /** Folder of the switch's sockets. */
  readonly socket: string;
  readonly management: string | undefined;
  readonly pidFile: string | undefined;
  /** Usable ports: one less than `--numports`. */
  readonly ports: number;
  /** The first tap interface; an ordinary user's switch runs without it and says nothing. */
  readonly tap: string | undefined;
  readonly isHub: boolean;
  readonly hasStp: boolean;
}

/** What a process that joins places tells by its command line: a vde_plug, or a wirefilter between two of them. */
export interface PlugFacts {
  readonly pidFile: string | undefined;
  readonly description: string | undefined;
  /** What it connects, as VDE URLs: two for a wire between switches. */
  readonly ends: readonly string[];
  /** Where a wirefilter is asked. */
  readonly management?: string;
}

/** `--help` of vde_switch 2.3.2. */
const switchOptions: readonly OptionShape[] = [
  { names: ['help', 'h'], hasValue: false },
  { names: ['version', 'v'], hasValue: false },
  { names: ['numports', 'n'], hasValue: true },
  { names: ['hub', 'x'], hasValue: false },
  { names: ['fstp', 'F'], hasValue: false },
  { names: ['macaddr'], hasValue: true },
  { names: ['priority'], hasValue: true },
  { names: ['hashsize'], hasValue: true },
  { names: ['sock', 's', 'vdesock', 'unix'], hasValue: true },
  { names: ['mode', 'm'], hasValue: true },
  { names: ['dirmode'], hasValue: true },
  { names: ['group', 'g'], hasValue: true },
  { names: ['daemon', 'd'], hasValue: false },
  { names: ['pidfile', 'p'], hasValue: true },
  { names: ['rcfile', 'f'], hasValue: true },
  { names: ['mgmt', 'M'], hasValue: true },
  { names: ['mgmtmode'], hasValue: true },
  { names: ['mgmtgroup'], hasValue: true },
  { names: ['debugclients', 'D'], hasValue: true },
  { names: ['tap', 't'], hasValue: true },
];

/** `--help` of vde_plug 4.0.1. */
const plugOptions: readonly OptionShape[] = [
  { names: ['daemon', 'd'], hasValue: false },
  { names: ['pidfile', 'p'], hasValue: true },
  { names: ['log', 'l'], hasValue: false },
  { names: ['iplog', 'L'], hasValue: false },
  { names: ['help', 'h'], hasValue: false },
  { names: ['group', 'g'], hasValue: true },
  { names: ['group2', 'G'], hasValue: true },
  { names: ['mod', 'm'], hasValue: true },
  { names: ['mod2', 'M'], hasValue: true },
  { names: ['port'], hasValue: true },
  { names: ['port2'], hasValue: true },
  { names: ['descr', 'D'], hasValue: true },
];

/** `--help` of wirefilter 2.3.2. */
const filterOptions: readonly OptionShape[] = [
  { names: ['help', 'h'], hasValue: false },
  { names: ['rcfile', 'f'], hasValue: true },
  { names: ['loss', 'l'], hasValue: true },
  { names: ['lostburst', 'L'], hasValue: true },
  { names: ['delay', 'd'], hasValue: true },
  { names: ['dup', 'D'], hasValue: true },
  { names: ['band', 'b'], hasValue: true },
  { names: ['speed', 's'], hasValue: true },
  { names: ['chanbufsize', 'c'], hasValue: true },
  { names: ['noise', 'n'], hasValue: true },
  { names: ['mtu', 'm'], hasValue: true },
  { names: ['nofifo', 'N'], hasValue: false },
  { names: ['mgmt', 'M'], hasValue: true },
  { names: ['mgmtmode'], hasValue: true },
  { names: ['vde-plug', 'v'], hasValue: true },
  { names: ['daemon'], hasValue: false },
  { names: ['pidfile'], hasValue: true },
  { names: ['blink'], hasValue: true },
  { names: ['blinkid'], hasValue: true },
];

/** Undefined: the process is no vde_switch. The default socket depends on who started it. */
export function readSwitchProcess(args: readonly string[], isRoot = false): SwitchFacts | undefined {
  if (programOf(args) !== 'vde_switch') return undefined;
  const { options } = readCommandLine(args.slice(1), switchOptions);
  return {
    socket: options.get('sock') ?? (isRoot ? '/run/vde.ctl' : '/tmp/vde.ctl'),
    management: options.get('mgmt'),
    pidFile: options.get('pidfile'),
    ports: readNumports(options.get('numports')) - 1,
    tap: options.get('tap')?.split(',')[0],
    isHub: options.has('hub'),
    hasStp: options.has('fstp'),
  };
}

/** Undefined: the process is no vde_plug. */
export function readPlugProcess(args: readonly string[]): PlugFacts | undefined {
  if (programOf(args) !== 'vde_plug') return undefined;
  // After `=` comes a command with options of its own.
  const equals = args.indexOf('=');
  const { options, operands } = readCommandLine(args.slice(1, equals < 0 ? undefined : equals), plugOptions);
  return { pidFile: options.get('pidfile'), description: options.get('descr'), ends: operands };
}

/** Undefined: the process joins nothing. One of ours between two plugs names what they are in by the name of its blinks. */
export function readWireProcess(args: readonly string[]): PlugFacts | undefined {
  if (programOf(args) !== 'wirefilter') return readPlugProcess(args);
  const { options } = readCommandLine(args.slice(1), filterOptions);
  const [pidFile, management] = [options.get('pidfile'), options.get('mgmt')];
  const common = { pidFile, description: undefined, ...(management === undefined ? {} : { management }) };
  const [, left, right] = /^([^=]+)=([^=]+)$/.exec(options.get('blinkid') ?? '') ?? [];
  if (left !== undefined && right !== undefined && pidFile !== undefined) {
    const folder = pidFile.slice(0, pidFile.lastIndexOf('/') + 1);
    return { ...common, ends: [folder + left, folder + right] };
  }
  const plugs = options.get('vde-plug') ?? '';
  const colon = plugs.indexOf(':');
  return { ...common, ends: colon < 0 ? [] : [plugs.slice(0, colon), plugs.slice(colon + 1)] };
}

const programOf = (args: readonly string[]): string | undefined => args[0]?.split('/').at(-1);

/** As vde_switch reads it: a number at the beginning counts, anything else means the default of 32. */
function readNumports(text: string | undefined): number {
  const number = Number(/^\s*\+?(\d+)/.exec(text ?? '')?.[1] ?? 0);
  return number > 0 ? number : 32;
}
