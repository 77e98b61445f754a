import type { ClusterStatus, VmResource } from '../cluster/cluster-status.ts';
import type { ConfigurationChange } from '../cluster/configuration.ts';
import { printable, renderTable } from './text-table.ts';

/** As of diff(1): lines that go have a minus, lines that come a plus. Of what changed, lines that stay have none. */
export const changeLines = (changes: readonly ConfigurationChange[]): readonly string[] =>
  changes.flatMap(({ kind, id, before, after }) => [
    `@@ ${kind}: ${id}`,
    ...before.map(line => `${after.includes(line) ? ' ' : '-'}${line}`).filter(line => line.startsWith('-')),
    ...after.map(line => `${before.includes(line) ? ' ' : '+'}${line}`),
  ]);

export function renderStatus(status: ClusterStatus): string {
  const { vms, nodes, fencings, devices } = status;
  const rows = vms.map(vm => [vm.vm, stateOf(vm), vm.nodes.join(', ') || '–', failureWords(vm)]);
  return [
    `${status.hasQuorum ? 'The cluster has quorum.' : 'The cluster has NO quorum: it starts nothing.'} ${
      status.isFencingEnabled && devices.length > 0 ? `Fencing: ${devices.join(', ')}.` : 'There is NO fencing.'
    }\n`,
    renderTable(
      ['NODE', 'STATE'],
      nodes.map(({ name, state }) => [name, state]),
    ),
    '\n',
    renderTable(['VM', 'STATE', 'ON', 'FAILURES'], rows),
    ...(vms.some(({ failures }) => failures.length > 0) ? ['When the reason is gone: kvmlab ha clear\n'] : []),
    ...(fencings.length > 0 ? ['\n'] : []),
    ...fencings.map(
      ({ target, action, outcome, completed }) =>
        `${printable(`${target} was fenced (${action}): ${outcome}${completed === undefined ? '' : `, ${completed}`}`)}\n`,
    ),
  ].join('');
}

const stateOf = ({ role, isManaged, isBlocked }: VmResource): string =>
  [role.toLowerCase(), ...(isBlocked ? ['blocked'] : []), ...(isManaged ? [] : ['unmanaged'])].join(', ');

const failureWords = ({ failures }: VmResource): string =>
  failures
    .map(({ node, count, last }) => `${node}: ${times(count)}${last === undefined ? '' : ` (${last})`}`)
    .join('; ');

const times = (count: number): string => (count === Infinity ? 'no more tries' : `${count}×`);

export const plainStatus = ({ hasQuorum, isFencingEnabled, devices, nodes, vms, fencings }: ClusterStatus) => ({
  ...{ quorum: hasQuorum, fencing: isFencingEnabled && devices.length > 0, nodes },
  vms: vms.map(vm => ({
    ...{ vm: vm.vm, state: vm.role.toLowerCase(), nodes: vm.nodes, managed: vm.isManaged, blocked: vm.isBlocked },
    failures: vm.failures.map(({ node, count, last }) => ({
      node,
      count: count === Infinity ? 1_000_000 : count,
      last,
    })),
  })),
  fencings,
});
