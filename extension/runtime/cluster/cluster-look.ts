import { UserError } from '../../base/user-error.ts';
import type { ClusterStatus } from '../../cluster/cluster-status.ts';
import { haVms } from '../../cluster/lab-resources.ts';
import type { Lab } from '../../lab/model.ts';
import type { ClusterTools } from '../cluster-ports.ts';
import type { RemoteHosts } from '../remote-ports.ts';
import { clusterStatus } from './cluster.ts';
import { FarClusterTools } from './far-cluster.ts';

/** A cluster that answers. */
export interface AnsweringCluster {
  readonly tools: ClusterTools;
  /** Name of the host that was asked; undefined: this one. */
  readonly at: string | undefined;
  readonly status: ClusterStatus;
}

/** Whether a cluster could run VMs of the lab: they belong to hosts, of which one could take over. */
export const canBeInCluster = (lab: Lab): boolean => (lab.hosts ?? []).length > 1 && haVms(lab).length > 0;

interface Place {
  readonly at: string | undefined;
  readonly tools: () => Promise<ClusterTools>;
}

/** Finds the cluster that runs VMs of a lab: this host's own, or that of one of the lab's hosts, who are asked over ssh. */
export class ClusterLook {
  private readonly here: ClusterTools;
  private readonly remote: () => Promise<Pick<RemoteHosts, 'run'>>;
  /** By the path of the lab file: who answered last. */
  private readonly last = new Map<string, string | undefined>();

  constructor(here: ClusterTools, remote: () => Promise<Pick<RemoteHosts, 'run'>>) {
    this.here = here;
    this.remote = remote;
  }

  /** One that has VMs of the lab, else any that answers. Undefined: nobody does. */
  async find(path: string, lab: Lab): Promise<AnsweringCluster | undefined> {
    let other: AnsweringCluster | undefined;
    for (const place of this.placesOf(path, lab)) {
      const found = await this.ask(place, lab);
      if (found && found.status.vms.length > 0) {
        this.last.set(path, found.at);
        return found;
      }
      other ??= found;
    }
    return other;
  }

  private placesOf(path: string, lab: Lab): readonly Place[] {
    const far = (lab.hosts ?? []).map(host => ({
      at: host.name,
      tools: async () => new FarClusterTools(await this.remote(), host),
    }));
    const places: readonly Place[] = [{ at: undefined, tools: () => Promise.resolve(this.here) }, ...far];
    const isLast = ({ at }: Place): boolean => this.last.has(path) && this.last.get(path) === at;
    return [...places.filter(isLast), ...places.filter(place => !isLast(place))];
  }

  /** Who cannot be asked is no node. */
  private async ask({ at, tools }: Place, { name }: Lab): Promise<AnsweringCluster | undefined> {
    try {
      const own = await tools();
      const status = await clusterStatus(own, name);
      return status && { tools: own, at, status };
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
}
