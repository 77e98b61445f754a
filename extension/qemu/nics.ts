import { readOptions } from './command-line.ts';
import { readOptionList } from './option-list.ts';

/** What follows `-netdev vde`. */
export interface VdePlug {
  /** A path or a VDE URL, perhaps with a port of its own; empty: VDE's default switch. */
  readonly address: string;
  readonly port: number | undefined;
}

/** One NIC of a VM, as QEMU was started. What was plugged over since then is not seen. */
export interface QemuNic {
  /** Counted from 1, in the order of the command line. */
  readonly number: number;
  readonly mac: string | undefined;
  /** Undefined: its network is no VDE. */
  readonly plug: VdePlug | undefined;
}

type OptionList = ReadonlyMap<string, string>;

/** The NICs on a QEMU command line, whoever wrote it: `-device … -netdev`, with or without a hub between, `-nic`, `-net`. */
export function readQemuNics(args: readonly string[]): readonly QemuNic[] {
  const { entries } = readOptions(args.slice(1));
  const netdevs = entries.flatMap(([name, value]) => (name === 'netdev' ? [readList(value, 'type')] : []));
  const nets = entries.flatMap(([name, value]) => (name === 'net' ? [readList(value, 'type')] : []));
  const nics = entries.flatMap(([name, value]) => {
    const list = readList(value, name === 'device' ? 'driver' : 'type');
    if (name === 'nic' && list.get('type') !== 'none') return [{ mac: list.get('mac'), plug: plugOf(list) }];
    if (name === 'net' && list.get('type') === 'nic')
      return [{ mac: list.get('macaddr'), plug: oldPlug(list, netdevs, nets) }];
    const netdev = name === 'device' ? list.get('netdev') : undefined;
    return netdev === undefined ? [] : [{ mac: list.get('mac'), plug: findPlug(netdev, netdevs) }];
  });
  return nics.map(({ mac, plug }, at) => ({ number: at + 1, mac: mac?.toLowerCase(), plug }));
}

/** Where a QEMU without NICs is plugged in, such as the uplink of a switch. */
export const readQemuPlugs = (args: readonly string[]): readonly VdePlug[] =>
  readOptions(args.slice(1)).entries.flatMap(([name, value]) =>
    name === 'netdev' ? (plugOf(readList(value, 'type')) ?? []) : [],
  );

/** Straight, or through a hub of QEMU's: all its ports are one wire. */
function findPlug(id: string, netdevs: readonly OptionList[]): VdePlug | undefined {
  const netdev = netdevs.find(one => one.get('id') === id);
  if (!netdev) return undefined;
  if (netdev.get('type') !== 'hubport') return plugOf(netdev);
  const others = netdevs.filter(one => one !== netdev && one.get('hubid') === netdev.get('hubid'));
  const behind = others.flatMap(one => netdevs.find(it => it.get('id') === one.get('netdev')) ?? []);
  return behind.map(plugOf).find(plug => plug !== undefined);
}

/** `-net nic -net vde`: all of these are on hub 0. */
function oldPlug(nic: OptionList, netdevs: readonly OptionList[], nets: readonly OptionList[]): VdePlug | undefined {
  const netdev = nic.get('netdev');
  if (netdev !== undefined) return findPlug(netdev, netdevs);
  return nets.map(plugOf).find(plug => plug !== undefined);
}

function plugOf(list: OptionList): VdePlug | undefined {
  if (list.get('type') !== 'vde') return undefined;
  const port = Number(list.get('port') ?? 0);
  return { address: list.get('sock') ?? '', port: port > 0 ? port : undefined };
}

/** QEMU takes JSON where it takes `key=value` lists. */
function readList(text: string, impliedKey: string): OptionList {
  if (!text.startsWith('{')) return readOptionList(text, impliedKey);
  try {
    const value: unknown = JSON.parse(text);
    const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(pairs.map(([key, one]) => [key, typeof one === 'object' ? '' : String(one)]));
  } catch {
    return new Map();
  }
}
