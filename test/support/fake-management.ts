import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import { UserError } from '../../extension/base/user-error.ts';
import type { ManagementDialer, ManagementListener } from '../../extension/runtime/host.ts';
import type { ManagementAnswer } from '../../extension/vde/management.ts';
import type { SwitchNews } from '../../extension/vde/switch-news.ts';

interface FakePort {
  vlan: number;
  isAllocatable: boolean;
  received: number;
  sent: number;
  /** As `port/print` describes them. */
  endpoints: string[];
}

/** A vde_switch in memory: ports and VLANs in the words and with the codes of the real one. */
export class FakeVdeSwitch {
  readonly ports = new Map<number, FakePort>();
  readonly vlans = new Map<number, Set<number>>([[0, new Set()]]);
  /** MAC, VLAN and port. */
  readonly hash: (readonly [mac: string, vlan: number, port: number])[] = [];
  /** Every command that came. */
  readonly commands: string[] = [];
  numports = 32;
  isHub = false;
  hasStp = false;
  priority = 32_768;
  /** `VLAN/PORT` of each edge port. */
  readonly edges = new Set<string>();
  /** Port by which this switch reaches the root of its trees; without, it is the root itself. */
  rootPort: number | undefined;

  /** A port, plugged in if endpoints are given. */
  port(number: number, parts: Partial<FakePort> = {}): this {
    this.ports.set(number, { vlan: 0, isAllocatable: false, received: 0, sent: 0, endpoints: [], ...parts });
    return this;
  }

  vlan(vlan: number, ...tagged: readonly number[]): this {
    this.vlans.set(vlan, new Set(tagged));
    return this;
  }

  answer(line: string): ManagementAnswer {
    this.commands.push(line);
    const [path = '', ...words] = line.split(' ');
    const [first = 0, second = 0, third = 0] = words.map(Number);
    // Without a number: all ports.
    if (path === 'port/allprint' && words.length > 0) return this.printOne(first);
    const print = this.print(path);
    if (print !== undefined) return { code: 1000, text: 'Success', data: print };
    const code = this.change(path, first, second, third);
    return { code, text: code === 1000 ? 'Success' : 'No such device or address', data: '' };
  }

  private printOne(number: number): ManagementAnswer {
    const port = this.ports.get(number);
    if (port) return { code: 1000, text: 'Success', data: printPort(number, port) };
    return { code: 1006, text: 'No such device or address', data: '' };
  }

  private print(path: string): string | undefined {
    const prints: Readonly<Record<string, () => string>> = {
      'port/allprint': () => [...this.ports].map(([number, port]) => printPort(number, port)).join(''),
      'vlan/allprint': () => [...this.vlans].map(([vlan, tagged]) => this.printVlan(vlan, tagged)).join(''),
      'hash/print': () => this.hash.map(printHash).join(''),
      'port/showinfo': () => `Numports=${this.numports}\nHUB=${this.isHub}\ncounters=true\n`,
      'fstp/showinfo': () => `MAC 00:ff:00:e7:14:44 Priority ${this.priority} (0x8000)\nFSTP=${this.hasStp}\n`,
      'fstp/print': () => [...this.vlans.keys()].map(vlan => this.printTree(vlan)).join(''),
    };
    return prints[path]?.();
  }

  private change(path: string, first: number, second: number, third: number): number {
    const changes: Readonly<Record<string, () => number>> = {
      'vlan/create': () => this.create(this.vlans.has(first), first <= 4093, first, () => this.vlan(first)),
      'vlan/remove': () => (this.vlans.delete(first) ? 1000 : 1006),
      'vlan/addport': () => this.onPort(second, first, (_port, tags) => void tags.add(second)),
      // Refused for the port's untagged VLAN, as the real one does.
      'vlan/delport': () =>
        this.ports.get(second)?.vlan === first
          ? 1098
          : this.onPort(second, first, (_port, tags) => void tags.delete(second)),
      'port/create': () => this.create(this.ports.has(first), first < this.numports, first, () => this.port(first)),
      'port/setvlan': () =>
        this.onPort(first, second, (port, tags) => {
          port.vlan = second;
          tags.delete(first);
        }),
      'port/allocatable': () => this.onPort(first, 0, port => (port.isAllocatable = second === 1)),
      'port/setnumports': () => (this.numports = first) && 1000,
      'fstp/setfstp': () => {
        this.hasStp = first === 1;
        return 1000;
      },
      'fstp/setedge': () => this.onPort(second, first, () => this.setEdge(`${first}/${second}`, third === 1)),
    };
    return changes[path]?.() ?? 1038;
  }

  private create(isThere: boolean, isInRange: boolean, number: number, make: () => void): number {
    if (isThere) return 1017;
    if (!isInRange || number < 1) return 1022;
    make();
    return 1000;
  }

  private onPort(number: number, vlan: number, change: (port: FakePort, tags: Set<number>) => void): number {
    const [port, tags] = [this.ports.get(number), this.vlans.get(vlan)];
    if (!port || !tags) return 1006;
    change(port, tags);
    return 1000;
  }

