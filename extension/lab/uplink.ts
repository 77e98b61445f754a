import type { Slirp, SlirpForward, Switch } from './model.ts';
import { formatIp, hostMask, networkOf, parseCidr, type Cidr } from './networks/cidr.ts';

/** What an uplink's network is if the lab file names none. */
export const defaultUplinkNetwork = '10.0.2.0/24';

/** The addresses that QEMU's user-mode network has and gives away. */
export interface UplinkAddresses {
  /** Router, and server of DHCP and TFTP. */
  readonly host: string;
  readonly nameServer: string;
  /** What DHCP gives away: first and last. */
  readonly leases: readonly [string, string];
}

/** In the last 1024 addresses of the network (net/slirp.c of QEMU 7.2); 16 leases (libslirp, NB_BOOTP_CLIENTS). */
const hostParts = { host: 0x0202n, nameServer: 0x0203n, firstLease: 0x020fn };
const leaseCount = 16n;

/** Undefined: an uplink cannot have this network. */
export function uplinkAddresses(network: string = defaultUplinkNetwork): UplinkAddresses | undefined {
  const cidr = parseCidr(network);
  if (!cidr || !isForUplink(cidr)) return undefined;
  const at = (part: bigint, more = 0n): string =>
    formatIp({ ...cidr, value: (networkOf(cidr).value | (part & hostMask(cidr))) + more });
  return {
    host: at(hostParts.host),
    nameServer: at(hostParts.nameServer),
    leases: [at(hostParts.firstLease), at(hostParts.firstLease, leaseCount - 1n)],
  };
}

export const isForUplink = ({ family, prefix }: Cidr): boolean => family === 4 && prefix <= 27;

/** `uplink (DHCP, NAT)`, `uplink (DHCP, NAT, PXE)`, `boot server (DHCP, PXE)`. */
export function uplinkWords({ pxe }: Pick<Slirp, 'pxe'>): string {
  if (!pxe) return 'uplink (DHCP, NAT)';
  return pxe.isClosed ? 'boot server (DHCP, PXE)' : 'uplink (DHCP, NAT, PXE)';
}

/** `tcp 127.0.0.1:2222 to 10.0.2.15:22`. */
export const forwardWords = (one: SlirpForward): string =>
  `${one.protocol} ${one.hostAddress}:${one.hostPort} to ${one.guestAddress}:${one.guestPort}`;

/** What a switch's uplink is and does, a line each. */
export function uplinkLines({ slirp, network }: Switch): readonly string[] {
  if (!slirp) return [];
  const { pxe, forward } = slirp;
  const addresses = uplinkAddresses(network);
  return [
    ...(addresses
      ? [
          pxe?.isClosed === true
            ? `Boot server ${addresses.host}, no way outside`
            : `Router ${addresses.host}, name server ${addresses.nameServer}`,
          `DHCP gives ${addresses.leases.join(' to ')}`,
        ]
      : []),
    ...(pxe ? [`PXE boots ${pxe.file} from ${pxe.root}`] : []),
    ...forward.map(one => `Forwards ${forwardWords(one)}`),
  ];
}
