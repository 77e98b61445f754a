import type { Lab, Switch } from '../../lab/model.ts';
import { pluggedWords, plugsOf, type Plug } from '../../lab/plugs.ts';
import type { Drift, PortPicture, SwitchPicture } from './port-picture.ts';
import { ownerWords } from '../views/port-words.ts';
import type { LabSnapshot, RunningSwitch } from '../state.ts';
import { runningSwitch } from './switch-list.ts';
import type { PortVlans } from './vlan-change.ts';

/** Names the switch of a matrix for good, also over a reload of the window. */
export interface MatrixTarget {
  /** Absolute path of the lab file; empty for a switch that no lab of the workspace has. */
  readonly lab: string;
  readonly name: string;
  /** Folder of the sockets of a switch of no lab, else empty. */
  readonly socket: string;
}

/** Ports × VLANs of one switch: what runs beside what the lab file says. */
export interface VlanMatrix {
  readonly target: MatrixTarget;
  /** Why something cannot be seen or done, for people. */
  readonly news: string | undefined;
  /** Nothing is known of it (yet): it has not answered, or is neither running nor in a lab file. */
  readonly isWaiting: boolean;
  readonly canApply: boolean;
  readonly canWrite: boolean;
  /** All that anybody has or that are declared; ascending, without 0. */
  readonly vlans: readonly number[];
  readonly ports: readonly MatrixPort[];
  /** How the switch itself differs from its lab file, in words. */
  readonly drift: readonly string[];
}

export interface MatrixPort {
  readonly number: number;
  /** `fw NIC 2`, `wire lan-dmz to dmz port 31`, `nobody`. */
  readonly who: string;
  /** `plugged in`, `not plugged in`; empty while the switch does not run. */
  readonly state: string;
  /** Undefined: the switch does not run, or has not made this port. */
  readonly live: PortVlans | undefined;
  /** Undefined: no lab file has this switch. */
  readonly file: PortVlans | undefined;
  /** The NIC or wire of the lab file that has this port: where its VLANs are written. */
  readonly plug: string | undefined;
  /** Further differences from the lab file, in words. */
  readonly drift: readonly string[];
}

export interface MatrixParts {
  readonly target: MatrixTarget;
  /** The lab of the target, if there is one and it was read. */
  readonly lab: Lab | undefined;
  readonly of: RunningSwitch | undefined;
  /** Undefined while the switch has not answered. */
  readonly picture: SwitchPicture | undefined;
  readonly isTrusted: boolean;
}

/** The process of the switch, if it runs. */
export function switchOf(
  { lab, name, socket }: MatrixTarget,
  labs: readonly LabSnapshot[],
  switches: readonly RunningSwitch[],
): RunningSwitch | undefined {
  if (lab === '') return switches.find(one => one.socket === socket);
  return runningSwitch({ lab, kind: 'switch', name }, labs, switches);
}

/** The target for a switch that runs: by its lab if that is known. */
export function targetFor(of: RunningSwitch, labs: readonly LabSnapshot[]): MatrixTarget {
  const { name, socket } = of;
  const known = labs.find(({ path }) => runningSwitch({ lab: path, kind: 'switch', name }, labs, [of]));
  return known ? { lab: known.path, name, socket: '' } : { lab: '', name, socket };
}

export function drawMatrix(parts: MatrixParts): VlanMatrix {
  const { target, lab, of, picture, isTrusted } = parts;
  const it = lab?.switches.find(one => one.name === target.name);
  const ports = drawPorts(lab, it, picture);
  const used = ports.flatMap(port => [port.live, port.file]).flatMap(one => (one ? [one.untagged, ...one.tagged] : []));
  const declared = [...(it?.vlans ?? []), ...(picture?.vlans ?? [])];
  return {
    target,
    news: newsOf(parts, it !== undefined),
    isWaiting: picture === undefined && (of?.management !== undefined || !it),
    canApply: isTrusted && picture !== undefined,
    canWrite: isTrusted && it !== undefined,
    vlans: ascending([...used, ...declared].filter(vlan => vlan !== 0)),
    ports,
    drift: driftOf(picture, undefined).map(one => one.words),
  };
}

function drawPorts(
  lab: Lab | undefined,
  it: Switch | undefined,
  picture: SwitchPicture | undefined,
): readonly MatrixPort[] {
  const plugs = new Map(lab && it ? plugsOf(lab, it).map(plug => [plug.port, plug]) : []);
  const live = new Map(picture?.ports.map(port => [port.number, port]));
  const numbers = ascending([...plugs.keys(), ...live.keys()]);
  return numbers.map(number => drawPort(number, plugs.get(number), live.get(number), picture, it !== undefined));
}

function drawPort(
  number: number,
  plug: Plug | undefined,
  port: PortPicture | undefined,
  picture: SwitchPicture | undefined,
  isInFile: boolean,
): MatrixPort {
  const planned = plug && pluggedWords(plug.who);
  const owners = port?.owners.map(ownerWords).join(' and ') ?? '';
  const isThere = port?.isActive ?? false;
  return {
    number,
    who: owners || (planned ?? 'nobody'),
    state: picture ? (isThere ? 'plugged in' : 'not plugged in') : '',
    live: port && { untagged: port.untagged, tagged: port.tagged },
    file: isInFile ? fileVlans(plug) : undefined,
    plug: plug?.who.kind === 'uplink' ? undefined : planned,
    drift: otherDrift(number, picture),
  };
}

/** A port that nobody has in the file has no VLAN. */
const fileVlans = (plug: Plug | undefined): PortVlans => {
  return { untagged: plug?.vlan ?? 0, tagged: ascending(plug?.tagged ?? []) };
};

/** What the cells do not show. */
const otherDrift = (number: number, picture: SwitchPicture | undefined): readonly string[] =>
  driftOf(picture, number)
    .filter(one => !isVlanDrift(one.kind))
    .map(one => one.words);

const driftOf = (picture: SwitchPicture | undefined, port: number | undefined): readonly Drift[] =>
  (picture?.drift ?? []).filter(one => one.port === port);

const isVlanDrift = (kind: string): boolean => kind === 'untagged' || kind === 'tagged';
const ascending = (vlans: readonly number[]): readonly number[] => [...new Set(vlans)].sort((a, b) => a - b);

function newsOf({ target: { name }, of, picture, isTrusted }: MatrixParts, isInFile: boolean): string | undefined {
  if (!isTrusted) return 'This workspace is not trusted, so KVM Lab neither asks nor changes anything in it.';
  if (!of && !isInFile) return `Switch ${name} does not run, and no lab file of this workspace has it.`;
  if (!of) return `Switch ${name} does not run: what is changed here goes into the lab file.`;
  if (of.management === undefined) return `Switch ${name} runs without a management socket, so it cannot be asked.`;
  if (!picture) return `Waiting for switch ${name} to answer …`;
  if (picture.facts.isHub) return `Switch ${name} works as a hub, so its VLANs part nobody.`;
  return isInFile ? undefined : 'No lab file of this workspace has this switch: changes can only be applied.';
}
