import { hostOf, hostsOf, hostWords } from '../lab/hosts/lab-part.ts';
import type { Lab, Nic, Switch, Vm } from '../lab/model.ts';
import { displayPort, monitorPort, serialPort } from '../lab/networks/addressing.ts';
import { contains, formatCidr, networkOf, parseCidr, parseIp } from '../lab/networks/cidr.ts';
import { uplinkLines, uplinkWords } from '../lab/uplink.ts';
import { explainVm } from '../script/explain.ts';
import { beside, bullets, codeMarkdown as code, paragraphs, plainMarkdown as plain } from './markdown.ts';

/** What is known beyond the lab file. States are words, such as `running`; undefined: nobody has looked. */
export interface HoverFacts {
  readonly lab: Lab | undefined;
  readonly vmState: (name: string) => string | undefined;
  readonly switchState: (name: string) => string | undefined;
  /** How many ports of a switch that runs have somebody plugged in now. Undefined: it does not run, or does not answer. */
  readonly livePorts: (name: string) => Promise<number | undefined>;
}

/** Longer lists would fill the screen. */
const mostLines = 12;

/** Undefined: the lab, as it was read last, has no such VM. The first one stands for a row. */
export function vmCard(name: string, facts: HoverFacts): string | undefined {
  const { lab } = facts;
  const vm = vmOf(lab, name);
  if (!lab || !vm) return undefined;
  const { id, origin } = vm;
  const isInherited = (key: string | undefined): boolean => ['memory', 'cpus', 'accel', 'vnc'].includes(key ?? '');
  return paragraphs(
    beside(
      `**VM ${plain(vm.name)}**`,
      facts.vmState(vm.name),
      placeWords([hostOf(vm)]),
      id === undefined ? 'no ID' : `ID ${id}`,
    ),
    vm.description && plain(vm.description),
    origin?.row && `The first of a row of ${origin.row.count}.`,
    origin?.template &&
      `Extends ${code(origin.template.name)}: ${origin.template.keys.map(code).join(', ') || 'nothing'}.`,
    id === undefined ? undefined : bullets(consoles(vm, id)),
    listed(vm.nics.map(nic => nicLine(nic, facts))),
    bullets(
      explainVm(lab, vm.name)
        .filter(({ key }) => isInherited(key))
        .map(({ key, value, origin: from }) => `${key} ${code(value)}, ${plain(from)}`),
    ),
  );
}

/** Of VMs and switches of other hosts only. */
function placeWords(hosts: readonly string[]): string | undefined {
  const words = hostWords(hosts);
  return words && plain(words);
}

const consoles = ({ vnc }: Vm, id: number): readonly string[] => [
  `serial console ${code(`localhost:${serialPort(id)}`)}`,
  `monitor ${code(`localhost:${monitorPort(id)}`)}`,
  ...(vnc ? [`display (VNC) ${code(`localhost:${displayPort(id)}`)}`] : []),
];

/** The VM of this name, or the first of the row that has it. */
export const vmOf = (lab: Lab | undefined, name: string): Vm | undefined =>
  lab?.vms.find(vm => vm.name === name) ?? lab?.vms.find(vm => vm.origin?.row?.name === name);

/** `NIC 1: 52:54:00:00:1f:01 · switch lan port 2 · running · 192.168.10.1/24` */
export function nicLine(nic: Nic, { switchState }: HoverFacts): string {
  return `NIC ${nic.number}: ${beside(
    nic.mac === undefined ? undefined : code(nic.mac),
    `switch ${plain(nic.switch)}${nic.port === undefined ? '' : ` port ${nic.port}`}`,
    switchState(nic.switch),
    nic.vlan === undefined ? undefined : `VLAN ${nic.vlan}`,
    ...nic.addresses.map(code),
    ...nic.tagged.map(({ vlan, addresses }) => [`tagged ${vlan}`, ...addresses.map(code)].join(' ')),
  )}`;
}

/** Undefined: the lab has no such switch. */
export async function switchCard(name: string, facts: HoverFacts): Promise<string | undefined> {
  const one = facts.lab?.switches.find(other => other.name === name);
  if (!facts.lab || !one) return undefined;
  const live = await facts.livePorts(name);
  const nics = facts.lab.vms.flatMap(vm => vm.nics.filter(nic => nic.switch === name).map(nic => ({ vm, nic })));
  return paragraphs(
    beside(
      `**Switch ${plain(name)}**`,
      facts.switchState(name),
      placeWords(hostsOf(one)),
      one.network === undefined ? undefined : code(one.network),
    ),
    one.description && plain(one.description),
    beside(`${one.ports} ports`, live === undefined ? undefined : `${live} in use now`, ...switchWords(one)),
    listed(uplinkLines(one).map(plain)),
    listed(nics.map(({ vm, nic }) => `${plain(vm.name)}, ${nicLine(nic, facts)}`)),
  );
}

const switchWords = ({ vlans, slirp, tap, stp }: Switch): readonly string[] => [
  ...(vlans.length === 0 ? [] : [`VLAN ${vlans.join(', ')}`]),
  ...(slirp ? [uplinkWords(slirp)] : []),
  ...(tap ? [`this host joins in as ${plain(tap.interface)}`] : []),
  ...(stp ? ['spanning tree'] : []),
];

export function groupCard(name: string, { lab, vmState }: HoverFacts): string | undefined {
  const group = lab?.groups.find(one => one.name === name);
  return group && paragraphs(`**Group ${plain(name)}**`, listed(group.vms.map(vm => beside(plain(vm), vmState(vm)))));
}

export function templateCard(name: string, { lab }: HoverFacts): string | undefined {
  const users = (lab?.vms ?? []).filter(({ origin }) => origin?.template?.name === name);
  return paragraphs(
    `**Template ${plain(name)}**`,
    users.length === 0 ? 'No VM extends it.' : `Extended by ${users.length} VM${users.length === 1 ? '' : 's'}:`,
    listed(users.map(vm => plain(vm.name))),
  );
}

/** The network that an address lies in, and who else does. Undefined: it is no address. */
export function addressCard(text: string, { lab }: HoverFacts): string | undefined {
  const address = parseCidr(text) ?? parseIp(text);
  if (!address) return undefined;
  const networks = (lab?.switches ?? []).flatMap(({ name, network }) => {
    const cidr = parseCidr(network ?? '');
    return cidr && contains(cidr, address) ? [{ name, cidr: networkOf(cidr) }] : [];
  });
  const network = networks[0]?.cidr ?? networkOf(address);
  const owners = (lab?.vms ?? []).flatMap(vm =>
    vm.nics.flatMap(nic =>
      [...nic.addresses, ...nic.tagged.flatMap(tagged => tagged.addresses)].flatMap(one => {
        const other = parseCidr(one);
        return other && contains(network, other) ? [`${code(one)} ${plain(vm.name)}, NIC ${nic.number}`] : [];
      }),
    ),
  );
  const names = networks.map(({ name }) => plain(name)).join(', ');
  return paragraphs(
    `Network ${code(formatCidr(network))}${names === '' ? '' : `, switch ${names}`}`,
    owners.length === 0 ? 'No VM has an address in it.' : listed(owners),
  );
}

function listed(items: readonly string[]): string {
  const more = items.length - mostLines;
  return bullets(more > 0 ? [...items.slice(0, mostLines), `and ${more} more`] : items);
}
