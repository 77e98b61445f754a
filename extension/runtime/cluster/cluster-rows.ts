import type { ClusterStatus, Failures, FencingEvent, NodeStatus, VmResource } from '../../cluster/cluster-status.ts';
import { count, joined, lines, treeNode, type NodeIcon, type TreeNode } from '../views/tree-node.ts';

/** The cluster of a lab as it was seen last. */
export interface SeenCluster {
  readonly status: ClusterStatus;
  /** Name of the host that told it; undefined: this one. */
  readonly at: string | undefined;
  /** It does not answer any more. */
  readonly isSilent: boolean;
}

const good = 'testing.iconPassed';
const doubtful = 'list.warningForeground';
const bad = 'list.errorForeground';
const warning: NodeIcon = { name: 'warning', colour: bad };

/** Adds the cluster that runs a lab's VMs to its rows. */
export function withCluster(lab: TreeNode, seen: SeenCluster): TreeNode {
  const { status, at, isSilent } = seen;
  const id = `${lab.id}#Cluster`;
  const node = treeNode({
    id,
    label: 'Cluster',
    description: clusterWords(seen),
    tooltip: lines(
      at === undefined ? 'Pacemaker, as this host sees it' : `Pacemaker, as host ${at} sees it`,
      isSilent ? 'It does not answer any more: this is what was seen last.' : undefined,
      status.hasQuorum ? undefined : 'Without quorum it starts nothing.',
      status.decidedBy === undefined ? 'No node decides now.' : `${status.decidedBy} decides.`,
    ),
    icon: isSilent || faultsOf(status).length > 0 ? warning : { name: 'server-environment' },
    contextValue: 'cluster',
    thing: lab.thing,
    children: [
      ...status.nodes.map(one => nodeRow(id, one, status, lab)),
      ...status.vms.map(vm => vmRow(id, vm, lab)),
      fencingRow(id, status, lab),
    ],
  });
  return { ...lab, children: [...lab.children, node] };
}

function clusterWords({ status, isSilent }: SeenCluster): string {
  const online = status.nodes.filter(({ state }) => state === 'online').length;
  return joined(
    isSilent ? 'does not answer' : '',
    ...faultsOf(status),
    `${online} of ${count(status.nodes.length, 'node')} online`,
  );
}

/** Because of which somebody should look. */
function faultsOf(status: ClusterStatus): readonly string[] {
  const failures = status.vms.flatMap(vm => vm.failures).length;
  const unclean = status.nodes.filter(({ state }) => state === 'unclean').map(({ name }) => name);
  return [
    ...(status.hasQuorum ? [] : ['no quorum']),
    ...(isFenced(status) ? [] : ['no fencing']),
    ...(unclean.length > 0 ? [`unclean: ${unclean.join(', ')}`] : []),
    ...(failures > 0 ? [count(failures, 'failure')] : []),
  ];
}

const isFenced = ({ isFencingEnabled, devices }: ClusterStatus): boolean => isFencingEnabled && devices.length > 0;

const colourOf: Readonly<Record<NodeStatus['state'], string | undefined>> = {
  online: good,
  standby: doubtful,
  maintenance: doubtful,
  pending: doubtful,
  unclean: bad,
  offline: undefined,
};

const stateHints: Readonly<Record<NodeStatus['state'], string>> = {
  online: 'It may run VMs.',
  standby: 'It is in the cluster, but runs nothing.',
  maintenance: 'The cluster leaves alone what runs on it.',
  pending: 'It is just coming into the cluster.',
  unclean: 'Nobody knows what runs on it: nothing of it is started elsewhere before it was fenced.',
  offline: 'It is not in the cluster.',
};

function nodeRow(id: string, { name, state }: NodeStatus, { vms }: ClusterStatus, lab: TreeNode): TreeNode {
  const own = vms.filter(({ nodes }) => nodes.includes(name)).map(({ vm }) => vm);
  const colour = colourOf[state];
  return treeNode({
    id: `${id}/node/${name}`,
    label: name,
    description: joined(state, own.join(', ')),
    tooltip: lines(`Node ${name} is ${state}. ${stateHints[state]}`, own.length > 0 ? `VMs: ${own.join(', ')}` : ''),
    icon: { name: 'server', ...(colour === undefined ? {} : { colour }) },
    contextValue: 'cluster.node',
    thing: lab.thing,
  });
}

