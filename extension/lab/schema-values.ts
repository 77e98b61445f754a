// zod/mini, as only what is used of it gets into the bundle; `{ z }` would hold every language of zod's messages.
import * as z from 'zod/mini';
import { readTime } from '../base/time-text.ts';
import { isSoundPattern, readPattern } from './console-pattern.ts';
import { amountError, readAmount } from './fault-amounts.ts';
import { highestId, lowestId } from './networks/addressing.ts';
import { parseCidr } from './networks/cidr.ts';
import type { Amount, FaultKey } from './wire-faults.ts';
import { byteLength } from './names.ts';
import { shortestFlapMs } from './scenario.ts';

/**
 * The values of a lab file, one schema each. Its error is the end of a sentence that begins with the key:
 * what the key takes, with an example. What a schema gives out is what the lab holds (`512` of memory becomes `512M`).
 */

/** Paths and other texts that end up in a script: a shell can quote everything but these two. */
const hasNoLineBreak = (text: string): boolean => !/[\0\n\r]/.test(text);
const hasNoNul = (text: string): boolean => !text.includes('\0');

export const text = z.string({ error: 'takes a text.' });

export const path = z
  .string({ error: 'takes the path of a file.' })
  .check(z.minLength(1, { error: 'takes the path of a file, and this one is empty.' }))
  .check(z.refine(hasNoLineBreak, { error: 'takes a path without line breaks and NUL characters. Remove them.' }));

export const argument = z
  .string({ error: 'takes a list of texts, one for each argument.' })
  .check(z.refine(hasNoNul, { error: 'takes arguments without NUL characters. Remove them.' }));

export const kernelArguments = z
  .string({ error: 'takes one text with the arguments of the kernel, such as "console=ttyS0".' })
  .check(z.refine(hasNoLineBreak, { error: 'takes one line. Remove the line breaks and NUL characters.' }));

export const flag = z.boolean({ error: 'takes true or false.' });

const memoryError = 'takes a whole number with M or G, such as 512M or 2G.';
const largestMemory = 16 * 1024 * 1024;

/** Plain numbers are megabytes, as for QEMU. Undefined: not an amount of memory. */
function readMemory(value: number | string): string | undefined {
  const match = /^(\d{1,9})([MG]?)B?$/i.exec(String(value));
  const amount = Number(match?.[1]);
  const unit = match?.[2]?.toUpperCase() === 'G' ? 'G' : 'M';
  const megabytes = unit === 'G' ? amount * 1024 : amount;
  return megabytes >= 1 && megabytes <= largestMemory ? `${amount}${unit}` : undefined;
}

export const memory = z.pipe(
  z
    .union([z.number(), z.string()], { error: memoryError })
    .check(z.refine(value => readMemory(value) !== undefined, { error: memoryError })),
  z.transform((value: number | string) => readMemory(value) ?? ''),
);

export const cpus = whole(1, 255, 'takes a whole number from 1 to 255.');

export const accel = z.enum(['auto', 'kvm', 'tcg'], {
  error: 'takes auto (KVM where it works), kvm or tcg (software emulation).',
});

export const nicModel = z.enum(['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet', 'vmxnet3'], {
  error: 'takes virtio, e1000, e1000e, rtl8139, ne2k_pci, pcnet or vmxnet3.',
});

export const bootDevice = z.enum(['disk', 'cdrom', 'network'], { error: 'takes disk, cdrom or network.' });

export const guest = z.enum(['tiny'], { error: 'takes tiny; leave it out for any other guest.' });

const idError = `takes a whole number from ${lowestId} to ${highestId}, such as 31 or 0x1f.`;

/** Quoted numbers too, because hexadecimal IDs are often written as texts. */
export const id = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^(0[xX][0-9a-fA-F]{1,8}|\d{1,9})$/, { error: idError }))], {
    error: idError,
  }),
  z.pipe(z.transform(Number), whole(lowestId, highestId, idError)),
);

export const rowCount = whole(1, 1000, 'takes how many VMs there are in the row, a whole number from 1 to 1000.');

const includeError =
  'takes the path of a YAML file inside the workspace, from the folder of this one, such as common.yaml.';

/** Relative, so that a lab file that somebody sends reads nothing elsewhere; whoever reads it looks where links lead. */
export const includedPath = z
  .string({ error: includeError })
  .check(z.refine(path => /^[^/~\\][^\\]*\.ya?ml$/.test(path) && !/\p{Cc}/u.test(path), { error: includeError }))
  .check(
    z.refine(path => !/\.lab\.ya?ml$/.test(path), {
      error: 'takes files that are no labs themselves. Give what several labs share another name, such as common.yaml.',
    }),
  );

