import type { Lab, Switch } from '../../lab/model.ts';
import type { SnapshotPoint } from './snapshot-point.ts';

/**
 * What no snapshot can keep, as a sentence: the other end of a connection that leaves the lab goes on in time. Undefined:
 * none of its switches that run leads outside. `running`: names of switches.
 */
export function lostConnections(lab: Lab, running: ReadonlySet<string>): string | undefined {
  const uplinks = lab.switches.filter(one => running.has(one.name) && leadsOutside(one)).map(({ name }) => name);
  const wires = lab.wires.filter(({ ends }) => ends.some(end => end.outside)).map(({ name }) => name);
  const ways = [
    ...(uplinks.length > 0 ? [`the way outside of ${uplinks.join(', ')}`] : []),
    ...(wires.length > 0 ? [`wire ${wires.join(', ')}`] : []),
  ];
  if (ways.length === 0) return undefined;
  return `Connections to the outside (over ${ways.join(' and ')}) are not part of a snapshot: after a restore their other ends do not know them any more.`;
}

const leadsOutside = ({ slirp, tap }: Switch): boolean =>
  tap !== undefined || (slirp !== undefined && slirp.pxe?.isClosed !== true);

export const switchesOf = ({ switches }: SnapshotPoint): ReadonlySet<string> =>
  new Set(switches.map(({ name }) => name));
