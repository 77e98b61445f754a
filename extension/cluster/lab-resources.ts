import type { LabHost } from '../lab/hosts/lab-host.ts';
import type { Lab, Vm } from '../lab/model.ts';
import { element, type XmlElement } from './xml.ts';

/** A VM that the cluster runs. */
interface HaVm extends Vm {
  /** Where it runs if nothing speaks against it. */
  readonly host: string;
}

/** What a lab brings into the configuration of a cluster. */
export interface LabResources {
  readonly resources: readonly XmlElement[];
  readonly constraints: readonly XmlElement[];
}

/** Times for operations: as the agent tells them in its meta-data. */
const operations = [
  { name: 'start', interval: '0s', timeout: '180s' },
  { name: 'stop', interval: '0s', timeout: '120s' },
  { name: 'monitor', interval: '10s', timeout: '30s' },
  { name: 'migrate_to', interval: '0s', timeout: '600s' },
  { name: 'migrate_from', interval: '0s', timeout: '60s' },
];

/** The VMs that the lab gives to one of its hosts; the others run where the lab file is, and no cluster knows that. */
export const haVms = ({ vms }: Lab): readonly HaVm[] =>
  vms.flatMap(vm => (vm.host === undefined || vm.host === '' ? [] : [{ ...vm, host: vm.host }]));

/**
 * Names of labs and VMs may hold each character that an ID may, so in the lab's name what parts the two is marked: no two
 * labs, and no two VMs, have the same.
 */
const id = (kind: string, lab: string, name: string): string =>
  `${kind}.${lab.replace(/[._]/g, character => `_${character}`)}.${name}`;

export const resourceId = (lab: string, vm: string): string => id('kvmlab', lab, vm);

/** The VM of a resource of this lab. Undefined: it is none. */
export function vmOfResource(lab: string, resource: string): string | undefined {
  const start = resourceId(lab, '');
  return resource.startsWith(start) && resource.length > start.length ? resource.slice(start.length) : undefined;
}

/** Whether an element of a configuration is one that this lab brings in; older ones too. */
export const isOfLab = (lab: string, { attributes }: XmlElement): boolean =>
  ['kvmlab', ...constraintKinds].some(kind => attributes['id']?.startsWith(id(kind, lab, '')) === true);

const constraintKinds = ['kvmlab-on', 'kvmlab-only', 'kvmlab-after'] as const;

/** `user`: who runs the VMs; undefined: who owns their scripts. Hosts are nodes by their name; all have the same paths. */
export function labResources(lab: Lab, user?: string): LabResources {
  const [vms, hosts] = [haVms(lab), lab.hosts ?? []];
  return {
    resources: vms.map(vm => primitive(lab, vm, hosts, user)),
    constraints: vms.flatMap(vm => [prefers(lab, vm), stays(lab, vm, hosts), ...follows(lab, vm, vms)]),
  };
}

function primitive(lab: Lab, { name }: HaVm, hosts: readonly LabHost[], user: string | undefined): XmlElement {
  const pair = (key: string, value: string): XmlElement =>
    element('nvpair', { id: id(`kvmlab-${key}`, lab.name, name), name: key, value });
  const [first] = hosts;
  const values = {
    script: first ? scriptAt(first, lab.name, name) : '',
    run_root: first?.run ?? '',
    destinations: hosts.map(host => `${host.name}=${host.ssh}`).join(' '),
    ...(user === undefined ? {} : { user }),
  };
  return element(
    'primitive',
    {
      ...{ id: resourceId(lab.name, name), class: 'ocf', provider: 'kvmlab', type: 'vm' },
      description: `VM ${name} of the lab ${lab.name}`,
    },
    [
      element('instance_attributes', { id: id('kvmlab-attributes', lab.name, name) }, [
        ...Object.entries(values).map(([key, value]) => pair(key, value)),
      ]),
      element('meta_attributes', { id: id('kvmlab-meta', lab.name, name) }, [pair('allow-migrate', 'true')]),
      element('operations', {}, [
        ...operations.map(times => element('op', { id: id(`kvmlab-${times.name}`, lab.name, name), ...times })),
      ]),
    ],
  );
}

/** The scripts of each lab have a folder of their own in that of the host. */
const scriptAt = (host: LabHost, lab: string, vm: string): string =>
  `${host.scripts.replace(/\/+$/, '')}/${lab}/${vm}.sh`;

/** It goes back to its own host when it can: live. */
const prefers = ({ name: lab }: Lab, { name, host }: HaVm): XmlElement =>
  element('rsc_location', { id: id('kvmlab-on', lab, name), rsc: resourceId(lab, name), node: host, score: '100' });

/** Other nodes of the cluster do not have its script. */
function stays({ name: lab }: Lab, { name }: HaVm, hosts: readonly LabHost[]): XmlElement {
  const constraint = id('kvmlab-only', lab, name);
  const others = hosts.map((host, at) =>
    element('expression', {
      ...{ id: `${constraint}.rule.${at + 1}`, attribute: '#uname', operation: 'ne', value: host.name },
    }),
  );
  // All expressions have to hold: that is the default, and crm leaves defaults out.
  return element('rsc_location', { id: constraint, rsc: resourceId(lab, name) }, [
    element('rule', { id: `${constraint}.rule`, score: '-INFINITY' }, others),
  ]);
}

/** `after:` is about starts only: a VM goes on when one that it came after is moved or ends. */
const follows = ({ name: lab }: Lab, { name, after = [] }: HaVm, vms: readonly HaVm[]): readonly XmlElement[] =>
  after
    .filter(other => vms.some(vm => vm.name === other))
    .map((other, at) =>
      element('rsc_order', {
        ...{ id: `${id('kvmlab-after', lab, name)}.${at + 1}`, kind: 'Optional', symmetrical: 'false' },
        ...{ first: resourceId(lab, other), 'first-action': 'start' },
        ...{ then: resourceId(lab, name), 'then-action': 'start' },
      }),
    );