export const vlan = whole(1, 4094, 'takes VLANs from 1 to 4094. Leave the key out for no VLAN.');

export const portCount = whole(1, 4095, 'takes a whole number from 1 to 4095.');
export const exitStatus = whole(0, 255, 'takes a whole number from 0 to 255.');
export const portNumber = whole(1, 4095, 'takes the number of a port of the switch, counted from 1.');
export const priority = whole(0, 65535, 'takes a whole number from 0 to 65535; the lowest becomes the root.');

const isCidr = (value: string): boolean => parseCidr(value) !== undefined;

export const cidr = z
  .string({ error: 'takes an address with its prefix length, such as 192.168.10.1/24.' })
  .check(
    z.refine(isCidr, { error: 'takes an address with its prefix length, such as 192.168.10.1/24 or fd00::1/64.' }),
  );

export const network = z
  .string({ error: 'takes a network such as 192.168.10.0/24 or fd00::/64.' })
  .check(z.refine(isCidr, { error: 'takes a network such as 192.168.10.0/24 or fd00::/64.' }));

const addressError = 'takes dhcp or an address with its prefix length, such as 192.168.10.1/24 or fd00::1/64.';

export const address = z
  .string({ error: addressError })
  .check(z.refine(value => value === 'dhcp' || isCidr(value), { error: addressError }));

export const gateway = z.string({ error: 'takes one address without a prefix length, such as 192.168.10.1.' }).check(
  z.refine(value => parseCidr(`${value}/0`) !== undefined, {
    error: 'takes one address without a prefix length, such as 192.168.10.1.',
  }),
);

/** The lowest bit of the first byte marks a group of stations: no card may have such an address, yet QEMU takes it. */
const isUnicast = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0;

export const mac = z.pipe(
  z
    .string({ error: 'takes six bytes, such as 52:54:00:12:34:56.' })
    .check(z.regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/, { error: 'takes six bytes, such as 52:54:00:12:34:56.' }))
    .check(
      z.refine(isUnicast, {
        error: 'takes the MAC of one card, and this one belongs to a group. Make the first byte even, such as 52.',
      }),
    ),
  z.transform((value: string) => value.toLowerCase()),
);

export const macPrefix = z.pipe(
  z
    .string({ error: 'takes three bytes, such as 52:54:00.' })
    .check(z.regex(/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){2}$/, { error: 'takes three bytes, such as 52:54:00.' }))
    .check(
      z.refine(isUnicast, {
        error: 'takes the MAC of one card, and these belong to groups. Make the first byte even, such as 52.',
      }),
    ),
  z.transform((value: string) => value.toLowerCase()),
);

export const diskSize = z.pipe(
  z
    .string({ error: 'takes a whole number with M, G or T, such as 4G.' })
    .check(z.regex(/^[1-9]\d{0,8}[KMGTkmgt]$/, { error: 'takes a whole number with M, G or T, such as 4G.' })),
  z.transform((value: string) => value.toUpperCase()),
);

export const diskFormat = z.enum(['qcow2', 'raw'], { error: 'takes qcow2 or raw.' });

export const sha256 = z.pipe(
  z
    .string({ error: 'takes a SHA-256: 64 hexadecimal digits, in quotes.' })
    .check(z.regex(/^[0-9a-fA-F]{64}$/, { error: 'takes a SHA-256: 64 hexadecimal digits, in quotes.' })),
  z.transform((value: string) => value.toLowerCase()),
);

/** What is fetched is checked by its sum, but what is asked for is nobody else's business. */
export const imageUrl = z
  .string({ error: 'takes a URL such as https://example.org/image.qcow2.' })
  .check(z.refine(isImageUrl, { error: 'takes an https URL such as https://example.org/image.qcow2.' }));

export const userName = z.string({ error: 'takes a login such as admin.' }).check(
  z.regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
    error: 'takes a login of small letters, digits, dashes and underscores, such as admin.',
  }),
);

export const line = z
  .string({ error: 'takes a text.' })
  .check(z.refine(isPrintable, { error: 'takes one line without control characters.' }));

const destinationError = 'takes what ssh takes as one word, such as me@left.';
/** No option of ssh, and nothing that means anything to a shell. */
export const sshDestination = z
  .string({ error: destinationError })
  .check(z.regex(/^[A-Za-z0-9_][\w.@-]{0,99}$/, { error: destinationError }));

