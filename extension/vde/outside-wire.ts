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

/** An end that is no switch of this host, in place of the path of one: `udp://…`, `ssh me@other`. */
export const outsideAddress = (text: string): PlugAddress => ({ socket: text, port: undefined });
export const isOutsideAddress = ({ socket }: PlugAddress): boolean => /^([a-z\d]+:\/\/|ssh )/.test(socket);
