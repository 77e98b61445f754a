import type { NicModel } from '../../lab/model.ts';
import type { CommandOption } from '../../qemu/command-line.ts';
import { readOptionList, readOptionPairs } from '../../qemu/option-list.ts';
import type { ImportedNetwork, VmDraft } from './draft.ts';

type Pairs = readonly (readonly [key: string, value: string])[];

/** One end of a network in QEMU: `-netdev`, the second half of `-nic`, an old `-net`. */
interface Backend {
  readonly type: string;
  readonly pairs: Pairs;
  readonly options: ReadonlyMap<string, string>;
}

/** Network cards and what they are plugged into. */
export class NicImport {
  private readonly draft: VmDraft;
  private readonly netdevs: readonly Backend[];
  private readonly nets: readonly Backend[];
  private readonly used = new Set<string>();
  private hasNetworkOption = false;

  constructor(draft: VmDraft, options: readonly CommandOption[]) {
    const all = (wanted: string): readonly Backend[] =>
      options.flatMap(({ name, value = '' }) => (name === wanted ? [backendOf(value)] : []));
    this.draft = draft;
    this.netdevs = all('netdev');
    this.nets = all('net').filter(({ type }) => type !== 'nic' && type !== 'none');
    for (const id of usedIds(options)) this.use(id);
  }

  take(option: CommandOption): boolean {
    const { name, value = '' } = option;
    if (name === 'netdev') return this.netdev(option, value);
    if (name === 'device') return this.device(option, value);
    if (name !== 'nic' && name !== 'net') return false;
    this.hasNetworkOption = true;
    const { type, options, pairs } = backendOf(value);
    if (type === 'none') this.draft.note('common', option.words, 'no NIC');
    else if (name === 'nic') this.nic(option, { type, options, pairs }, options.get('model'), options.get('mac'));
    else if (type === 'nic') {
      const id = options.get('netdev');
      this.nic(option, id === undefined ? this.nets[0] : this.behind(id), options.get('model'), options.get('macaddr'));
    } else this.draft.note('key', option.words, 'what the NICs are plugged into');
    return true;
  }

  /** QEMU gives a machine without any of these options a NIC of its own. */
  finish(hasDefaults: boolean): void {
    if (!hasDefaults || this.hasNetworkOption) return;
    const backend: Backend = { type: 'user', pairs: [], options: new Map() };
    this.draft.nics.push({ network: this.network(backend, []), mac: undefined, model: 'e1000', port: undefined });
    this.draft.note('key', [], 'nics: the card that QEMU adds by itself (e1000 on its user network)');
  }

  private netdev(option: CommandOption, value: string): boolean {
    this.hasNetworkOption = true;
    const id = readOptionList(value, 'type').get('id') ?? '';
    if (this.used.has(id)) this.draft.note('key', option.words, 'what a NIC is plugged into');
    else this.draft.addExtra(option.words);
    return true;
  }

  private device(option: CommandOption, value: string): boolean {
    const device = readOptionList(value, 'driver');
    const id = device.get('netdev');
    if (id === undefined) return false;
    this.hasNetworkOption = true;
    this.nic(option, this.behind(id), device.get('driver'), device.get('mac'));
    const lost = [...device.keys()].filter(key => !/^(driver|netdev|id|mac|romfile)$/.test(key));
    if (lost.length > 0) this.draft.note('lost', option.words, `of this NIC: ${lost.join(', ')}`);
    return true;
  }

  private nic(
    { words }: CommandOption,
    backend: Backend | undefined,
    card: string | undefined,
    mac: string | undefined,
  ): void {
    const model = modelOf(card ?? 'e1000');
    if (!backend) {
      this.draft.note('lost', words, 'a NIC that is plugged into nothing');
      return;
    }
    const network = this.network(backend, words);
    const port = backend.type === 'vde' ? portOf(backend) : undefined;
    this.draft.nics.push({ network, mac: mac?.toLowerCase(), model, port });
    this.draft.note('key', words, `nics: a NIC on ${network.name}`);
    if (model === undefined)
      this.draft.note('lost', words, `the model ${card ?? ''}: the NIC gets the default of the lab`);
  }

  /** Straight, or through a hub of QEMU's: all its ports are one wire. */
  private behind(id: string): Backend | undefined {
    const netdev = this.netdevs.find(({ options }) => options.get('id') === id);
    if (netdev?.type !== 'hubport') return netdev;
    return this.hubPlugs(netdev).find(({ type }) => type !== 'hubport');
  }

