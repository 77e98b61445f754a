import { vmOfResource } from './lab-resources.ts';
import { below, type XmlElement } from './xml.ts';

/** What a cluster would do, as `crm_simulate --output-as=xml` works it out. */
export interface Simulation {
  /** Nodes that would be fenced. */
  readonly fenced: readonly string[];
  readonly vms: readonly SimulatedVm[];
}

interface SimulatedVm {
  readonly vm: string;
  /** Where it runs before; undefined: nowhere. */
  readonly from: string | undefined;
  /** Where it runs afterwards; undefined: nowhere. */
  readonly to: string | undefined;
  /** Why something would not be done: `no quorum`. */
  readonly blocked: string | undefined;
}

/** Undefined: it is nothing that crm_simulate prints. */
export function readSimulation(root: XmlElement, lab: string): Simulation | undefined {
  const [before, after] = ['cluster_status', 'revised_cluster_status'].map(name => placesIn(root, name));
  if (!before || !after || below(root, 'revised_cluster_status').length === 0) return undefined;
  const actions = below(root, 'actions', 'rsc_action');
  return {
    fenced: below(root, 'transition', 'fencing_action').map(({ attributes }) => attributes['target'] ?? ''),
    vms: [...after.keys()].flatMap(resource => {
      const vm = vmOfResource(lab, resource);
      if (vm === undefined) return [];
      const blocked = actions.find(
        ({ attributes }) => attributes['resource'] === resource && attributes['blocked'] === 'true',
      );
      const reason = blocked && (blocked.attributes['reason'] ?? 'it is blocked');
      return [{ vm, from: before.get(resource), to: after.get(resource), blocked: reason }];
    }),
  };
}

const placesIn = (root: XmlElement, part: string): ReadonlyMap<string, string | undefined> =>
  new Map(
    below(root, part, 'resources', 'resource').map(resource => [
      resource.attributes['id'] ?? '',
      below(resource, 'node')[0]?.attributes['name'],
    ]),
  );

/** In words, for people: one line each. `host` has died. */
export function simulationWords(host: string, { fenced, vms }: Simulation): readonly string[] {
  const others = fenced.filter(node => node !== host);
  const first = fenced.includes(host)
    ? `${host} would be fenced, and only then would anything go on.`
    : `${host} would not be fenced. Whatever ran there would not be started anywhere else.`;
  const more = others.length > 0 ? [`These would be fenced too: ${others.join(', ')}.`] : [];
  return [first, ...more, ...vms.map(vm => vmWords(host, vm))];
}

function vmWords(host: string, { vm, from, to, blocked }: SimulatedVm): string {
  const why = blocked === undefined ? '' : ` (${blocked})`;
  if (to === undefined) return `${vm} would run nowhere${why}.`;
  if (from === host) return `${vm} would be started on ${to}, from its disk.`;
  if (from === undefined) return `${vm} does not run now, and would be started on ${to}${why}.`;
  return from === to ? `${vm} would go on on ${to}.` : `${vm} would move from ${from} to ${to}.`;
}
