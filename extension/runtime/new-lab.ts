import { freeId } from '../lab/free-id.ts';
import { byteLength, isSafeName, longestName } from '../lab/names.ts';

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

export interface LabTemplate {
  readonly label: string;
  readonly description: string;
  readonly plan: Omit<LabPlan, 'name'>;
}

export const labTemplates: readonly LabTemplate[] = [
  {
    label: 'Two VMs on one switch',
    description: 'the smallest lab that can ping',
    plan: { networks: 1, vmsPerNetwork: 2, hasRouter: false, hasUplink: false },
  },
  {
    label: 'A router between two networks',
    description: 'a VM on each side; the way leads through the router',
    plan: { networks: 2, vmsPerNetwork: 1, hasRouter: true, hasUplink: false },
  },
  {
    label: 'VMs with a way out',
    description: 'two VMs that reach the internet by NAT, without root',
    plan: { networks: 1, vmsPerNetwork: 2, hasRouter: false, hasUplink: true },
  },
];

/** How many IDs a lab of this plan needs. */
export const vmCount = (plan: LabPlan): number => plan.networks * plan.vmsPerNetwork + (plan.hasRouter ? 1 : 0);

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
  const networks = Array.from({ length: plan.networks }, (_, index) => networkOf(plan, index));
  const router = plan.hasRouter ? routerLines(plan, networks, left.shift()) : [];
  const vms = networks.flatMap(network =>
    Array.from({ length: plan.vmsPerNetwork }, (_, index) => vmLines(plan, network, index, left.shift())).flat(),
  );
  return [
    `name: ${plan.name}`,
    '',
    'switches:',
    ...networks.map(({ name, prefix }) => `  ${name}: { network: ${prefix}.0/24${ports(plan.vmsPerNetwork + 1)} }`),
    ...(plan.hasUplink ? uplinkLines(plan) : []),
    '',
    '# The ID of a VM gives its console (port 10000 + ID), monitor (20000 + ID) and MAC addresses.',
    'vms:',
    ...router,
    ...vms,
    '',
  ].join('\n');
}

/** How many networks, and VMs on each, can be asked for: an uplink has addresses for about 240 VMs. */
export const mostNetworks = 10;
export const mostVmsPerNetwork = 20;

function uplinkLines(plan: LabPlan): readonly string[] {
  const plugged = plan.hasRouter ? 1 : vmCount(plan);
  return [
    '  # DHCP and NAT to the outside, without root.',
    `  inet: { network: 10.0.2.0/24, slirp: true${ports(plugged + 1)} }`,
  ];
}

/** A switch has 31 ports unless told otherwise. */
const ports = (needed: number): string => (needed > 31 ? `, ports: ${needed}` : '');

interface Network {
  readonly name: string;
  /** `192.168.10` of 192.168.10.0/24. */
  readonly prefix: string;
}

const networkOf = ({ networks }: LabPlan, index: number): Network => ({
  name: networks === 1 ? 'lan' : `lan${index + 1}`,
  prefix: `192.168.${(index + 1) * 10}`,
});

function routerLines(plan: LabPlan, networks: readonly Network[], id: number | undefined): readonly string[] {
  return [
    '  router:',
    `    id: ${id}`,
    '    guest: tiny # or: disks: [images/router.qcow2]',
    '    forward: true',
    '    nics:',
    ...networks.map(({ name, prefix }) => `      - { switch: ${name}, address: ${prefix}.1/24 }`),
    ...(plan.hasUplink
      ? [
          '      # For the VMs behind it to get out, the router has to translate addresses (NAT); the tiny guest cannot.',
          '      - { switch: inet, address: dhcp }',
        ]
      : []),
  ];
}

function vmLines(plan: LabPlan, network: Network, index: number, id: number | undefined): readonly string[] {
  const name = plan.networks === 1 ? `vm${index + 1}` : `${network.name}-vm${index + 1}`;
  return [
    `  ${name}:`,
    `    id: ${id}`,
    '    guest: tiny',
    ...(plan.hasRouter ? [`    gateway: ${network.prefix}.1`] : []),
    '    nics:',
    `      - { switch: ${network.name}, address: ${network.prefix}.${index + 11}/24 }`,
    ...(plan.hasUplink && !plan.hasRouter ? ['      - { switch: inet, address: dhcp }'] : []),
  ];
}