  private setEdge(port: string, isEdge: boolean): void {
    if (isEdge) this.edges.add(port);
    else this.edges.delete(port);
  }

  private printTree(vlan: number): string {
    const isIn = ([number, port]: readonly [number, FakePort]): boolean =>
      port.endpoints.length > 0 && (port.vlan === vlan || this.vlans.get(vlan)?.has(number) === true);
    const lines = [...this.ports].filter(isIn).map(([number, port]) => {
      const usual = number === this.rootPort ? 'Root' : 'Designated';
      const role = this.edges.has(`${vlan}/${number}`) ? 'Edge' : usual;
      return ` -- Port ${digits(number)} tagged=${port.vlan === vlan ? 0 : 1} portcost=20000000 role=${role}\n`;
    });
    const state = `${this.rootPort === undefined ? ' ROOTSWITCH' : ' '}${this.hasStp ? ' ' : ' FSTP IS DISABLED'}`;
    const root = ` ++ root 10:00:00:ff:00:e7:14:44\n ++ designated 10:00:00:ff:00:e7:14:44\n`;
    const way = ` ++ rootport ${digits(this.rootPort ?? 0)} cost 0 age 0 bonusport 0000 bonuscost 0\n`;
    return `FST DATA VLAN ${digits(vlan)}${state}\n${root}${way}${lines.join('')}`;
  }

  private printVlan(vlan: number, tagged: ReadonlySet<number>): string {
    const untagged = [...this.ports].filter(([, port]) => port.vlan === vlan).map(([number]) => [number, 0] as const);
    const all = [...untagged, ...[...tagged].map(number => [number, 1] as const)].sort((a, b) => a[0] - b[0]);
    const lines = all.map(([number, tag]) => {
      const active = this.ports.get(number)?.endpoints.length === 0 ? 0 : 1;
      return ` -- Port ${digits(number)} tagged=${tag} active=${active} status=${active ? 'Forwarding' : 'Learning'}\n`;
    });
    return `VLAN ${digits(vlan)}\n${lines.join('')}`;
  }
}

const digits = (number: number): string => String(number).padStart(4, '0');

function printPort(number: number, { vlan, isAllocatable, received, sent, endpoints }: FakePort): string {
  const state = endpoints.length > 0 ? 'ACTIVE' : 'INACTIVE';
  const user = endpoints.length > 0 ? 'u' : 'NONE';
  return [
    `Port ${digits(number)} untagged_vlan=${digits(vlan)} ${state} - ${isAllocatable ? '' : 'NOT '}Unnamed Allocatable`,
    ` Current User: ${user} Access Control: (User: NONE - Group: NONE)`,
    ` IN:  pkts ${received} bytes ${received * 100}`,
    ` OUT: pkts ${sent} bytes ${sent * 100}`,
    ...endpoints.map((text, at) => {
      const module = text.includes(' pid=') ? 'unix prog  ' : 'tuntap     ';
      return `  -- endpoint ID ${digits(number * 10 + at)} module ${module} : ${text}`;
    }),
    '',
  ].join('\n');
}

const printHash = ([mac, vlan, port]: readonly [string, number, number]): string =>
  `Hash: 0049 Addr: ${mac} VLAN ${digits(vlan)} to port: ${String(port).padStart(3, '0')}  age 1 secs\n`;

/** Management sockets by their paths: switches in memory, and sockets with one answer for everything. */
export class FakeManagement implements ManagementDialer {
  readonly answers = new Map<string, string>();
  readonly switches = new Map<string, FakeVdeSwitch>();
  private readonly listening: { readonly socket: string; readonly listener: ManagementListener }[] = [];

  async ask(socket: string, commands: readonly string[]): Promise<readonly string[]> {
    const answers: string[] = [];
    for (const command of commands) answers.push((await this.exchange(socket, command)).data);
    return answers;
  }

  exchange(socket: string, command: string): Promise<ManagementAnswer> {
    const one = this.switches.get(socket);
    if (one) return Promise.resolve(one.answer(command));
    const data = this.answers.get(socket);
    if (data === undefined) return Promise.reject(new UserError(`Cannot ask ${socket}.`));
    return Promise.resolve({ code: 1000, text: 'Success', data });
  }

  listen(socket: string, _categories: readonly string[], listener: ManagementListener): Disposable {
    const entry = { socket, listener };
    this.listening.push(entry);
    return disposable(() => this.listening.splice(this.listening.indexOf(entry), 1));
  }

  get listeners(): number {
    return this.listening.length;
  }

  tell(socket: string, news: SwitchNews): void {
    for (const one of [...this.listening]) if (one.socket === socket) one.listener.onNews(news);
  }

  /** The switch is gone. */
  end(socket: string): void {
    this.switches.delete(socket);
    for (const one of this.listening.filter(entry => entry.socket === socket)) {
      this.listening.splice(this.listening.indexOf(one), 1);
      one.listener.onEnd();
    }
  }
}
