import { UserError } from '../../base/user-error.ts';
import type { XmlElement } from '../../cluster/xml.ts';
import type { Lab, LabReading } from '../../lab/model.ts';
import { runningConfiguration } from '../../runtime/cluster/cluster.ts';
import { ClusterLook, type AnsweringCluster } from '../../runtime/cluster/cluster-look.ts';
import { planHa, type HaPlan } from '../../runtime/cluster/ha-plan.ts';
import type { ClusterTools } from '../../runtime/cluster-ports.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import type { RemoteHosts } from '../../runtime/remote-ports.ts';
import { withProgress } from '../progress.ts';

export interface ClusterDeskParts {
  readonly readLab: (path: string) => Promise<LabReading>;
  readonly here: ClusterTools;
  readonly remote: () => Promise<RemoteHosts>;
  /** The home folder. */
  readonly home: string;
}

/** What knows the clusters of labs in this window: for commands, and for the tree. */
export interface ClusterRoom {
  readonly desk: ClusterDesk;
  /** Of the lab with this file something was ordered: it is looked at again. */
  readonly changed: (path: string) => void;
}

export interface ClusterLab {
  readonly path: string;
  readonly lab: Lab;
}

/** A cluster with its configuration. */
export interface ConfiguredCluster extends AnsweringCluster {
  readonly cib: XmlElement;
}

/** What commands ask of clusters. */
export class ClusterDesk {
  private readonly parts: ClusterDeskParts;
  readonly look: ClusterLook;

  constructor(parts: ClusterDeskParts) {
    this.parts = parts;
    this.look = new ClusterLook(parts.here, parts.remote);
  }

  get here(): ClusterTools {
    return this.parts.here;
  }

  /** A lab whose file has no mistakes. */
  async open(path: string): Promise<ClusterLab> {
    const { lab, problems } = await this.parts.readLab(path);
    if (lab && !problems.some(({ severity }) => severity === 'error')) return { path, lab };
    throw new UserError(`${baseName(path)} has errors. Nothing was done.`, [
      { title: 'Show Problems', command: 'workbench.actions.view.problems' },
    ]);
  }

  /** Undefined: no cluster answers, here or at one of the lab's hosts. */
  async findIfAny({ path, lab }: ClusterLab): Promise<ConfiguredCluster | undefined> {
    const title = `Asking for the cluster of ${lab.name}`;
    return withProgress(title, async () => {
      const found = await this.look.find(path, lab);
      const cib = found && (await runningConfiguration(found.tools));
      return found && cib && { ...found, cib };
    });
  }

  async find(of: ClusterLab): Promise<ConfiguredCluster> {
    const found = await this.findIfAny(of);
    if (found) return found;
    const hosts = (of.lab.hosts ?? []).map(({ name }) => name).join(', ');
    throw new UserError(
      `No cluster answers for lab ${of.lab.name}, neither here nor at its hosts (${hosts || 'it has none'}): Pacemaker does not run, or who logs in may not ask it (be root, or in the group haclient).`,
    );
  }

  plan(
    { path, lab }: ClusterLab,
    cluster: XmlElement | undefined,
    { devices = [], isUnsafe = false }: { readonly devices?: readonly XmlElement[]; readonly isUnsafe?: boolean } = {},
  ): HaPlan {
    const { home } = this.parts;
    return planHa({ lab, folder: folderOf(path), home, cluster, devices, user: undefined, isUnsafe });
  }
}

/** A plan that nothing speaks against. */
export function sound(plan: HaPlan): HaPlan {
  if (plan.refusals.length === 0) return plan;
  throw new UserError(`${plan.refusals.join('\n')}\nNothing was done.`);
}
