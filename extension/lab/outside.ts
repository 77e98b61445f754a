import { isSafeName } from './names.ts';
import { parseCidr } from './networks/cidr.ts';

/** The script that the wires of a lab to its outside share. */
export const outsideScript = 'common-outside.sh';

/** Where a wire leads that leaves the lab. */
export type OutsideEnd = SshEnd | UrlEnd;

/** A switch on another host, reached by ssh. */
export interface SshEnd {
  readonly kind: 'ssh';
  readonly url: string;
  /** As ssh takes it: `me@other`. */
  readonly host: string;
  /** TCP port; undefined: as ssh is configured. */
  readonly port: number | undefined;
  /** `LAB/SWITCH`, or the absolute path of a switch's sockets; perhaps with a port of it: `dmz/lan[7]`. */
  readonly place: string;
}

/** What vde_plug reaches by itself. */
export interface UrlEnd {
  readonly kind: 'url';
  readonly url: string;
}

/** Names of switches have no such thing in them. */
export const isUrl = (text: string): boolean => text.includes('://');

/**
 * Reads the end of a wire that is a URL; a text says what is wrong. Only what Debian's libvdeplug has and what starts no
 * program and opens nothing that the URL does not say: a lab file may come from anybody.
 */
export function readOutsideEnd(url: string): OutsideEnd | string {
  const [, scheme = '', rest = ''] = /^([a-z0-9]*):\/\/(.*)$/s.exec(url) ?? [];
  if (scheme === 'ssh') return readSsh(url, rest) ?? sshError;
  const form = Object.hasOwn(urlForms, scheme) ? urlForms[scheme] : undefined;
  if (!form) return `A wire leads to ssh, ${Object.keys(urlForms).join(', ')}, not to "${scheme}://".`;
  return form.isFine(rest) ? { kind: 'url', url } : `Write ${form.example}.`;
}

const sshError =
  'Write "ssh://me@other/LAB/SWITCH" for a switch of a lab there, or "ssh://me@other//run/sw" for the path of one.';

function readSsh(url: string, rest: string): SshEnd | undefined {
  const [, user, host = '', port, place = ''] =
    /^(?:([A-Za-z_][\w.-]*)@)?([A-Za-z0-9][\w.-]*)(?::(\d{1,5}))?\/(.+)$/.exec(rest) ?? [];
  const tcp = port === undefined ? undefined : Number(port);
  if (!isPlace(place) || (tcp !== undefined && !isPort(tcp))) return undefined;
  return { kind: 'ssh', url, host: user === undefined ? host : `${user}@${host}`, port: tcp, place };
}

function isPlace(text: string): boolean {
  const place = text.replace(/\[\d{1,4}\]$/, '');
  if (isPath(place)) return true;
  const names = place.split('/');
  return names.length === 2 && names.every(isSafeName);
}

/** Nothing in it means anything to a shell, here or there. */
const isPath = (text: string): boolean => /^(\/[\w@%+=:,.-]+)+$/.test(text);
const isPort = (port: number): boolean => port >= 1 && port <= 65_535;

interface UrlForm {
  readonly isFine: (rest: string) => boolean;
  readonly example: string;
}

/** Options of libvdeplug_vxvde(1) and libvdeplug_vxlan(1). */
const groupForm = (scheme: string): UrlForm => ({
  isFine: rest => /^[\da-fA-F.:]*(\/(v4|v6|(port|vni|ttl|hashsize|expiretime)=\d{1,8}|if=[\w.-]{1,15}))*$/.test(rest),
  example: `"${scheme}://239.1.2.3/v4/vni=42", perhaps with "/if=eth1"; all that are in the group get all frames`,
});

const urlForms: Readonly<Record<string, UrlForm>> = {
  vde: {
    isFine: rest => isPath(rest.replace(/\[\d{1,4}\]$/, '')),
    example: '"vde:///run/vde/sw", the path of a switch of this host',
  },
  udp: {
    isFine: isUdp,
    example: '"udp://192.168.1.5:5001->other:5002": address and port of this host, then those of the other',
  },
  vxvde: groupForm('vxvde'),
  vxlan: groupForm('vxlan'),
  tap: { isFine: rest => /^\w[\w.-]{0,14}$/.test(rest), example: '"tap://tap5", an interface of this host' },
};

/** The own address has to be there: without one it would listen on all. */
function isUdp(rest: string): boolean {
  const [, own = '', ownPort, port] = /^([\d.]+):(\d{1,5})->[A-Za-z0-9][\w.-]*:(\d{1,5})$/.exec(rest) ?? [];
  return parseCidr(`${own}/32`) !== undefined && isPort(Number(ownPort)) && isPort(Number(port));
}

/** What names a wire after it: the host, else the kind. */
export function outsideName(url: string): string {
  const end = readOutsideEnd(url);
  if (typeof end === 'string') return 'outside';
  if (end.kind === 'url') return url.slice(0, url.indexOf(':'));
  const host = end.host.replace(/^.*@/, '');
  return (/^[\d.]+$/.test(host) ? host : host.replace(/\..*$/, '')).slice(0, 16);
}

/** In two lines: `me@other`, `dmz/lan`; `udp`, `other:5002`. */
export function outsideLabel(end: OutsideEnd): string {
  return end.kind === 'ssh' ? `${end.host}\n${end.place}` : end.url.replace(/:\/\/+(.*->)?/, '\n');
}
