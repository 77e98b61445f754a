import { vmOfResource } from './lab-resources.ts';
import { below, type XmlElement } from './xml.ts';

/** A cluster as `crm_mon --output-as=xml` sees it. */
export interface ClusterStatus {
  readonly hasQuorum: boolean;
  readonly isFencingEnabled: boolean;
  /** The node that decides; undefined while none does. */
  readonly decidedBy: string | undefined;
  readonly nodes: readonly NodeStatus[];
  readonly vms: readonly VmResource[];
  /** IDs of fencing devices. */
  readonly devices: readonly string[];
  /** Newest first. */
  readonly fencings: readonly FencingEvent[];
}

export type NodeState = 'online' | 'standby' | 'maintenance' | 'pending' | 'unclean' | 'offline';

export interface NodeStatus {
  readonly name: string;
  readonly state: NodeState;
}

/** A VM of a lab in the cluster. */
export interface VmResource {
  readonly vm: string;
  readonly resource: string;
  /** `Started`, `Stopped`, `Starting`, `Stopping`, `Migrating`. */
  readonly role: string;
  /** One, but during a migration. */
  readonly nodes: readonly string[];
  readonly isManaged: boolean;
  /** The cluster cannot do what it should: a stop failed and nobody can be fenced. */
  readonly isBlocked: boolean;
  /** By node, those that have any. */
  readonly failures: readonly Failures[];
}

export interface Failures {
  readonly node: string;
  readonly count: number;
  /** The last operation that failed there, and why. */
  readonly last: string | undefined;
}

export interface FencingEvent {
  readonly target: string;
  /** `off`, `reboot`. */
  readonly action: string;
  readonly outcome: 'success' | 'failed' | 'pending';
  /** As Pacemaker writes it: `2026-11-23 11:01:53Z`. */
  readonly completed: string | undefined;
}

/** Undefined: it is nothing that crm_mon prints. */
export function readStatus(root: XmlElement, lab: string): ClusterStatus | undefined {
  const [summary] = below(root, 'summary');
  if (!summary) return undefined;
  const [master] = below(summary, 'current_dc');
  const [options] = below(summary, 'cluster_options');
  const resources = below(root, 'resources').flatMap(allResources);
  return {
    hasQuorum: is(master, 'with_quorum'),
    isFencingEnabled: is(options, 'stonith-enabled'),
    decidedBy: is(master, 'present') ? master?.attributes['name'] : undefined,
    nodes: below(root, 'nodes', 'node').map(readNode),
    vms: resources.flatMap(one => readVm(one, root, lab)),
    devices: resources
      .filter(({ attributes }) => attributes['resource_agent']?.startsWith('stonith:'))
      .map(({ attributes }) => attributes['id'] ?? ''),
    fencings: below(root, 'fence_history', 'fence_event').map(readFencing),
  };
}

const is = (one: XmlElement | undefined, name: string): boolean => one?.attributes[name] === 'true';

/** Also those in groups, clones and bundles. */
const allResources = ({ children }: XmlElement): readonly XmlElement[] =>
  children.flatMap(child => (child.name === 'resource' ? [child] : allResources(child)));

function readNode(node: XmlElement): NodeStatus {
  const states = [
    ['unclean', is(node, 'unclean')],
    ['pending', is(node, 'pending')],
    ['offline', !is(node, 'online')],
    ['maintenance', is(node, 'maintenance')],
    ['standby', is(node, 'standby') || is(node, 'standby_onfail')],
  ] as const;
  return { name: node.attributes['name'] ?? '', state: states.find(([, isSo]) => isSo)?.[0] ?? 'online' };
}

function readVm(resource: XmlElement, root: XmlElement, lab: string): readonly VmResource[] {
  const { id = '', role = '', pending } = resource.attributes;
  const vm = vmOfResource(lab, id);
  if (vm === undefined) return [];
  return [
    {
      ...{ vm, resource: id, role: pending !== undefined && pending !== 'Monitoring' ? pending : role },
      nodes: below(resource, 'node').map(({ attributes }) => attributes['name'] ?? ''),
      isManaged: is(resource, 'managed'),
      isBlocked: is(resource, 'blocked'),
      failures: failuresOf(id, root),
    },
  ];
}

function failuresOf(resource: string, root: XmlElement): readonly Failures[] {
  return below(root, 'node_history', 'node').flatMap(node => {
    const name = node.attributes['name'] ?? '';
    const history = below(node, 'resource_history').find(({ attributes }) => attributes['id'] === resource);
    const said = history?.attributes['fail-count'] ?? '0';
    // A start that fails counts a million at once: nobody tries again there.
    const count = said === 'INFINITY' ? Infinity : Number(said);
    if (!(count > 0)) return [];
    return [{ node: name, count, last: lastFailure(resource, name, root) }];
  });
}

function lastFailure(resource: string, node: string, root: XmlElement): string | undefined {
  const failure = below(root, 'failures', 'failure').findLast(
    ({ attributes }) => attributes['node'] === node && attributes['op_key']?.startsWith(`${resource}_`),
  );
  if (!failure) return undefined;
  const { task = '', exitstatus = '', exitreason = '' } = failure.attributes;
  return `${task}: ${exitreason === '' ? exitstatus : exitreason}`;
}

function readFencing({ attributes }: XmlElement): FencingEvent {
  const { target = '', action = '', status = '', completed } = attributes;
  const outcome = status === 'success' || status === 'failed' ? status : 'pending';
  return { target, action, outcome, completed };
}
