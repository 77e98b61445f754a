import { emptyCluster, fencingOf, labConfiguration, withLab, type Fencing } from '../../cluster/configuration.ts';
import { haVms, labResources } from '../../cluster/lab-resources.ts';
import type { XmlElement } from '../../cluster/xml.ts';
import { resolvePath } from '../../lab/files.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Lab, Vm } from '../../lab/model.ts';

export interface HaRequest {
  readonly lab: Lab;
  /** Folder of the lab file, and the home folder: where paths in it start. */
  readonly folder: string;
  readonly home: string;
  /** Undefined: no cluster is known. */
  readonly cluster: XmlElement | undefined;
  /** Fencing devices that come along. */
  readonly devices: readonly XmlElement[];
  /** Who runs the VMs at the hosts. Undefined: who owns their scripts. */
  readonly user: string | undefined;
  readonly isUnsafe: boolean;
}

/** A lab as the cluster is to run it. */
export interface HaPlan {
  /** What the lab brings in alone. */
  readonly part: XmlElement;
  /** The whole configuration before and afterwards; without a cluster one of the lab's hosts that has just begun. */
  readonly before: XmlElement;
  readonly after: XmlElement;
  /** Why a VM could be lost or run twice. With any of them nothing is to be exported. */
  readonly refusals: readonly string[];
  readonly remarks: readonly string[];
}

export function planHa(request: HaRequest): HaPlan {
  const { lab, cluster, devices, user } = request;
  const before = cluster ?? emptyCluster((lab.hosts ?? []).map(({ name }) => name));
  const wanted = labResources(lab, user);
  const after = withLab(before, lab.name, wanted, devices);
  const fencing = fencingOf(after);
  return {
    ...{ part: labConfiguration(wanted, devices, cluster ? fencing : noFencing), before, after },
    refusals: [
      ...hostRefusals(request),
      ...diskRefusals(request),
      ...(request.isUnsafe ? [] : fencingRefusals(fencing)),
    ],
    remarks: [...remarksOn(lab), ...(fencing.devices.length === 0 ? [noDevice] : [])],
  };
}

/** Of a cluster that nobody knows. */
const noFencing: Fencing = { isEnabled: undefined, devices: [] };

const noDevice =
  'There is no fencing device, so Pacemaker will start nothing of this: stonith-enabled stays true. Add a device for each host first.';

function hostRefusals({ lab, user }: HaRequest): readonly string[] {
  const hosts = lab.hosts ?? [];
  if (haVms(lab).length === 0)
    return ['No VM of the lab has a host: give each that the cluster is to run one of "hosts:" ("host: left").'];
  if (hosts.length < 2) return ['With one host there is none that could take over. Name another one under "hosts:".'];
  return [...hosts.flatMap(host => refusalsOf(host, user)), ...differentPaths(hosts)];
}

/** A resource has the same parameters on all nodes. */
function differentPaths(hosts: readonly LabHost[]): readonly string[] {
  const keys = (['run', 'scripts'] as const).filter(key => new Set(hosts.map(host => host[key])).size > 1);
  return keys.map(
    key => `The hosts have different "${key}:". A cluster needs the same one on all: ${hostNames(hosts)}.`,
  );
}

const hostNames = (hosts: readonly LabHost[]): string => hosts.map(({ name }) => name).join(', ');

function refusalsOf({ name, run, scripts }: LabHost, user: string | undefined): readonly string[] {
  const refusals: string[] = [];
  if (run?.startsWith('/') !== true || run.startsWith('/run/user/'))
    refusals.push(
      `Host ${name}: give it an absolute "run:" outside of /run/user, such as /run/kvmlab: the usual run-time folder goes away when its user logs out, or is another one for each.`,
    );
  if (!scripts.startsWith('/') && user === undefined)
    refusals.push(
      `Host ${name}: its scripts lie in "${scripts}" in somebody's home. Say whose (--user NAME), or give an absolute "scripts:".`,
    );
  return refusals;
}

/** A disk that is not there on the other host would be made there anew, and empty. Its script starts relative paths there. */
function diskRefusals({ lab, folder, home }: HaRequest): readonly string[] {
  return haVms(lab).flatMap(vm =>
    filesOf(vm).flatMap(file => {
      const here = resolvePath(file, folder, home);
      return (lab.hosts ?? [])
        .filter(({ scripts, shared }) => resolvePath(file, scripts, '') !== here || !shared.some(isAbove(here)))
        .map(({ name }) => `VM ${vm.name}: host ${name} does not see ${here}. ${remedy(name)}`);
    }),
  );
}

const isAbove =
  (file: string) =>
  (place: string): boolean =>
    file.startsWith(`${place.replace(/\/+$/, '')}/`);

const remedy = (host: string): string => `Write the whole path of a disk that lies below a "shared:" of ${host}.`;

/** What a VM writes to. */
const filesOf = ({ disks, image }: Vm): readonly string[] => [
  ...(image ? [image.overlay] : []),
  ...disks.map(({ file }) => file),
];

function fencingRefusals({ isEnabled, devices }: Fencing): readonly string[] {
  if (isEnabled === false)
    return [
      'Fencing is off in this cluster (stonith-enabled=false): a host that is only cut off would go on with its VMs while another one starts them too. Turn it on: crm_attribute --type crm_config --name stonith-enabled --update true',
    ];
  if (devices.length > 0) return [];
  return [
    'There is no fencing device: nobody could make sure that a host is dead before its VMs are started elsewhere. Give the cluster one for each host (pcs stonith create …, crm configure primitive … stonith:…), or hand them in: --fencing FILE, the XML of their primitives. --unsafe-lab exports without; stonith-enabled stays true, so nothing starts before there is one.',
  ];
}

const remarksOn = (lab: Lab): readonly string[] => [
  ...(lab.locks === undefined
    ? ['The lab has no "locks:": then only fencing keeps a VM from running twice. Name a folder that all hosts share.']
    : []),
  ...lab.vms
    .filter(vm => !haVms(lab).some(({ name }) => name === vm.name))
    .map(({ name }) => `VM ${name} has no host and stays out of the cluster.`),
];
