import type { Accel } from '../lab/model.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { SettingSource } from './explain-settings.ts';

/** The end of a sentence that begins with the value: `256M, from ~/.kvmscript line 3`. */
export function sourceWords(source: SettingSource): string {
  switch (source.kind) {
    case 'built-in':
      return 'built in';
    case 'setting':
      return `from the setting ${source.name}`;
    case 'kvmscript':
      return `from ~/.kvmscript line ${source.line}`;
    case 'lab-defaults':
      return `from defaults: of ${fileOf(source.span)}`;
    case 'vm':
      return `from its entry in ${fileOf(source.span)}`;
    case 'template':
      return `from template ${source.name}${source.span.file === undefined ? '' : ` in ${fileOf(source.span)}`}`;
    case 'follows':
      return `follows from ${source.from}`;
    case 'always':
      return 'the same for every VM';
  }
}

const fileOf = ({ file }: TextSpan): string => file?.split('/').at(-1) ?? 'the lab file';

/** What QEMU's options do, as far as the scripts write them; a sentence each. */
const meanings = new Map(
  Object.entries({
    '-name': 'Names the VM, in the title of its window and, with process=, in the list of processes.',
    '-machine': 'The kind of machine: a PC with PCI; graphics=off lets the firmware speak on the serial console.',
    '-vga': 'The graphics card.',
    '-usb': 'Adds a USB controller.',
    '-vnc': 'Shows the screen by VNC, on this display of localhost (TCP port 5900 + display).',
    '-cpu':
      'The processor that the guest sees: with kvm host, the one of this computer; with tcg max, all that it can do.',
    '-m': 'The memory of the guest.',
    '-smp': 'The number of CPUs of the guest.',
    '-nodefaults':
      'Leaves out the devices that QEMU adds by itself: everything that is there stands on the command line.',
    '-no-user-config': 'Reads no configuration file of QEMU, so that the VM is the same everywhere.',
    '-display': 'Opens no window.',
    '-serial': 'Connects the first serial port of the guest to the console.',
    '-mon': 'Puts the monitor of QEMU, for people, on its console.',
    '-qmp': 'A socket on which programs talk to QEMU: one for short orders, one for who watches.',
    '-pidfile': 'Where QEMU writes the number of its process.',
    '-daemonize': 'Goes on in the background once everything is ready.',
    '-boot': 'What the guest boots from: c disk, d CD, n network.',
    '-kernel': 'The Linux kernel that QEMU loads itself, without a boot loader.',
    '-initrd': 'The initial RAM disk that the kernel gets.',
    '-append': 'The command line of that kernel.',
  }),
);

const accelMeanings: Readonly<Record<Accel, string>> = {
  auto: 'How the processors are run: kvm where a test boot has shown at a start that it works, else tcg.',
  kvm: 'How the processors are run: by the processors of this computer.',
  tcg: 'How the processors are run: by software emulation, slower, everywhere.',
};

/** The same for options of which there are many kinds; the first whose argument matches. */
const kinds: readonly (readonly [option: string, argument: RegExp, meaning: string])[] = [
  ['-chardev', /id=serial/, 'Where the serial console listens, by telnet; the log keeps everything that is printed.'],
  ['-chardev', /id=monitor/, 'Where the monitor listens, by telnet.'],
  ['-chardev', /id=vdagent/, 'The clipboard that the display shares with the guest.'],
  ['-drive', /media=cdrom/, 'The CD drive; without a file it is empty.'],
  ['-drive', /id=disk0,/, 'The first disk: an overlay with what the VM wrote, over an image that is only read.'],
  ['-drive', /id=seed,/, 'What cloud-init reads in the guest: a volume named CIDATA.'],
  [
    '-drive',
    /./,
    'A disk, with its image; the format is said so that QEMU does not guess it from what the guest wrote.',
  ],
  ['-device', /^qemu-xhci,/, 'The USB controller, for sticks.'],
  ['-blockdev', /node-name=stick/, 'The image of a USB stick.'],
  ['-device', /^usb-storage,/, 'A USB stick, which the guest may lock while it is mounted.'],
  ['-netdev', /^vde/, 'The plug: this port of the VDE switch.'],
  [
    '-netdev',
    /^hubport.*,netdev=/,
    'Joins the plug to the hub, so that it can be pulled while the guest keeps its NIC.',
  ],
  ['-netdev', /^hubport/, 'A hub between the NIC and its plug.'],
  ['-device', /,netdev=/, 'The network card that the guest sees; an empty romfile= leaves out its boot ROM.'],
  ['-device', /^usb-tablet/, 'A pointer that knows where it is, for the display.'],
  ['-device', /^virt/, 'The channel of the clipboard.'],
];

/** What an option of a VM does. `accel` is what the lab asks for, as the option says only what came of it. */
export function optionMeaning([option = '', argument = '']: readonly string[], accel: Accel): string {
  if (option === '-accel') return accelMeanings[accel];
  const kind = kinds.find(([name, pattern]) => name === option && pattern.test(argument));
  return kind?.[2] ?? meanings.get(option) ?? 'QEMU itself.';
}
