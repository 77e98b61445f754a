import type { Switch } from '../lab/model.ts';
import { defaultUplinkNetwork, uplinkAddresses, uplinkWords } from '../lab/uplink.ts';
import type { RunState } from '../runtime/state.ts';

/** A switch's uplink, for `--json`. */
export interface UplinkStatus {
  readonly pid: number | null;
  readonly network: string;
  /** Of its router and boot server. */
  readonly address: string | null;
  /** What DHCP gives away: first and last. */
  readonly leases: readonly string[];
  readonly forwards: readonly { readonly protocol: string; readonly host: string; readonly guest: string }[];
  readonly pxe: { readonly root: string; readonly file: string } | null;
  readonly words: string;
}

/** Null: the switch has none. */
export function uplinkStatus({ slirp, network }: Switch, state: RunState | undefined): UplinkStatus | null {
  if (!slirp) return null;
  const addresses = uplinkAddresses(network);
  return {
    pid: (state?.kind === 'running' ? state.uplink : undefined) ?? null,
    network: network ?? defaultUplinkNetwork,
    address: addresses?.host ?? null,
    leases: addresses?.leases ?? [],
    forwards: slirp.forward.map(one => ({
      protocol: one.protocol,
      host: `${one.hostAddress}:${one.hostPort}`,
      guest: `${one.guestAddress}:${one.guestPort}`,
    })),
    pxe: slirp.pxe ? { root: slirp.pxe.root, file: slirp.pxe.file } : null,
    words: uplinkWords(slirp),
  };
}

/** Some lines for people. */
export function renderUplink(name: string, { words, pid, address, leases, forwards, pxe }: UplinkStatus): string {
  const lines = [
    `Switch ${name}: ${words}, ${pid === null ? 'stopped' : `process ${pid}`}`,
    ...(address === null ? [] : [`address ${address}, gives ${leases.join(' to ')}`]),
    ...(pxe ? [`boots ${pxe.file} from ${pxe.root}`] : []),
    ...forwards.map(({ protocol, host, guest }) => `forwards ${protocol} ${host} to ${guest}`),
  ];
  return `${lines.join('\n  ')}\n`;
}
