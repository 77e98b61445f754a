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

export function readOptions(args: readonly string[]): Options {
  const found: (readonly [name: string, value: string])[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    // Without a dash it is the image of the first disk.
    if (!word.startsWith('-')) continue;
    const name = word.replace(/^--?/, '');
    if (flags.has(name)) continue;
    at += 1;
    const value = args[at];
    if (value !== undefined) found.push([name, value]);
  }
  const all = (name: string): readonly string[] => found.filter(one => one[0] === name).map(one => one[1]);
  return { entries: found, all, last: name => all(name).at(-1) };
}
