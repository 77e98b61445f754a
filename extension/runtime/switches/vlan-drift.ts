import type { Switch } from '../../lab/model.ts';
import { pluggedWords, type Plug } from '../../lab/plugs.ts';
import { switchCommands, type SwitchCommand } from '../../vde/switch-commands.ts';
import { presentOwners, type PortOwner } from './port-owner.ts';
import type { Drift, PortPicture } from './port-picture.ts';
import { ownerWords } from '../views/port-words.ts';
import type { SwitchLook } from './switch-look.ts';

export interface DriftParts {
  readonly it: Switch;
  readonly plugs: readonly Plug[];
  readonly ports: readonly PortPicture[];
  readonly look: SwitchLook;
}

/** In the order in which it can be mended: what the ports need first. */
export function driftOf(parts: DriftParts): readonly Drift[] {
  const { plugs, ports } = parts;
  const byNumber = new Map(ports.map(port => [port.number, port]));
  const planned = new Set(plugs.map(plug => plug.port));
  return [
    ...switchDrift(parts),
    ...missingVlans(parts),
    ...plugs.flatMap(plug => plannedDrift(plug, byNumber.get(plug.port))),
    ...ports.filter(port => !planned.has(port.number)).flatMap(port => unplannedDrift(port, parts.it)),
    ...surplusVlans(parts),
  ];
}

/** What a switch is told to be as its file says; the rest of the list needs somebody to plug something. */
export const fixesOf = (drift: readonly Drift[]): readonly SwitchCommand<unknown>[] => drift.flatMap(one => one.fix);

function switchDrift({ it, look: { facts, stp }, ports }: DriftParts): readonly Drift[] {
  const drift: Drift[] = [];
  const add = (kind: Drift['kind'], words: string, ...fix: readonly SwitchCommand<unknown>[]): void =>
    void drift.push({ kind, port: undefined, words, fix });
  if (facts.isHub) add('hub', 'works as a hub, file says switch', switchCommands.setHub(false));
  if (facts.ports !== undefined && facts.ports !== it.ports)
    add('ports', `${facts.ports} ports, file says ${it.ports}`, switchCommands.setPortCount(it.ports));
  if (stp.isOn !== (it.stp !== undefined))
    add('stp', `spanning tree ${onOff(stp.isOn)}, file says ${onOff(!stp.isOn)}`, switchCommands.setStp(!stp.isOn));
  const priority = it.stp && (it.stp.priority ?? defaultPriority);
  if (stp.priority !== undefined && priority !== undefined && stp.priority !== priority)
    add('priority', `priority ${stp.priority}, file says ${priority}: restart the switch`);
  const tap = it.tap?.interface;
  const hasTap = ports.some(port => port.owners.some(owner => owner.kind === 'tap' && owner.interface === tap));
  if (tap !== undefined && !hasTap) add('tap', `host interface ${tap} is not plugged in: restart the switch`);
  return drift;
}

const defaultPriority = 32_768;
const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

const missingVlans = ({ it, look }: DriftParts): readonly Drift[] =>
  it.vlans
    .filter(vlan => !look.vlans.some(one => one.vlan === vlan))
    .map(vlan => {
      return { kind: 'vlan', port: undefined, words: `no VLAN ${vlan}`, fix: [switchCommands.createVlan(vlan)] };
    });

const surplusVlans = ({ it, look }: DriftParts): readonly Drift[] =>
  look.vlans
    .filter(({ vlan }) => vlan !== 0 && !it.vlans.includes(vlan))
    .map(({ vlan }) => {
      const words = `VLAN ${vlan} is not in the file`;
      return { kind: 'vlan', port: undefined, words, fix: [switchCommands.removeVlan(vlan)] };
    });

function plannedDrift(plug: Plug, port: PortPicture | undefined): readonly Drift[] {
  const { untagged, tagged } = wanted(plug);
  if (!port) {
    const vlans = [switchCommands.setUntagged(plug.port, untagged), ...tagFixes(plug.port, [], tagged, untagged)];
    const fix = [switchCommands.createPort(plug.port), ...vlans];
    return [{ kind: 'port', port: plug.port, words: `not made, file says ${pluggedWords(plug.who)}`, fix }];
  }
  const strangers = presentOwners(port.owners).filter(owner => !isPlanned(owner, plug));
  return [
    ...vlanDrift(port, untagged, tagged, 'file says'),
    ...strangers.map((owner): Drift => {
      const words = `${ownerWords(owner)} is plugged in, file says ${pluggedWords(plug.who)}`;
      return { kind: 'owner', port: port.number, words, fix: [] };
    }),
  ];
}

function unplannedDrift(port: PortPicture, it: Switch): readonly Drift[] {
  const strangers = presentOwners(port.owners).filter(
    owner => owner.kind !== 'tap' || owner.interface !== it.tap?.interface,
  );
  return [
    ...vlanDrift(port, 0, [], 'file has nobody here and'),
    ...strangers.map((owner): Drift => {
      return { kind: 'owner', port: port.number, words: `${ownerWords(owner)} is not in the file`, fix: [] };
    }),
  ];
}

const wanted = ({ vlan, tagged }: Plug) => {
  return { untagged: vlan ?? 0, tagged: [...new Set(tagged)].sort((a, b) => a - b) };
};

function vlanDrift(port: PortPicture, untagged: number, tagged: readonly number[], says: string): readonly Drift[] {
  const drift: Drift[] = [];
  const { number } = port;
  const isTagged = port.tagged.join() !== tagged.join();
  if (port.untagged !== untagged) {
    const words = `untagged ${port.untagged || 'none'}, ${says} ${untagged || 'none'}`;
    drift.push({ kind: 'untagged', port: number, words, fix: [switchCommands.setUntagged(number, untagged)] });
  }
  if (isTagged) {
    const words = `tagged ${port.tagged.join(', ') || 'none'}, ${says} ${tagged.join(', ') || 'none'}`;
    drift.push({ kind: 'tagged', port: number, words, fix: tagFixes(number, port.tagged, tagged, untagged) });
  }
  return drift;
}

/** To give a port a VLAN without its tag takes the tag off, so tags come last, and that one is not taken off again. */
const tagFixes = (
  port: number,
  now: readonly number[],
  then: readonly number[],
  untagged: number,
): readonly SwitchCommand<unknown>[] => [
  ...now.filter(vlan => vlan !== untagged && !then.includes(vlan)).map(vlan => switchCommands.removeTag(vlan, port)),
  ...then.filter(vlan => !now.includes(vlan)).map(vlan => switchCommands.addTag(vlan, port)),
];

function isPlanned(owner: PortOwner, { who }: Plug): boolean {
  if (who.kind === 'uplink') return owner.kind === 'uplink' || owner.kind === 'slirp';
  if (who.kind === 'wire') return owner.kind === 'wire' && owner.name === who.wire;
  // One that cannot be told from the VM's other NICs gets the benefit of the doubt.
  return owner.kind === 'vm' && owner.name === who.vm && (owner.nic ?? who.nic) === who.nic;
}
