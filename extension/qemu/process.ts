import { highestId, lowestId } from '../lab/networks/addressing.ts';
import { readCharDevices, tcpPortOf, unixPathOf, type CharDevices } from './char-device.ts';
import { readOptions, type Options } from './command-line.ts';
import { readOptionList } from './option-list.ts';

/** What a QEMU process tells by its command line, whoever wrote it. */
export interface QemuFacts {
  readonly name: string | undefined;
  /** The ID that the console ports say; undefined if they follow another rule. */
  readonly id: number | undefined;
  /** As on the command line, with its unit: `512M`. */
  readonly memory: string | undefined;
  /** TCP ports that a console can connect to. */
  readonly serialPort: number | undefined;
  readonly monitorPort: number | undefined;
  readonly displayPort: number | undefined;
  readonly pidFile: string | undefined;
  /** Paths of the QMP sockets, in their order. */
  readonly qmpSockets: readonly string[];
  /** A QEMU without a machine, such as a switch's uplink: no VM. */
  readonly isAppliance: boolean;
}

/** Undefined: the process is no QEMU system emulator. */
export function readQemuProcess(args: readonly string[]): QemuFacts | undefined {
  const program = args[0]?.split('/').at(-1) ?? '';
  if (!/^(qemu-system-.+|qemu-kvm|kvm)$/.test(program)) return undefined;
  const options = readOptions(args.slice(1));
  const chars = readCharDevices(options.all('chardev'));
  const serialPort = firstOf(options.all('serial'), word => tcpPortOf(word, chars)) ?? serialDevicePort(options, chars);
  const monitorPort = readMonitorPort(options, chars);
  const displayPort = readDisplayPort(options);
  return {
    name: notEmpty(readOptionList(options.last('name') ?? '', 'guest').get('guest')),
    id: idOfPorts(serialPort, monitorPort, displayPort),
    memory: readMemory(options.last('m')),
    serialPort,
    monitorPort,
    displayPort,
    pidFile: options.last('pidfile'),
    qmpSockets: readQmpSockets(options, chars),
    isAppliance: machineOf(options) === 'none',
  };
}

function readMemory(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const size = readOptionList(text, 'size').get('size');
  return size !== undefined && /^\d+$/.test(size) ? `${size}M` : notEmpty(size);
}

function machineOf(options: Options): string | undefined {
  const words = [...options.all('machine'), ...options.all('M')];
  return firstOf(words.reverse(), word => readOptionList(word, 'type').get('type'));
}

function readMonitorPort(options: Options, chars: CharDevices): number | undefined {
  const monitors = options.all('mon').flatMap(word => {
    const mon = readOptionList(word, 'chardev');
    return mon.get('mode') === 'control' ? [] : [`chardev:${mon.get('chardev') ?? ''}`];
  });
  const shared = options.all('serial').filter(word => word.startsWith('mon:'));
  return firstOf([...options.all('monitor'), ...monitors, ...shared], word => tcpPortOf(word, chars));
}

function readQmpSockets(options: Options, chars: CharDevices): readonly string[] {
  const controls = options.all('mon').flatMap(word => {
    const mon = readOptionList(word, 'chardev');
    return mon.get('mode') === 'control' ? [`chardev:${mon.get('chardev') ?? ''}`] : [];
  });
  const words = [...options.all('qmp'), ...options.all('qmp-pretty'), ...controls];
  return words.flatMap(word => unixPathOf(word, chars) ?? []);
}

/** Serial ports that were made as devices: `-device isa-serial,chardev=c0`. */
function serialDevicePort(options: Options, chars: CharDevices): number | undefined {
  const devices = options.all('device').map(word => readOptionList(word, 'driver'));
  const serials = devices.filter(device => /^(isa|pci)-serial$/.test(device.get('driver') ?? ''));
  return firstOf(serials, device => tcpPortOf(`chardev:${device.get('chardev') ?? ''}`, chars));
}

/** `host:N`, `:N`, `[::1]:N`: display N is TCP port 5900 + N. A reverse connection listens nowhere. */
function readDisplayPort(options: Options): number | undefined {
  const displays = options.all('display').filter(word => word.startsWith('vnc='));
  return firstOf([...options.all('vnc'), ...displays.map(word => word.slice('vnc='.length))], word => {
    const vnc = readOptionList(word, 'vnc');
    const display = /^(?!unix:).*:(\d{1,5})$/.exec(vnc.get('vnc') ?? '')?.[1];
    return display === undefined || vnc.get('reverse') === 'on' ? undefined : 5900 + Number(display);
  });
}

/** All ports that lie in one of the ranges have to say the same ID; a display alone is too little to go by. */
function idOfPorts(serial: number | undefined, monitor: number | undefined, display: number | undefined) {
  const inRange = (port: number | undefined, base: number): readonly number[] => {
    const id = (port ?? 0) - base;
    return id >= lowestId && id <= highestId ? [id] : [];
  };
  const consoles = [...inRange(serial, 10_000), ...inRange(monitor, 20_000)];
  const ids = new Set([...consoles, ...inRange(display, 30_000)]);
  return consoles.length > 0 && ids.size === 1 ? [...ids][0] : undefined;
}

function firstOf<T, R>(list: readonly T[], read: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

const notEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