const folderError = 'takes the path of a folder there without blanks and "..", such as /srv/vms.';
export const hostFolder = z
  .string({ error: folderError })
  .check(z.regex(/^(?!.*(^|\/)\.\.(\/|$))[\w/.][\w@%+=:,./-]*$/, { error: folderError }));

export const lockFolder = hostFolder.check(
  z.regex(/^\/./, { error: 'takes an absolute path, such as /srv/vms/locks.' }),
);

const secretError = 'takes the name of a secret: letters, digits and underscores, such as root_password.';
export const secretName = z
  .string({ error: secretError })
  .check(z.regex(/^[A-Za-z_]\w{0,59}$/, { error: secretError }));

const formError = 'takes one line with {} where the command goes, such as "do {}".';
export const commandForm = z
  .string({ error: formError })
  .check(z.refine(value => isPrintable(value) && value.split('{}').length === 2, { error: formError }));

const sshKeyError = 'takes a public SSH key, such as "ssh-ed25519 AAAA… me": the one line of a .pub file.';
export const sshKey = z.string({ error: sshKeyError }).check(
  z.refine(value => isPrintable(value) && /^[a-z][\w@.-]+ [A-Za-z0-9+/]{20,}={0,2}( .*)?$/.test(value), {
    error: sshKeyError,
  }),
);

export const hostName = z.string({ error: 'takes a host name such as web.' }).check(
  z.regex(/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/, {
    error: 'takes a host name of letters, digits and dashes, such as web.',
  }),
);

export const packageName = z
  .string({ error: 'takes the name of a package, such as nginx.' })
  .check(z.regex(/^[A-Za-z0-9][\w.+-]{0,99}$/, { error: 'takes the name of a package, such as nginx.' }));

const ipv4Error = 'takes an IPv4 address, such as 10.1.2.3.';

export const ipv4 = z
  .string({ error: ipv4Error })
  .check(z.refine(value => readEnd(`${value}:1`) !== undefined, { error: ipv4Error }));

const hostPortError = 'takes an IPv4 address and a port, such as 10.1.2.3:3128.';

export const hostPort = z
  .string({ error: hostPortError })
  .check(z.refine(value => readEnd(value) !== undefined, { error: hostPortError }));

/** IFNAMSIZ is 16 with the final NUL; the kernel refuses slashes, colons and blanks. */
export const interfaceName = z.string({ error: 'takes the name of an interface, such as kvmadm0.' }).check(
  z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/, {
    error: 'takes at most 15 letters, digits, dots, dashes and underscores, such as kvmadm0.',
  }),
);

export const userGroup = z.string({ error: 'takes the name of a group of this host, such as kvm.' }).check(
  z.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, {
    error: 'takes the name of a group of this host, such as kvm.',
  }),
);

const hasNoWayUp = (path: string): boolean => !/^[/~]|(^|\/)\.\.(\/|$)|\\/.test(path) && isPrintable(path);

const bootRootError = 'takes a folder beside the lab file, such as tftp: no absolute path and no "..".';
/** What is in it is handed to whoever asks, so it lies with the lab file. */
export const bootRoot = z.string({ error: bootRootError }).check(z.refine(hasNoWayUp, { error: bootRootError }));

const bootFileError = 'takes a file in the folder `root`, such as boot.ipxe, with at most 127 bytes.';
/** BOOTP has 128 bytes for it, with the final NUL (RFC 951). */
export const bootFile = z
  .string({ error: bootFileError })
  .check(z.refine(path => hasNoWayUp(path) && byteLength(path) <= 127, { error: bootFileError }));

/** An amount of one fault of a wire, with its unit. */
export function fault(key: FaultKey) {
  const error = amountError(key);
  return z.pipe(
    z
      .union([z.number(), z.string()], { error })
      .check(z.refine(text => readAmount(key, text) !== undefined, { error })),
    z.transform((text: number | string): Amount => readAmount(key, text) ?? { value: 0 }),
  );
}

const percentError = 'takes a share such as 5%, at most 100%.';
export const percent = z.pipe(
  z
    .union([z.number(), z.string()], { error: percentError })
    .check(z.refine(text => readAmount('loss', text) !== undefined, { error: percentError })),
  z.transform((text: number | string) => readAmount('loss', text)?.value ?? 0),
);

