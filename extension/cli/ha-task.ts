import { UserError } from '../base/user-error.ts';
import { readDevices } from '../cluster/configuration.ts';
import { readXml, type XmlElement } from '../cluster/xml.ts';
import type { LabHost } from '../lab/hosts/lab-host.ts';
import { didYouMean, NearestName } from '../lab/names.ts';
import { configurationIfAny, runningConfiguration } from '../runtime/cluster/cluster.ts';
import { FarClusterTools } from '../runtime/cluster/far-cluster.ts';
import { planHa, type HaPlan } from '../runtime/cluster/ha-plan.ts';
import type { ClusterTools } from '../runtime/cluster-ports.ts';
import { folderOf } from '../runtime/paths.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { CliPorts } from './command.ts';
import type { OpenLab } from './lab-file.ts';
import { printable } from './text-table.ts';

/** A verb of `ha`: what it was called with. */
export interface HaTask {
  readonly open: OpenLab;
  /** Operands behind the lab file. */
  readonly names: readonly string[];
  readonly options: Arguments['options'];
  readonly ports: CliPorts;
  /** Of the cluster that is meant: that of this host, or of the one that `--host` names. */
  readonly cluster: ClusterTools;
}

/** The programs of Pacemaker here, or at one of the lab's hosts. */
export function clusterMeant(open: OpenLab, host: string | undefined, ports: CliPorts): ClusterTools {
  return host === undefined ? ports.cluster : new FarClusterTools(ports.remote, hostMeant(open, host));
}

export function hostMeant({ lab }: OpenLab, host: string): LabHost {
  const known = (lab.hosts ?? []).map(({ name }) => name);
  const found = lab.hosts?.find(({ name }) => name === host);
  if (found) return found;
  const hint = didYouMean(new NearestName().find(host, known)) || ` It has: ${known.join(', ') || 'none'}.`;
  throw new UsageError(`Lab ${lab.name} has no host ${printable(host)}.${hint}`);
}

/** Undefined: it would be unsafe, which was told. */
export async function safePlan(task: HaTask, cluster: XmlElement | undefined): Promise<HaPlan | undefined> {
  const { ports } = task;
  const plan = await planFor(task, cluster);
  const said = plan.refusals.length > 0 ? plan.refusals : plan.remarks;
  for (const words of said) ports.err(`${printable(words)}\n`);
  if (plan.refusals.length === 0) return plan;
  ports.err('Nothing was done.\n');
  return undefined;
}

export async function planFor(task: HaTask, cluster: XmlElement | undefined): Promise<HaPlan> {
  const { open, options, ports } = task;
  return planHa({
    ...{ lab: open.lab, folder: folderOf(open.path), home: ports.images.places.home, cluster },
    devices: await givenDevices(task),
    ...{ user: options.get('user'), isUnsafe: options.has('unsafe-lab') },
  });
}

/** What to tell of a host where no cluster answers. */
export const noCluster = ({ open: { lab }, options }: HaTask): UserError => {
  const host = options.get('host');
  if (host !== undefined)
    return new UserError(
      `No cluster answers at host ${host}: Pacemaker does not run there, or who logs in there may not ask it (be root, or in the group haclient).`,
    );
  const hosts = (lab.hosts ?? []).map(({ name }) => name).join(', ');
  const elsewhere = hosts === '' ? '' : ` To ask one of its hosts over ssh: --host NAME (${hosts}).`;
  return new UserError(
    `No cluster answers here: Pacemaker does not run on this host, or you may not ask it (be root, or in the group haclient).${elsewhere} --cib FILE stands for its configuration (export, diff, simulate).`,
  );
};

export async function anyConfiguration(task: HaTask): Promise<XmlElement> {
  const cluster = (await givenConfiguration(task)) ?? (await runningConfiguration(task.cluster));
  if (!cluster) throw noCluster(task);
  return cluster;
}

/** A host without Pacemaker can export too; one that was named has to answer. */
export async function configurationOrNone(task: HaTask): Promise<XmlElement | undefined> {
  const given = await givenConfiguration(task);
  if (given) return given;
  return task.options.has('host') ? anyConfiguration(task) : configurationIfAny(task.cluster);
}

async function givenConfiguration({ options, ports }: HaTask): Promise<XmlElement | undefined> {
  const file = options.get('cib');
  if (file === undefined) return undefined;
  const root = await readXmlFile(file, ports);
  if (root.name !== 'cib')
    throw new UserError(`${file} is no configuration of a cluster: cibadmin --query prints one.`);
  return root;
}

async function givenDevices({ options, ports }: HaTask): Promise<readonly XmlElement[]> {
  const file = options.get('fencing');
  if (file === undefined) return [];
  const devices = readDevices(await readXmlFile(file, ports));
  if (devices) return devices;
  throw new UserError(
    `${file} holds no fencing devices, or other things too. Write <resources> around one or more <primitive class="stonith" …>.`,
  );
}

async function readXmlFile(file: string, { files, folder }: CliPorts): Promise<XmlElement> {
  const text = await files.read(folder.resolve(file));
  if (text === undefined) throw new UserError(`${file} is not there.`);
  let reason = 'it is empty';
  const root = readXml(text, why => (reason = why));
  if (!root) throw new UserError(`${file} is no XML: ${reason}`);
  return root;
}
