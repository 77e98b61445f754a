import { UserError } from '../../base/user-error.ts';
import { labScript } from '../../lab/layout.ts';
import { serialPort } from '../../lab/networks/addressing.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Lab } from '../../lab/model.ts';
import { shortReason } from '../reason.ts';
import { UnreachableHost, type RemoteHosts } from '../remote-ports.ts';
import type { FarThings, HostLook, RunningFar } from '../state.ts';
import { notThere, scriptWords } from './far-scripts.ts';

/** What runs of a lab on its other hosts. */
export interface FarLook {
  readonly things: FarThings;
  /** By host: why it cannot be known, for people. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** Asks every host of the lab by its own scripts, all at once. `tell` hears of each as soon as it has answered. */
export async function lookFar(
  hosts: RemoteHosts,
  lab: Lab,
  tell: (host: string, look: HostLook) => void = () => undefined,
): Promise<FarLook> {
  const looks = await Promise.all(
    (lab.hosts ?? []).map(async host => {
      const look = await lookAtHost(hosts, host, lab);
      tell(host.name, look);
      return [host.name, look] as const;
    }),
  );
  const all = (kind: keyof FarThings): readonly RunningFar[] =>
    looks.flatMap(([, look]) => (look.kind === 'seen' ? look.things[kind] : []));
  return {
    things: { vms: all('vms'), switches: all('switches'), wires: all('wires') },
    unknown: new Map(looks.flatMap(([name, look]) => (look.kind === 'unknown' ? [[name, look.reason]] : []))),
  };
}

/** Never rejects but for a bug. */
export async function lookAtHost(hosts: RemoteHosts, host: LabHost, lab: Pick<Lab, 'name'>): Promise<HostLook> {
  try {
    return { kind: 'seen', things: await lookAt(hosts, host, lab) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: 'unknown', brief: briefly(host, error), reason: error.message };
  }
}

function briefly({ name }: LabHost, error: UserError): string {
  if (!(error instanceof UnreachableHost)) return shortReason(name, error.message);
  return `${name} does not answer${error.said === '' ? '' : ` (${error.said})`}`;
}

const nothing: FarThings = { vms: [], switches: [], wires: [] };

async function lookAt(hosts: RemoteHosts, host: LabHost, lab: Pick<Lab, 'name'>): Promise<FarThings> {
  const { code, output } = await hosts.run(host, scriptWords(host, lab, labScript, ['status']));
  return code === notThere ? nothing : farThings(host.name, output);
}

const kinds = { switch: 'switches', wire: 'wires' } as const;

/** Reads what `lab.sh status` prints: `fw running, process 12, …`, `switch lan running, …`, `wire lan@left reconnecting, …`. */
export function farThings(host: string, text: string): FarThings {
  const found: Record<keyof FarThings, RunningFar[]> = { vms: [], switches: [], wires: [] };
  for (const line of text.split('\n')) {
    const [, kind, name = '', state, pid, port] =
      /^(?:(switch|wire) )?(\S+) (running|reconnecting), process (\d+)(?:, serial console localhost:(\d+))?/.exec(
        line,
      ) ?? [];
    if (state === undefined) continue;
    const halted = state === 'running' ? {} : { halted: state };
    found[kind === 'switch' || kind === 'wire' ? kinds[kind] : 'vms'].push({
      ...{ name, pid: 0, far: { host, pid: Number(pid) } },
      ...(port === undefined ? {} : { id: Number(port) - serialPort(0) }),
      ...halted,
    });
  }
  return found;
}