const everyError = 'takes a whole number of milliseconds from 1ms to 60s, such as 100ms.';
const readEvery = (text: number | string): number => readAmount('delay', text)?.value ?? 0;
/** wirefilter takes whole milliseconds. */
export const chainTime = z.pipe(
  z.union([z.number(), z.string()], { error: everyError }).check(
    z.refine(text => Number.isInteger(readEvery(text)) && readEvery(text) >= 1 && readEvery(text) <= 60_000, {
      error: everyError,
    }),
  ),
  z.transform(readEvery),
);

const timeError = 'takes a time with its unit, at most 1440m, such as 500ms, 30s or 5m.';
const day = 86_400_000;
/** Milliseconds; timers do not wait longer than some weeks. */
export const time = timeFrom(0, timeError);

export const flapTime = timeFrom(shortestFlapMs, `takes a time from ${shortestFlapMs}ms on, such as 500ms or 2s.`);

function timeFrom(least: number, error: string) {
  const isTime = (text: string): boolean => {
    const ms = readTime(text) ?? -1;
    return ms >= least && ms <= day;
  };
  return z.pipe(
    z.string({ error }).check(z.refine(isTime, { error })),
    z.transform((text: string) => readTime(text) ?? 0),
  );
}

const patternError =
  'takes a text, or between slashes a regular expression with at most three repetitions, none of a group.';
/** Looked for in what a guest prints. */
export const pattern = z.pipe(
  z
    .string({ error: patternError })
    .check(z.refine(text => isSoundPattern(readPattern(text)) && isPrintable(text), { error: patternError })),
  z.transform(readPattern),
);

const tcpPortError = 'takes a TCP port, such as tcp/22.';
const readTcpPort = (text: string): number => Number(/^tcp\/(\d{1,5})$/.exec(text)?.[1]);
export const tcpPort = z.pipe(
  z
    .string({ error: tcpPortError })
    .check(z.refine(text => readTcpPort(text) >= 1 && readTcpPort(text) <= 65535, { error: tcpPortError })),
  z.transform(readTcpPort),
);

/** Columns and rows of the picture; far more than a screen has. */
export const gridNumber = whole(0, 9999, 'takes a whole number from 0 to 9999, counted from the top left.');

const forwardError =
  'takes "tcp HOST-PORT GUEST:PORT", such as "tcp 2222 10.0.2.15:22" or "tcp 0.0.0.0:2222 10.0.2.15:22".';

export const forward = z.pipe(
  z.string({ error: forwardError }),
  z.transform((value: string, context) => {
    const read = readForward(value);
    if (read) return read;
    context.issues.push({ code: 'custom', message: forwardError, input: value });
    return z.NEVER;
  }),
);

/** Only the host's own loopback unless the forward names an address: a lab opens nothing to the world by itself. */
function readForward(value: string) {
  const words = value.trim().split(/\s+/);
  const [protocol, host, guestEnd] = words;
  if (words.length !== 3 || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
  const from = readEnd(host?.includes(':') === true ? host : `127.0.0.1:${host}`);
  const to = readEnd(guestEnd ?? '');
  if (!from || !to) return undefined;
  return {
    protocol,
    hostAddress: from.address,
    hostPort: from.port,
    guestAddress: to.address,
    guestPort: to.port,
  } as const;
}

/** QEMU's user network forwards IPv4 only. */
function readEnd(end: string): { readonly address: string; readonly port: number } | undefined {
  const match = /^([\d.]+):(\d{1,5})$/.exec(end);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || parseCidr(`${match[1]}/32`) === undefined) return undefined;
  return port >= 1 && port <= 65535 ? { address: match[1], port } : undefined;
}

export const colour = z.string({ error: 'takes a colour such as "#F5C26B" or orange.' }).check(
  z.regex(/^(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[A-Za-z]{3,20})$/, {
    error: 'takes "#F5C26B" (in quotes: a # begins a comment) or a name such as orange.',
  }),
);

/** http only to this host itself, where nobody listens in between. */
function isImageUrl(text: string): boolean {
  const match = /^(https?):\/\/(\[[0-9a-fA-F:]+\]|[^\s/?#@[\]:\\]+)(:\d{1,5})?(\/[!-~]*)?$/.exec(text);
  if (match?.[1] === undefined) return false;
  return match[1] === 'https' || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(match[2] ?? '');
}

function isPrintable(text: string): boolean {
  return text !== '' && !/\p{Cc}/u.test(text);
}

/** A whole number. Its error is the same whether the value is no number at all or out of range. */
function whole(lowest: number, highest: number, error: string) {
  return z.int({ error }).check(z.gte(lowest, { error }), z.lte(highest, { error }));
}
