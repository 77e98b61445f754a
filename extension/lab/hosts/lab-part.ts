import type { Lab, Switch, Vm, Wire } from '../model.ts';

/** The host where the lab file is, in lists of hosts; the others have names. */
export const thisHost = '';

export const hostOf = ({ host = thisHost }: Pick<Vm | Wire, 'host'>): string => host;

/** The hosts that have a switch, the one in the middle first; the others have copies that are joined with that one. */
export const hostsOf = ({ copies = [thisHost] }: Pick<Switch, 'copies'>): readonly string[] => copies;

/** The wires that the file has. */
export const withoutJoins = ({ wires }: Pick<Lab, 'wires'>): readonly Wire[] =>
  wires.filter(({ join }) => join === undefined);

/** `on left`, `here and on left, right`; undefined: only here, which goes without saying. */
export function hostWords(hosts: readonly string[]): string | undefined {
  const others = hosts.filter(host => host !== thisHost);
  if (others.length === 0) return undefined;
  return `${others.length < hosts.length ? 'here and ' : ''}on ${others.join(', ')}`;
}

/** Whether this host has or runs it. */
export const isHere = (one: Pick<Vm | Wire, 'host'>): boolean => hostOf(one) === thisHost;

/** All wires that there are scripts of. */
export const wiresAndSpares = ({ wires, spares = [] }: Pick<Lab, 'wires' | 'spares'>): readonly Wire[] => [
  ...wires,
  ...spares,
];
