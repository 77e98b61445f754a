import { formatIp, hostMask, parseCidr } from './networks/cidr.ts';
import { yamlText } from './reading/yaml-text.ts';

/** What the questionnaire of a new lab asks for. */
export interface NewLab {
  readonly name: string;
  readonly description?: string;
  readonly switches: readonly NewSwitch[];
  readonly vms: readonly NewVm[];
  readonly wires?: readonly NewWire[];
}

export interface NewSwitch {
  readonly name: string;
  readonly network?: string;
  readonly description?: string;
  /** DHCP and NAT to the outside, without root; NICs on it ask for their address. */
  readonly isUplink?: boolean;
  /** If it needs more than the 31 that a switch has by itself. */
  readonly ports?: number;
}

export interface NewVm {
  readonly name: string;
  readonly id: number;
  /** One NIC for each, in this order. */
  readonly switches: readonly string[];
  readonly description?: string;
  /** It routes between its switches and is the gateway of the other VMs on them. */
  readonly isRouter?: boolean;
  /** VLAN of the first NIC. */
  readonly vlan?: number;
}

export interface NewWire {
  readonly between: readonly [string, string];
  readonly tagged: readonly number[];
}

/** The text of a new lab file, with tiny guests, that reads without problems if its names and IDs are good. */
export function newLab(answers: NewLab): string {
  const addresses = new AddressPool(answers);
  const lines = [
    `# A lab for KVM Lab: VMs, the switches that they plug into, and the wires between switches.`,
    `name: ${yamlText(answers.name)}`,
    ...(answers.description === undefined ? [] : [`description: ${yamlText(answers.description)}`]),
    `defaults: { memory: 96M } # enough for the tiny guest`,
    '',
    ...section('switches', answers.switches.map(switchLine)),
    '',
    ...section(
      'vms',
      answers.vms.flatMap(vm => vmLines(vm, addresses)),
    ),
  ];
  const wires = (answers.wires ?? []).map(wireLine);
  return [...lines, ...(wires.length === 0 ? [] : ['', 'wires: # switch to switch', ...wires]), ''].join('\n');
}

function section(key: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [`${key}: {}`] : [`${key}:`, ...lines];
}

function switchLine({ name, network, description, isUplink, ports }: NewSwitch): string {
  const keys = [
    ...(description === undefined ? [] : [`description: ${yamlText(description)}`]),
    ...(network === undefined ? [] : [`network: ${yamlText(network)}`]),
    ...(isUplink === true ? ['slirp: true'] : []),
    ...(ports === undefined ? [] : [`ports: ${ports}`]),
  ];
  return `  ${yamlText(name)}: {${keys.length === 0 ? '' : ` ${keys.join(', ')} `}}`;
}

function vmLines(vm: NewVm, addresses: AddressPool): readonly string[] {
  const id = 10_000 + vm.id;
  const gateway = addresses.gatewayOf(vm);
  return [
    `  ${yamlText(vm.name)}:`,
    `    id: ${vm.id} # serial console on port ${id}, monitor on ${id + 10_000}, and the MACs`,
    ...(vm.description === undefined ? [] : [`    description: ${yamlText(vm.description)}`]),
    `    guest: tiny # configures itself from this entry; give "disks:" instead for a system of yours`,
    ...(vm.isRouter === true ? ['    forward: true # it routes between its NICs'] : []),
    ...(gateway === undefined ? [] : [`    gateway: ${yamlText(gateway)}`]),
    ...section(
      'nics',
      vm.switches.map((name, index) => nicLine(vm, name, index, addresses)),
    ).map(line => `    ${line}`),
  ];
}

function nicLine(vm: NewVm, name: string, index: number, addresses: AddressPool): string {
  const address = addresses.of(vm, name);
  const keys = [
    `switch: ${yamlText(name)}`,
    ...(address === undefined ? [] : [`address: ${yamlText(address)}`]),
    ...(vm.vlan === undefined || index > 0 ? [] : [`vlan: ${vm.vlan}`]),
  ];
  return `  - { ${keys.join(', ')} }`;
}

const wireLine = ({ between: [from, to], tagged }: NewWire): string =>
  `  - { between: [${yamlText(from)}, ${yamlText(to)}]${tagged.length === 0 ? '' : `, tagged: [${tagged.join(', ')}]`} }`;

/** Gives out .1, .2, … of each network: routers first, so that they have the low addresses. */
class AddressPool {
  private readonly addresses = new Map<string, string>();
  private readonly routers = new Map<string, string>();
  private readonly uplinks: ReadonlySet<string>;

  constructor({ switches, vms }: NewLab) {
    this.uplinks = new Set(switches.filter(one => one.isUplink === true).map(({ name }) => name));
    const networks = new Map(
      switches.map(({ name, network }) => [name, network === undefined ? undefined : parseCidr(network)]),
    );
    // By network, not by switch: a wire may join two switches of one network.
    const used = new Map<string, bigint>();
    for (const vm of [...vms.filter(isRouter), ...vms.filter(one => !isRouter(one))]) {
      for (const name of new Set(vm.switches)) {
        const network = networks.get(name);
        if (!network || this.uplinks.has(name)) continue;
        const key = formatIp(network);
        const host = (used.get(key) ?? 0n) + 1n;
        if (host >= hostMask(network)) continue;
        used.set(key, host);
        const ip = formatIp({ ...network, value: network.value + host });
        this.addresses.set(`${vm.name} ${name}`, `${ip}/${network.prefix}`);
        if (isRouter(vm) && !this.routers.has(name)) this.routers.set(name, ip);
      }
    }
  }

  of(vm: NewVm, name: string): string | undefined {
    return this.uplinks.has(name) ? 'dhcp' : this.addresses.get(`${vm.name} ${name}`);
  }

  /** The first router on one of its switches; routers know their own networks. */
  gatewayOf(vm: NewVm): string | undefined {
    if (isRouter(vm)) return undefined;
    return vm.switches.map(name => this.routers.get(name)).find(router => router !== undefined);
  }
}

const isRouter = (vm: NewVm): boolean => vm.isRouter === true;