  private hubPlugs(port: Backend): readonly Backend[] {
    const hub = port.options.get('hubid');
    const ports = this.netdevs.filter(
      one => one !== port && one.type === 'hubport' && one.options.get('hubid') === hub,
    );
    return ports.flatMap(
      one => this.netdevs.find(({ options }) => options.get('id') === one.options.get('netdev')) ?? [],
    );
  }

  /** With the hub and what is on it. */
  private use(id: string): void {
    if (this.used.has(id)) return;
    this.used.add(id);
    const port = this.netdevs.find(({ options }) => options.get('id') === id);
    if (port?.type !== 'hubport') return;
    const hub = port.options.get('hubid');
    for (const { type, options } of this.netdevs) {
      if (type !== 'hubport' || options.get('hubid') !== hub) continue;
      this.used.add(options.get('id') ?? '');
      this.used.add(options.get('netdev') ?? '');
    }
  }

  private network({ type, options, pairs }: Backend, words: readonly string[]): ImportedNetwork {
    if (type === 'vde') return vdeNetwork(options.get('sock') ?? '');
    if (type === 'user') return this.uplink(pairs, words);
    const address = ['mcast', 'listen', 'connect', 'ifname', 'br']
      .map(key => options.get(key))
      .find(one => one !== undefined);
    const name = options.get('ifname') ?? options.get('br') ?? (type === 'bridge' ? 'br0' : 'net');
    this.draft.note(
      'lost',
      words,
      `its network (${type}${address === undefined ? '' : ` ${address}`}): a switch of the lab stands for it`,
    );
    return { key: `${type} ${address ?? ''}`, name, uplink: undefined };
  }

  private uplink(pairs: Pairs, words: readonly string[]): ImportedNetwork {
    const forward: string[] = [];
    for (const [key, value] of pairs) {
      const read = key === 'hostfwd' ? forwardOf(value) : undefined;
      if (read) forward.push(read);
      else if (key === 'hostfwd' || !/^(type|id|net|model|mac)$/.test(key))
        this.draft.note('lost', words, `of the user network: ${key}=${value}`);
      if (key === 'hostfwd' && read?.includes(' 127.0.0.1:') === true && !value.includes('127.0.0.1'))
        this.draft.note('lost', words, `${value} listened on all addresses of this host; now on 127.0.0.1 alone`);
    }
    const net = pairs.find(([key]) => key === 'net')?.[1];
    return { key: 'user', name: 'inet', uplink: { forward, network: net } };
  }
}

function backendOf(text: string): Backend {
  const pairs = readOptionPairs(text, 'type');
  const options = new Map(pairs);
  return { type: options.get('type') ?? '', pairs, options };
}

/** Of netdevs that a NIC hangs on. */
const usedIds = (options: readonly CommandOption[]): readonly string[] =>
  options.flatMap(({ name, value = '' }) =>
    name === 'device' || name === 'net' ? (readOptionList(value, 'driver').get('netdev') ?? []) : [],
  );

const models: ReadonlyMap<string, NicModel> = new Map<string, NicModel>([
  ['virtio', 'virtio'],
  ['virtio-net', 'virtio'],
  ['virtio-net-pci', 'virtio'],
  ...(['e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet', 'vmxnet3'] as const).map(one => [one, one] as const),
]);

const modelOf = (card: string): NicModel | undefined => models.get(card);

/** `port=3`, or as a part of the address: `switch[3]`. */
function portOf({ options }: Backend): number | undefined {
  const port = Number(options.get('port') ?? /\[(\d+)\]$/.exec(options.get('sock') ?? '')?.[1] ?? 0);
  return port > 0 && port <= 4095 ? port : undefined;
}

/** The folder or socket of a switch names it. */
function vdeNetwork(socket: string): ImportedNetwork {
  const path = socket.replace(/\[\d+\]$/, '').replace(/^vde:\/\//, '');
  const last =
    path
      .replace(/\/+ctl$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) ?? '';
  return { key: `vde ${path}`, name: last.replace(/^switch-/, '').replace(/\.ctl$/, '') || 'vde', uplink: undefined };
}

/** `tcp::2222-:22`, as a lab file writes it. Undefined: to a host name or a socket. */
function forwardOf(text: string): string | undefined {
  const [, protocol = 'tcp', host, port, guest, guestPort] =
    /^(?:(tcp|udp))?:([\d.]+)?:(\d{1,5})-([\d.]+)?:(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined) return undefined;
  return `${protocol} ${host ?? '127.0.0.1'}:${port} ${guest ?? '10.0.2.15'}:${guestPort ?? ''}`;
}
