import { splitOptions, type CommandOption } from '../../qemu/command-line.ts';
import { readOptionList } from '../../qemu/option-list.ts';
import { readQemuProcess } from '../../qemu/process.ts';
import { VmDraft } from './draft.ts';
import { DriveImport, type ImportPaths } from './import-drives.ts';
import { MachineImport } from './import-machine.ts';
import { NicImport } from './import-nics.ts';
import { isUnknownWord } from './read-script.ts';

/** What a command line of QEMU says about a VM. `args`: with the program first. */
export function importCommand(args: readonly string[], paths: ImportPaths): VmDraft {
  const draft = new VmDraft();
  const known = knownOptions(args.slice(1), draft);
  const facts = readQemuProcess([args[0] ?? '', ...known.flatMap(({ words }) => words)]);
  draft.name = facts?.name;
  draft.id = facts?.id;
  const screen = hasScreen(known);
  draft.keys.set('vnc', screen);
  const machine = new MachineImport(draft);
  const drives = new DriveImport(draft, paths, known);
  const nics = new NicImport(draft, known);
  const consoles = new ConsoleImport(draft, known, screen);
  for (const option of known) {
    const isTaken = consoles.take(option) || machine.take(option) || nics.take(option) || drives.take(option);
    if (!isTaken) draft.addExtra(option.words);
  }
  const hasDefaults = !known.some(({ name }) => name === 'nodefaults');
  machine.finish(args[0]?.split('/').at(-1) ?? '');
  nics.finish(hasDefaults);
  if (hasDefaults)
    draft.note('lost', [], 'without -nodefaults QEMU adds a floppy and an empty CD drive; not carried over');
  return draft;
}

/** Without those that only a shell can tell, which are noted. */
function knownOptions(args: readonly string[], draft: VmDraft): readonly CommandOption[] {
  return splitOptions(args).filter(({ words }) => {
    const isKnown = !words.some(isUnknownWord);
    if (!isKnown) draft.note('lost', words, 'only a shell can tell what this is; nothing was run to find out');
    return isKnown;
  });
}

/** By itself QEMU opens a window. */
function hasScreen(options: readonly CommandOption[]): boolean {
  const last = (name: string): CommandOption | undefined => options.findLast(option => option.name === name);
  const vnc = last('vnc')?.value;
  if (vnc !== undefined) return vnc !== 'none';
  if (last('nographic') ?? last('curses')) return false;
  const display = last('display')?.value;
  return display === undefined || !/^(none|curses|egl-headless|dbus)/.test(display);
}

/** Options that every VM of a lab has, or something in their place. */
const commonOptions: ReadonlyMap<string, string> = new Map([
  ['nodefaults', 'as every VM'],
  ['no-user-config', 'as every VM'],
  ['daemonize', 'as every VM'],
  ['pidfile', 'lies in the run-time folder'],
  ['monitor', 'the monitor: telnet localhost:20000+ID'],
]);

/** Consoles, the screen, QEMU's own sockets: what every VM of a lab has in its own way. */
class ConsoleImport {
  private readonly draft: VmDraft;
  private readonly screen: boolean;
  private readonly own = new Set<string>();
  private hasSerial = false;

  constructor(draft: VmDraft, options: readonly CommandOption[], screen: boolean) {
    this.draft = draft;
    this.screen = screen;
    const first = options.find(({ name }) => name === 'serial')?.value ?? '';
    if (first.startsWith('chardev:')) this.own.add(first.slice('chardev:'.length));
    for (const { name, value = '' } of options) {
      const mon = name === 'mon' ? readOptionList(value, 'chardev') : undefined;
      if (mon && mon.get('mode') !== 'control') this.own.add(mon.get('chardev') ?? '');
    }
    if (screen) this.own.add('vdagent');
  }

  take({ name, value = '', words }: CommandOption): boolean {
    const text = this.meaning(name, value);
    if (text === undefined) return false;
    if (text !== '') this.draft.note('common', words, text);
    return true;
  }

  /** What a VM of a lab has in place of the option, for people; undefined: nothing. */
  private meaning(name: string, value: string): string | undefined {
    const always = commonOptions.get(name);
    if (always !== undefined) return always;
    if (name === 'serial') return this.serial();
    if (name === 'name') return readOptionList(value, 'guest').has('guest') ? 'the name of the VM' : undefined;
    if (name === 'mon') return this.isOwn(value, 'chardev', 'chardev') ? commonOptions.get('monitor') : undefined;
    if (name === 'chardev') return this.isOwn(value, 'backend', 'id') ? 'a console of the VM' : undefined;
    if (name === 'qmp') return value.includes('.qmp,') ? 'the sockets in the run-time folder' : undefined;
    return this.screenMeaning(name, value);
  }

  /** Whether the character device is one of ours. */
  private isOwn(list: string, impliedKey: string, key: string): boolean {
    return this.own.has(readOptionList(list, impliedKey).get(key) ?? '');
  }

  private serial(): string | undefined {
    if (this.hasSerial) return undefined;
    this.hasSerial = true;
    return 'the serial console: telnet localhost:10000+ID';
  }

  private screenMeaning(name: string, value: string): string | undefined {
    const shown = this.screen ? 'vnc: true, the screen on localhost:30000+ID' : 'no screen';
    if (/^(vnc|display|nographic|curses|sdl)$/.test(name)) return shown;
    if (name === 'vga') return value === (this.screen ? 'std' : 'none') ? shown : undefined;
    if (!this.screen) return undefined;
    if (name === 'usb') return 'for the pointer of the screen';
    const isPointer = (name === 'device' && value === 'usb-tablet') || (name === 'usbdevice' && value === 'tablet');
    if (isPointer) return 'the pointer of the screen';
    const isClipboard =
      value === 'virtio-serial-pci' || value === 'virtserialport,chardev=vdagent,name=com.redhat.spice.0';
    return name === 'device' && isClipboard ? 'the clipboard of the screen' : undefined;
  }
}