/** Where a VM is, in words: `started on left`. */
const placeWords = ({ role, nodes, isBlocked, isManaged }: VmResource): string =>
  joined(
    nodes.length > 0 ? `${role.toLowerCase()} on ${nodes.join(', ')}` : role.toLowerCase(),
    isBlocked ? 'blocked' : '',
    isManaged ? '' : 'unmanaged',
  );

function vmRow(id: string, resource: VmResource, lab: TreeNode): TreeNode {
  const { vm, failures, nodes, isBlocked, isManaged } = resource;
  const own = `${id}/vm/${vm}`;
  return treeNode({
    // Views keep a row closed that had none inside it when it came: with its first failure it is another row.
    id: failures.length > 0 ? `${own}/` : own,
    label: vm,
    description: joined(placeWords(resource), failures.length > 0 ? count(failures.length, 'failure') : ''),
    tooltip: lines(
      `Resource ${resource.resource}`,
      isBlocked ? 'The cluster cannot do what it should, as a stop failed and nobody can be fenced.' : undefined,
      isManaged ? undefined : 'The cluster leaves it alone.',
    ),
    icon: failures.length > 0 || isBlocked ? warning : vmIcon(nodes),
    contextValue: failures.length > 0 ? 'cluster.failed' : 'cluster.vm',
    isOpen: true,
    thing: lab.thing && { lab: lab.thing.lab, kind: 'vm', name: vm },
    children: failures.map(failure => failureRow(own, resource, failure, lab)),
  });
}

const vmIcon = (nodes: readonly string[]): NodeIcon =>
  nodes.length > 0 ? { name: 'circle-filled', colour: good } : { name: 'circle-outline' };

function failureRow(id: string, { vm }: VmResource, { node, count: times, last }: Failures, lab: TreeNode): TreeNode {
  const tries = times === Infinity ? 'not tried there again' : `${times}×`;
  return treeNode({
    id: `${id}/${node}`,
    label: node,
    description: joined(last, tries),
    tooltip: lines(
      `${vm} failed on ${node}${last === undefined ? '' : `: ${last}`} (${tries})`,
      `When the reason is gone: Clear Failures, or kvmlab ha clear ${vm}`,
    ),
    icon: { name: 'error', colour: bad },
    contextValue: 'cluster.failed',
    thing: lab.thing && { lab: lab.thing.lab, kind: 'vm', name: vm },
  });
}

function fencingRow(id: string, status: ClusterStatus, lab: TreeNode): TreeNode {
  const { isFencingEnabled, devices, fencings } = status;
  return treeNode({
    id: `${id}/fencing${fencings.length > 0 ? '/' : ''}`,
    label: 'Fencing',
    description: isFencingEnabled ? devices.join(', ') || 'no device' : 'off',
    tooltip: isFenced(status)
      ? 'A host that is gone is made sure to be dead before its VMs are started elsewhere.'
      : isFencingEnabled
        ? 'There is no fencing device, so nothing is started of a host that is gone.'
        : 'Fencing is off: a host that is only cut off would go on with its VMs while others start them too.',
    icon: isFenced(status) ? { name: 'shield' } : warning,
    contextValue: 'cluster.fencing',
    thing: lab.thing,
    children: fencings.map((event, at) => eventRow(`${id}/fencing/${at}`, event, lab)),
  });
}

const eventRow = (id: string, { target, action, outcome, completed }: FencingEvent, lab: TreeNode): TreeNode =>
  treeNode({
    id,
    label: target,
    description: joined(action, outcome, completed),
    tooltip: `${target} was to be fenced (${action}): ${outcome}`,
    icon:
      outcome === 'failed' ? { name: 'error', colour: bad } : { name: outcome === 'success' ? 'zap' : 'loading~spin' },
    contextValue: 'cluster.fencing',
    thing: lab.thing,
  });
