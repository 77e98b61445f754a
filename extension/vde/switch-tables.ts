/** One line of the hash table: a MAC address that a switch has seen, and where. */
export interface HashEntry {
  readonly mac: string;
  readonly vlan: number;
  readonly port: number;
  readonly ageSeconds: number;
}

/** Spanning tree of one VLAN, as `fstp/print` shows it. */
export interface SpanningTree {
  readonly vlan: number;
  /** Priority and MAC of the root: `80:00:00:ff:a2:1b:90:3c`. */
  readonly root: string;
  readonly isRoot: boolean;
  readonly designated: string;
  /** Undefined while this switch is the root itself. */
  readonly rootPort: number | undefined;
  readonly cost: number;
  readonly ports: readonly SpanningTreePort[];
}

export interface SpanningTreePort {
  readonly number: number;
  readonly isTagged: boolean;
  readonly cost: number;
  /** `Designated`, `Root`, `Alternate/Backup`, `Edge`, `Unknown`. */
  readonly role: string;
}

export interface SwitchIdentity {
  readonly version: string | undefined;
  readonly pid: number | undefined;
  readonly mac: string | undefined;
  readonly uptimeSeconds: number | undefined;
}

export interface PortFacts {
  /** Usable ports: one less than what the switch counts, as nobody can use port 0. */
  readonly ports: number | undefined;
  readonly isHub: boolean;
  readonly hasCounters: boolean;
}

export interface SpanningTreeFacts {
  readonly isOn: boolean;
  readonly priority: number | undefined;
  readonly mac: string | undefined;
}

export interface HashFacts {
  readonly size: number | undefined;
  readonly collectSeconds: number | undefined;
  readonly expireSeconds: number | undefined;
  /** For so long an address does not move to another port, in whole seconds; below 0: it moves at once. */
  readonly persistSeconds: number | undefined;
}

export interface Plugin {
  readonly name: string;
  readonly description: string;
}

/** What a switch can tell about unasked: `port/+` with tag 21. */
export interface NewsCategory {
  readonly path: string;
  readonly tag: number;
  readonly isOn: boolean;
}

/** Reads `hash/print`. As in all parsers here, lines that are not known are left out. */
export function parseHash(data: string): readonly HashEntry[] {
  return linesOf(data).flatMap(line => {
    const [, mac = '', vlan, port, age] =
      /^Hash: \d+ Addr: ([\da-f:]{17}) VLAN (\d+) to port: (\d+) +age (-?\d+) secs/i.exec(line) ?? [];
    return mac === ''
      ? []
      : [{ mac: mac.toLowerCase(), vlan: Number(vlan), port: Number(port), ageSeconds: Number(age) }];
  });
}

export function parseSpanningTrees(data: string): readonly SpanningTree[] {
  const trees: DraftTree[] = [];
  for (const line of linesOf(data)) {
    const [, vlan, isRoot] = /^FST DATA VLAN (\d+)( ROOTSWITCH)?/.exec(line) ?? [];
    if (vlan !== undefined) trees.push(newTree(Number(vlan), isRoot !== undefined));
    const tree = trees.at(-1);
    if (!tree) continue;
    const port = parseTreePort(line);
    if (port) tree.ports.push(port);
    Object.assign(tree, parseTreeLine(line));
  }
  return trees;
}

type DraftTree = Omit<SpanningTree, 'ports'> & { readonly ports: SpanningTreePort[] };

const newTree = (vlan: number, isRoot: boolean): DraftTree => {
  return { vlan, isRoot, root: '', designated: '', rootPort: undefined, cost: 0, ports: [] };
};

function parseTreeLine(line: string): Partial<SpanningTree> {
  const [, key, id = ''] = /^ \+\+ (root|designated) ([\da-f:]+)$/i.exec(line) ?? [];
  if (key !== undefined) return { [key]: id };
  const [, port, cost] = /^ \+\+ rootport (\d+) cost (\d+)/.exec(line) ?? [];
  return port === undefined ? {} : { rootPort: Number(port) || undefined, cost: Number(cost) };
}

function parseTreePort(line: string): SpanningTreePort | undefined {
  const [, number, tagged, cost, role = ''] =
    /^ -- Port (\d+) tagged=([01]) portcost=(\d+) role=(\S+)/.exec(line) ?? [];
  return number === undefined
    ? undefined
    : { number: Number(number), isTagged: tagged === '1', cost: Number(cost), role };
}

export function parseSwitchIdentity(data: string): SwitchIdentity {
  const [, pid, mac, uptime] = /^pid (\d+) MAC ([\da-f:]+) uptime (\d+)/im.exec(data) ?? [];
  return {
    version: /^VDE switch V\.(\S+)/m.exec(data)?.[1],
    pid: numberOf(pid),
    mac: mac?.toLowerCase(),
    uptimeSeconds: numberOf(uptime),
  };
}

export function parsePortFacts(data: string): PortFacts {
  const count = numberOf(/^Numports=(\d+)/m.exec(data)?.[1]);
  return {
    ports: count === undefined ? undefined : Math.max(0, count - 1),
    isHub: /^HUB=true/m.test(data),
    hasCounters: /^counters=true/m.test(data),
  };
}

export function parseSpanningTreeFacts(data: string): SpanningTreeFacts {
  const [, mac, priority] = /^MAC ([\da-f:]+) Priority (\d+)/im.exec(data) ?? [];
  return { isOn: /^FSTP=true/m.test(data), priority: numberOf(priority), mac: mac?.toLowerCase() };
}

export const parseHashFacts = (data: string): HashFacts => ({
  size: numberOf(/^Hash size (\d+)/m.exec(data)?.[1]),
  collectSeconds: numberOf(/^GC interval (\d+)/m.exec(data)?.[1]),
  expireSeconds: numberOf(/^GC expire (\d+)/m.exec(data)?.[1]),
  persistSeconds: numberOf(/^Min persistence (-?\d+)/m.exec(data)?.[1]),
});

export const parsePlugins = (data: string): readonly Plugin[] =>
  tableRows(data).flatMap(line => {
    const [, name, description = ''] = /^(\S+) *(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, description }];
  });

export const parseNewsCategories = (data: string): readonly NewsCategory[] =>
  tableRows(data).flatMap(line => {
    const [, path, tag, state] = /^(\S+) +(\d+) +(ON|OFF)\b/.exec(line) ?? [];
    return path === undefined ? [] : [{ path, tag: Number(tag), isOn: state === 'ON' }];
  });

/** The answer of `port/createauto`: `Port 0008`. */
export const parseNewPort = (data: string): number | undefined => numberOf(/^Port (\d+)/m.exec(data)?.[1]);

/** The path of each command that the switch knows, those of its plugins too. */
export const parseHelp = (data: string): readonly string[] =>
  tableRows(data).flatMap(line => (/ ={5,} /.test(line) ? [] : (/^[^\s-]\S*/.exec(line)?.[0] ?? [])));

/** What stands below the line of dashes. */
function tableRows(data: string): readonly string[] {
  const lines = linesOf(data);
  return lines.slice(lines.findIndex(line => line.startsWith('------------')) + 1).filter(line => line !== '');
}

const linesOf = (data: string): readonly string[] => data.split('\n');

const numberOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);
