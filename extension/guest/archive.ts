import { asciiBytes } from './ascii.ts';
import { writeCpio, type CpioEntry } from './cpio.ts';
import { dhcpScript, initScript, inittab, offScript, profile } from './init.ts';
import { modulesAlias, modulesDep, type PlannedModule } from './modules.ts';

export interface GuestParts {
  /** As `uname -r` says it: the folder in which modprobe looks. */
  readonly kernelRelease: string;
  /** The statically linked program. */
  readonly busybox: Uint8Array;
  /** Names that busybox answers to. */
  readonly applets: readonly string[];
  readonly modules: readonly PlannedModule[];
}

/** Taken along and loaded at boot, or when the card is there (by its PCI alias), or when the kernel asks for them. */
export const guestModules: readonly string[] = [
  'virtio_pci',
  'virtio_net',
  'virtio_blk',
  'virtio_console',
  'isofs',
  'button',
  'evdev',
  '8021q',
  'bridge',
  'dummy',
  'tun',
  'vmxnet3',
  'e1000',
  'e1000e',
  '8139cp',
  'ne2k_pci',
  'pcnet32',
];

/** What the guest with USB takes along besides: sticks, and the file systems on them. */
export const usbModules: readonly string[] = [
  'xhci_pci',
  'usb_storage',
  'sd_mod',
  'vfat',
  'nls_cp437',
  'nls_ascii',
  'nls_utf8',
  'ext4',
];

/** The guest's first and only root file system, uncompressed: it boots fastest so. */
export function guestArchive({ kernelRelease, busybox, applets, modules }: GuestParts): Uint8Array<ArrayBuffer> {
  const moduleFolder = `lib/modules/${kernelRelease}`;
  const links = [...new Set(applets)].filter(applet => /^[\w.[-]+$/.test(applet) && applet !== 'busybox').sort();
  return writeCpio([
    ...folders.map(path => ({ kind: 'folder', path }) as const),
    { kind: 'folder', path: moduleFolder },
    // The kernel opens it for process 1 before anything is mounted.
    { kind: 'device', path: 'dev/console', major: 5, minor: 1 },
    { kind: 'file', path: 'bin/busybox', bytes: busybox, isExecutable: true },
    ...links.map(applet => ({ kind: 'link', path: `bin/${applet}`, target: 'busybox' }) as const),
    { kind: 'link', path: 'sbin', target: 'bin' },
    ...texts.map(([path, text, isExecutable]) => textFile(path, text, isExecutable)),
    ...modules.map(({ name, bytes }) => file(`${moduleFolder}/${name}.ko`, bytes)),
    textFile(`${moduleFolder}/modules.dep`, modulesDep(modules)),
    textFile(`${moduleFolder}/modules.alias`, modulesAlias(modules)),
  ]);
}

/** Everything but the packages that decides what the guest is: its archive with nothing of theirs in it. */
export function guestRecipe(modules: readonly string[] = guestModules): Uint8Array {
  const archive = guestArchive({ kernelRelease: 'release', busybox: new Uint8Array(0), applets: [], modules: [] });
  return new Uint8Array([...archive, ...asciiBytes(modules.join(' '))]);
}

const folders = [
  'bin',
  'dev',
  'etc',
  'lib',
  'lib/modules',
  'mnt',
  'proc',
  'root',
  'sys',
  'tmp',
  'var',
  'var/log',
  'www',
];

const texts: readonly (readonly [path: string, text: string, isExecutable: boolean])[] = [
  ['init', initScript, true],
  ['etc/dhcp.sh', dhcpScript, true],
  ['etc/off.sh', offScript, false],
  ['etc/inittab', inittab, false],
  ['etc/profile', profile, false],
  ['etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n', false],
  ['etc/group', 'root:x:0:\n', false],
  ['etc/nsswitch.conf', 'hosts: files dns\n', false],
];

const textFile = (path: string, text: string, isExecutable = false): CpioEntry =>
  file(path, asciiBytes(text), isExecutable);

const file = (path: string, bytes: Uint8Array, isExecutable = false): CpioEntry => ({
  kind: 'file',
  path,
  bytes,
  isExecutable,
});
