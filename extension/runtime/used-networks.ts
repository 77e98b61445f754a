import type { Cidr } from '../lab/networks/cidr.ts';
import { networksOfLab } from '../lab/networks/lab-networks.ts';
import { isWayOut } from '../lab/networks/private-networks.ts';
import type { HostNetworks } from './host.ts';
import type { LabStore } from './store.ts';

/** What a new network must not touch: the networks of every lab of the workspace, and the host's own. */
export async function usedNetworks({ labs }: Pick<LabStore, 'labs'>, host: HostNetworks): Promise<readonly Cidr[]> {
  const routes = (await host.list()).filter(route => !isWayOut(route));
  return [...labs.flatMap(({ lab }) => (lab ? networksOfLab(lab) : [])), ...routes];
}
