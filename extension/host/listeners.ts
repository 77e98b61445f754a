import type { PortHolder } from '../runtime/console-ports.ts';
import type { Listener } from '../runtime/doctor-ports.ts';
import { ownersOf, socketLines } from './port-scan.ts';
import { takeInSlices } from './steps.ts';

/** States of /proc/net/tcp and /proc/net/udp in which a socket takes what comes. */
const takes = { tcp: '0A', udp: '07' } as const;

/** Who listens on this host, of the network namespace of this process. Never throws: what cannot be read is left out. */
export async function listeners(root = '/proc'): Promise<readonly Listener[]> {
  const found = (['tcp', 'udp'] as const).flatMap(protocol =>
    [protocol, `${protocol}6`].flatMap(file =>
      socketLines(root, file)
        .filter(line => line.state === takes[protocol])
        .flatMap(({ localAddress, localPort, inode }) => {
          const address = ipv4Of(localAddress);
          return address === undefined ? [] : [{ protocol, address, port: localPort, inode }];
        }),
    ),
  );
  const owners =
    found.length === 0
      ? new Map<number, PortHolder>()
      : await takeInSlices(ownersOf(root, new Set(found.map(one => one.inode))));
  return found.map(({ inode, ...listener }) => {
    const holder = owners.get(inode);
    return { ...listener, owner: holder && `${holder.program} (process ${holder.pid})` };
  });
}

/** `0100007F` → `127.0.0.1`; `*` for all of IPv6; undefined: an address that is in nobody's way. */
function ipv4Of(hex: string): string | undefined {
  if (/^0{32}$/.test(hex)) return '*';
  // ::ffff:a.b.c.d, each word of four bytes in the order of this machine.
  const mapped = /^0{16}FFFF0000([0-9A-F]{8})$/i.exec(hex)?.[1];
  const word = hex.length === 8 ? hex : mapped;
  return word && [6, 4, 2, 0].map(at => Number.parseInt(word.slice(at, at + 2), 16)).join('.');
}
