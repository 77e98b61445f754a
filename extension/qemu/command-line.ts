/** The options of a QEMU command line, by their names without dashes, in their order. */
export interface Options {
  readonly entries: readonly (readonly [name: string, value: string])[];
  all(name: string): readonly string[];
  last(name: string): string | undefined;
}

/** Options of QEMU that take no argument (qemu-options.hx); all others take the next word, whatever it looks like. */
const flags = new Set(
  (
    'h help version enable-kvm no-kvm snapshot no-fd-bootchk full-screen alt-grab ctrl-grab no-quit no-frame sdl curses ' +
    'nographic portrait S s daemonize no-reboot no-shutdown preconfig no-hpet no-acpi win2k-hack rtc-td-hack singlestep ' +
    'one-insn-per-tb nodefaults no-user-config nodefconfig mem-prealloc usb semihosting xen-attach xen-domid-restrict ' +
    'enable-fips old-param enable-sync-profile show-cursor audio-help'
  ).split(' '),
);

/** One option as it stands on a command line. */
export interface CommandOption {
  /** Without its dashes; empty: a word without any, which is the image of the first disk. */
  readonly name: string;
  /** Undefined: the option takes none, or the command line ends before it. */
  readonly value: string | undefined;
  readonly words: readonly string[];
}

/** A command line, without the program, option by option. */
export function splitOptions(args: readonly string[]): readonly CommandOption[] {
  const found: CommandOption[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    const name = word.startsWith('-') ? word.replace(/^--?/, '') : '';
    const value = name === '' ? word : flags.has(name) ? undefined : args[at + 1];
    const words = name === '' || value === undefined ? [word] : [word, value];
    found.push({ name, value, words });
    at += words.length - 1;
  }
  return found;
}

export function readOptions(args: readonly string[]): Options {
  const entries = splitOptions(args).flatMap(({ name, value }) =>
    name === '' || value === undefined ? [] : [[name, value] as const],
  );
  const all = (name: string): readonly string[] => entries.filter(one => one[0] === name).map(one => one[1]);
  return { entries, all, last: name => all(name).at(-1) };
}
