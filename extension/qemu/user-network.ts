import { readOptions } from './command-line.ts';
import { readOptionPairs } from './option-list.ts';

/** QEMU's user-mode network, as it was started. */
export interface UserNetwork {
  /** Undefined: QEMU's own. */
  readonly network: string | undefined;
  /** `tcp:127.0.0.1:2222-10.0.2.15:22` */
  readonly forwards: readonly string[];
  /** What it tells VMs to boot. */
  readonly bootFile: string | undefined;
}

/** The first one on a command line; undefined: there is none. */
export function readUserNetwork(args: readonly string[]): UserNetwork | undefined {
  const lists = readOptions(args.slice(1))
    .all('netdev')
    .map(text => readOptionPairs(text, 'type'));
  const user = lists.find(pairs => pairs.some(([key, value]) => key === 'type' && value === 'user'));
  if (!user) return undefined;
  const last = (name: string): string | undefined => user.findLast(([key]) => key === name)?.[1];
  const forwards = user.flatMap(([key, value]) => (key === 'hostfwd' ? [value] : []));
  return { network: last('net'), forwards, bootFile: last('bootfile') };
}
