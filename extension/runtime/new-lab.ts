import { freeId } from '../lab/free-id.ts';
import { byteLength, isSafeName, longestName } from '../lab/names.ts';
import { newLab, type NewSwitch } from '../lab/template.ts';

/** What the questionnaire for a new lab asks. */
export interface LabPlan {
  readonly name: string;
  readonly networks: number;
  readonly vmsPerNetwork: number;
  /** A VM that routes between the networks, with a NIC on each. */
  readonly hasRouter: boolean;
  /** A way out by DHCP and NAT, without root. */
  readonly hasUplink: boolean;
}

/** How many IDs a lab of this plan needs. */
export const vmCount = (plan: Omit<LabPlan, 'name'>): number =>
  plan.networks * plan.vmsPerNetwork + (plan.hasRouter ? 1 : 0);

/** The lowest IDs that nobody uses; fewer than wanted if there are not enough. */
export function freeIds(used: Iterable<number>, wanted: number): readonly number[] {
  const taken = new Set(used);
  const free: number[] = [];
  for (let id = freeId(taken); id !== undefined && free.length < wanted; id = freeId(taken)) {
    free.push(id);
    taken.add(id);
  }
  return free;
}

/** Why this cannot be the name of a lab; undefined if it can. */
export function labNameProblem(name: string): string | undefined {
  if (name === '') return 'A lab needs a name.';
  if (!isSafeName(name)) return 'Letters, digits, "_", "-" and "." only; the first one a letter, digit or "_".';
  return byteLength(name) > longestName ? `At most ${longestName} characters.` : undefined;
}

/** The text of a new lab file. IDs are given to the VMs in order; there have to be enough of them. */
export function newLabText(plan: LabPlan, ids: readonly number[]): string {
  const left = [...ids];
  const nextId = (): number => left.shift() ?? 0;
  const networks = Array.from({ length: plan.networks }, (_, index) => networkOf(plan, index));
  const uplink = plan.hasUplink ? [uplinkName] : [];
  const router = { name: 'router', switches: [...networks.map(({ name }) => name), ...uplink], isRouter: true };
  const routers = plan.hasRouter ? [{ ...router, id: nextId() }] : [];
  const vms = networks.flatMap(({ name }) =>
    Array.from({ length: plan.vmsPerNetwork }, (_, index) => ({
      name: plan.networks === 1 ? `vm${index + 1}` : `${name}-vm${index + 1}`,
      id: nextId(),
      switches: plan.hasRouter ? [name] : [name, ...uplink],
    })),
  );
  return newLab({ name: plan.name, switches: [...networks, ...uplinkOf(plan)], vms: [...routers, ...vms] });
}

/** How many networks, and VMs on each, can be asked for: an uplink has addresses for about 240 VMs. */
export const mostNetworks = 10;
export const mostVmsPerNetwork = 20;

const uplinkName = 'inet';

function uplinkOf(plan: LabPlan): readonly NewSwitch[] {
  if (!plan.hasUplink) return [];
  const description = 'DHCP and NAT to the outside, without root';
  const plugged = plan.hasRouter ? 1 : vmCount(plan);
  return [{ name: uplinkName, description, network: '10.0.2.0/24', isUplink: true, ...ports(plugged + 1) }];
}

/** A switch has 31 ports unless told otherwise. */
const ports = (needed: number): { readonly ports?: number } => (needed > 31 ? { ports: needed } : {});

const networkOf = ({ networks }: LabPlan, index: number): NewSwitch => ({
  name: networks === 1 ? 'lan' : `lan${index + 1}`,
  network: `192.168.${(index + 1) * 10}.0/24`,
});
