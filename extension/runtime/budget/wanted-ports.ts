import { consolePorts } from '../../lab/checks/check-host-ports.ts';
import { hostOf, hostsOf, thisHost } from '../../lab/hosts/lab-part.ts';
import type { Lab } from '../../lab/model.ts';
import type { HostFacts } from '../doctor-ports.ts';
import type { LabSnapshot } from '../state.ts';

/** A port of this host that something of a lab listens on when it runs. */
export interface WantedPort {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  /** `the serial console of VM fw`. */
  readonly owner: string;
}

/** What VMs and switches want that do not run yet. */
export function wantedPorts(lab: Lab, vms: readonly string[], switches: readonly string[]): readonly WantedPort[] {
  const consoles = [...consolePorts(lab.vms.filter(vm => vms.includes(vm.name)))];
  const forwards = lab.switches.filter(one => switches.includes(one.name)).flatMap(one => one.slirp?.forward ?? []);
  return [
    ...consoles.map(([port, owner]): WantedPort => ({ protocol: 'tcp', address: '127.0.0.1', port, owner })),
    ...forwards.map(({ protocol, hostAddress, hostPort, guestAddress, guestPort }) => {
      const owner = `the forward to ${guestAddress}:${guestPort}`;
      return { protocol, address: hostAddress, port: hostPort, owner };
    }),
  ];
}

/** One line for each of them that somebody has. */
export function takenPorts(wanted: readonly WantedPort[], { listeners }: HostFacts): readonly string[] {
  const isAll = (address: string): boolean => address === '*' || address === '0.0.0.0';
  return wanted.flatMap(({ protocol, address, port, owner }) => {
    const holder = listeners.find(
      one =>
        one.protocol === protocol &&
        one.port === port &&
        (one.address === address || isAll(one.address) || isAll(address)),
    );
    if (!holder) return [];
    return [`Port ${port} (${protocol}), for ${owner}, is taken by ${holder.owner ?? 'a process of another user'}.`];
  });
}

const isStopped = (snapshot: LabSnapshot | undefined, kind: 'vms' | 'switches', name: string): boolean => {
  const state = snapshot?.[kind].get(name)?.kind ?? 'stopped';
  return state === 'stopped' || state === 'failed';
};

/** Names of those of a lab that belong to this host and do not run. */
export const stoppedOf = (lab: Lab, snapshot: LabSnapshot | undefined) => ({
  vms: lab.vms.flatMap(vm => (hostOf(vm) === thisHost && isStopped(snapshot, 'vms', vm.name) ? [vm.name] : [])),
  switches: lab.switches.flatMap(one =>
    hostsOf(one).includes(thisHost) && isStopped(snapshot, 'switches', one.name) ? [one.name] : [],
  ),
});
