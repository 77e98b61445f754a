import { readOptionList } from '../qemu/option-list.ts';

/** What a VM's script put on the command line of QEMU, taken apart again: the counterpart of vm-steps.ts, without NICs. */
export interface VmCommand {
  /** Each with its unit, as `-m` takes it. */
  readonly memory: string | undefined;
  readonly cpus: string | undefined;
  readonly accel: string | undefined;
  readonly serialPort: string | undefined;
  /** Images, in their order. */
  readonly disks: readonly string[];
  /** Image of the CD drive, `''` for an empty one; undefined: there is no drive. */
  readonly cdrom: string | undefined;
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
  readonly append: string | undefined;
  readonly boot: string | undefined;
  readonly hasDisplay: boolean;
  /** The channel of the QEMU guest agent is there. */
  readonly hasAgent: boolean;
  /** What stands behind all that the script itself writes. */
  readonly extra: readonly string[];
}

export function readVmCommand(args: readonly string[]): VmCommand {
  const { own, extra } = split(args.slice(1));
  const last = (name: string): string | undefined => own.findLast(one => one.name === name)?.value;
  const lists = (name: string, key: string) =>
    own.filter(one => one.name === name).map(one => readOptionList(one.value, key));
  const drives = lists('drive', 'file');
  const cd = drives.find(drive => drive.get('id') === 'cdrom');
  return {
    memory: last('m'),
    cpus: last('smp'),
    accel: last('accel'),
    serialPort: lists('chardev', 'backend')
      .find(one => one.get('id') === 'serial')
      ?.get('port'),
    disks: drives.filter(drive => drive !== cd).map(drive => drive.get('file') ?? ''),
    cdrom: cd && (cd.get('file') ?? ''),
    kernel: last('kernel'),
    initrd: last('initrd'),
    append: last('append'),
    boot: last('boot')?.replace(/^order=/, ''),
    hasDisplay: last('vnc') !== undefined,
    hasAgent: lists('chardev', 'backend').some(one => one.get('id') === 'agent'),
    extra,
  };
}

interface Option {
  readonly name: string;
  readonly value: string;
}

/** The script's own options come first, so the first word that is none of them begins what the user added. */
function split(words: readonly string[]): { readonly own: readonly Option[]; readonly extra: readonly string[] } {
  const own: Option[] = [];
  let at = 0;
  for (;;) {
    const name = words[at]?.replace(/^-/, '') ?? '';
    const isFlag = flags.has(name);
    const value = isFlag ? '' : (words[at + 1] ?? '');
    if (!isFlag && !isOwn(name, value, own)) return { own, extra: words.slice(at) };
    own.push({ name, value });
    at += isFlag ? 1 : 2;
  }
}

const flags = new Set(['usb', 'nodefaults', 'no-user-config', 'daemonize']);
const single = new Set(
  'name machine vga vnc accel cpu m smp display serial mon pidfile boot kernel initrd append'.split(' '),
);
/** Options that may stand several times, and how ours look. */
const several: Readonly<Record<string, RegExp>> = {
  device:
    /^(usb-tablet$|virtio-serial-pci$|virtserialport,chardev=(vd)?agent,|[\w-]+,netdev=nic\d+,id=card\d+,|qemu-xhci,id=xhci,p2=8,p3=8$|usb-storage,id=stick\d+,)/,
  blockdev: /^driver=raw,node-name=stick\d+,/,
  chardev: /^(socket,id=(serial|monitor|agent),|qemu-vdagent,id=vdagent,)/,
  qmp: /^unix:/,
  drive: /(,id=(disk\d+|seed),format=\w+|,id=cdrom)$/,
  netdev: /^(hubport,id=(nic|plug)\d+,|vde,id=vde\d+,)/,
};

function isOwn(name: string, value: string, before: readonly Option[]): boolean {
  const count = before.filter(one => one.name === name).length;
  return single.has(name) ? count === 0 : (several[name]?.test(value) ?? false);
}
