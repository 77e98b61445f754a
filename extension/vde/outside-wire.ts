import type { OutsideEnd } from '../lab/outside.ts';
import type { PlugAddress } from './plug-address.ts';
import { readPlugProcess } from './process.ts';

/** The process of `common-outside.sh` that keeps a wire plugged in, whose far end ssh reaches. */
export interface WireKeeper {
  readonly pidFile: string;
  /** Of the plug that it starts again and again. */
  readonly plugPidFile: string;
}

/** Undefined: the process is none. */
export function readWireKeeper(args: readonly string[]): WireKeeper | undefined {
  const [program, , option, pidFile] = args;
  if (program !== 'kvmlab-wire' || option !== '--pidfile' || pidFile === undefined) return undefined;
  return { pidFile, plugPidFile: pidFile.replace(/\.pid$/, '.plug.pid') };
}

/** A plug whose other end is a program: `vde_plug -D wire-lan-other -- SWITCH[31] = ssh … -- me@other …`. */
export interface SshPlug {
  readonly name: string;
  readonly end: string;
  readonly host: string;
}

/** Undefined: it is no plug of a wire that ssh carries. */
export function readSshPlug(args: readonly string[]): SshPlug | undefined {
  const plug = readPlugProcess(args);
  const command = args.slice(args.indexOf('=') + 1);
  const [end, ...others] = plug?.ends ?? [];
  const name = /^wire-(.+)$/.exec(plug?.description ?? '')?.[1];
  const host = command[command.indexOf('--') + 1];
  if (end === undefined || others.length > 0 || name === undefined || command[0] !== 'ssh' || host === undefined)
    return undefined;
  return { name, end, host };
}

/** Where a wire that leaves the lab is plugged in, and where it leads. */
export interface OutsideFacts {
  /** `/run/switch-lan[3]` */
  readonly plug: string;
  readonly to: string;
}

/** As `common-outside.sh` calls wires that ssh carries. */
const sshKinds: readonly (string | undefined)[] = ['ssh', 'join'];

/** By the command line of the process of its pid file. Undefined: it is no wire that leaves a lab. */
export function readOutsideProcess(args: readonly string[]): OutsideFacts | undefined {
  if (readWireKeeper(args)) {
    const [run = '', , , end = '', plugPort = '', kind, host = '', port = '', place = ''] = args.slice(4);
    return sshKinds.includes(kind)
      ? { plug: `${run}/switch-${end}[${plugPort}]`, to: sshUrl(host, port, place) }
      : undefined;
  }
  const [plug, to, ...others] = readPlugProcess(args)?.ends ?? [];
  const isOutside = plug !== undefined && to?.includes('://') === true && others.length === 0;
  return isOutside ? { plug, to } : undefined;
}

/** The same for two ends only if both are reached in the same way. */
export const outsideUrl = (end: OutsideEnd): string =>
  end.kind === 'url' ? end.url : sshUrl(end.host, String(end.port ?? ''), end.place);

const sshUrl = (host: string, port: string, place: string): string =>
  `ssh://${host}${port === '' ? '' : `:${port}`}/${place}`;

/** An end that is no switch of this host, in place of the path of one: `udp://…`, `ssh me@other`. */
export const outsideAddress = (text: string): PlugAddress => ({ socket: text, port: undefined });
export const isOutsideAddress = ({ socket }: PlugAddress): boolean => /^([a-z\d]+:\/\/|ssh )/.test(socket);
