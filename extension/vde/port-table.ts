/** One port of a switch, as `port/allprint` shows it. */
export interface SwitchPort {
  readonly number: number;
  /** Untagged VLAN; 0 is what VDE calls a port without one. */
  readonly vlan: number;
  readonly isActive: boolean;
  /** Whether somebody who names no port may get this one. */
  readonly isAllocatable: boolean;
  /** User of the one who plugged in. */
  readonly user: string | undefined;
  /** Undefined if the switch was built without counters. */
  readonly received: Traffic | undefined;
  readonly sent: Traffic | undefined;
  readonly endpoints: readonly Endpoint[];
}

/** What the switch counted: `received` came in from the port. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}

/** Who hangs on a port. Several may share one. */
export interface Endpoint {
  readonly id: number;
  /** `unix prog` for a plug, `tuntap` for a tap. */
  readonly module: string;
  /** In the words of who plugged in: `QEMU user=root pid=28652`, or the tap's interface. */
  readonly description: string;
  readonly pid: number | undefined;
}

export interface VlanTable {
  readonly vlan: number;
  readonly ports: readonly VlanPort[];
}

export interface VlanPort {
  readonly number: number;
  readonly isTagged: boolean;
  readonly isActive: boolean;
  /** `Forwarding`, `Discarding`, `Learning`. */
  readonly status: string;
}

/** Reads the data of `port/allprint` and `port/print`. What it does not know it leaves out. */
export function parsePorts(data: string): readonly SwitchPort[] {
  const ports: SwitchPort[] = [];
  for (const line of data.split('\n')) {
    const head =
      line.startsWith('Port') && /^Port (\d+) untagged_vlan=(\d+) (INACTIVE|ACTIVE)\b(?: - (NOT )?Unnamed)?/.exec(line);
    if (head) ports.push(newPort(head));
    const port = ports.at(-1);
    if (port && !head) Object.assign(port, parsePortLine(line, port));
  }
  return ports;
}

/** Reads the data of `vlan/print` and `vlan/allprint`. */
export function parseVlans(data: string): readonly VlanTable[] {
  const vlans: { vlan: number; ports: VlanPort[] }[] = [];
  for (const line of data.split('\n')) {
    const head = /^VLAN (\d+)/.exec(line);
    if (head) vlans.push({ vlan: Number(head[1]), ports: [] });
    const port = /^ -- Port (\d+) tagged=([01]) active=([01]) status=(\S+)/.exec(line);
    const [, number, tagged, active, status = ''] = port ?? [];
    if (number !== undefined) {
      vlans.at(-1)?.ports.push({ number: Number(number), isTagged: tagged === '1', isActive: active === '1', status });
    }
  }
  return vlans;
}

const newPort = ([, number, vlan, state, not]: readonly (string | undefined)[]): SwitchPort => ({
  number: Number(number),
  vlan: Number(vlan),
  isActive: state === 'ACTIVE',
  isAllocatable: not === undefined,
  user: undefined,
  received: undefined,
  sent: undefined,
  endpoints: [],
});

function parsePortLine(line: string, port: SwitchPort): Partial<SwitchPort> {
  // Hundreds of switches have thousands of such lines: no expression is tried that cannot fit.
  const kind = line.charAt(1);
  const user = kind !== 'C' ? undefined : /^ Current User: (\S+) Access Control:/.exec(line)?.[1];
  if (user !== undefined) return { user: user === 'NONE' ? undefined : user };
  const [, direction, packets, bytes] = /^ (IN|OUT): +pkts +(\d+) +bytes +(\d+)/.exec(kind === ' ' ? '' : line) ?? [];
  if (direction !== undefined) {
    const traffic = { packets: Number(packets), bytes: Number(bytes) };
    return direction === 'IN' ? { received: traffic } : { sent: traffic };
  }
  const [, id, module = '', description = ''] = /^ {2}-- endpoint ID (\d+) module (.+?) *: (.*)$/.exec(line) ?? [];
  if (id === undefined) return {};
  const pid = / pid=(\d+)/.exec(description)?.[1];
  const endpoint = { id: Number(id), module, description, pid: pid === undefined ? undefined : Number(pid) };
  return { endpoints: [...port.endpoints, endpoint] };
}
