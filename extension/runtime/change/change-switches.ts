import { hostsOf, thisHost } from '../../lab/hosts/lab-part.ts';
import { switchScript } from '../../lab/layout.ts';
import { pluggedWords, plugsOf } from '../../lab/plugs.ts';
import type { Lab, Switch } from '../../lab/model.ts';
import { readOptions } from '../../qemu/command-line.ts';
import { readPlugAddress } from '../../vde/plug-address.ts';
import { uplinkArguments, type UplinkPlaces } from '../../script/uplink.ts';
import { switchCommands, type SwitchCommand } from '../../vde/switch-commands.ts';
import { arrow, type ChangeAction, type ChangeKind, type ChangeStep } from './change-step.ts';
import { socketOf, type LiveLab, type LiveSwitch, type LiveVm } from './live-lab.ts';
import type { Drift, PortPicture, SwitchPicture } from '../switches/port-picture.ts';
import type { ThingRef } from '../state.ts';

/** The steps that make a running switch as its file says: what it is told, and what needs it to be started again. */
export function switchSteps(
  lab: Lab,
  it: Switch,
  live: LiveSwitch,
  places: UplinkPlaces,
  thing: ThingRef,
): readonly ChangeStep[] {
  const drift = live.picture?.drift ?? [];
  const step = (id: string, kind: ChangeKind, words: string, action: ChangeAction): ChangeStep => {
    return { id: `switch ${it.name} ${id}`, kind, thing, words, action };
  };
  const tell = (id: string, words: string, commands: readonly SwitchCommand<unknown>[]): ChangeStep =>
    step(id, 'live', words, { kind: 'tell', commands });
  const ofSwitch = drift.filter(one => one.port === undefined && one.fix.length > 0 && one.kind !== 'vlan');
  const again = restartReasons(asHere(it), live, drift, places);
  return [
    ...ofSwitch.map(one =>
      withoutPorts(tell(one.kind, `${it.name}: ${switchWords(one, it, live.picture)}`, one.fix), it, live),
    ),
    ...portSteps(lab, it, live.picture, tell),
    ...vlanSteps(it, live.picture, tell),
    ...again.map(({ id, words, verb, kind }) => step(id, kind, `${it.name}: ${words}`, { kind: 'run', verb })),
  ];
}

/** Tap and uplink are with the copy in the middle only. */
const asHere = (it: Switch): Switch => (hostsOf(it)[0] === thisHost ? it : { ...it, tap: undefined, slirp: undefined });

/** A switch gives up the ports above its new end only when nobody has them any more, and when they are removed. */
function withoutPorts(step: ChangeStep, it: Switch, { picture }: LiveSwitch): ChangeStep {
  const surplus = picture?.ports.filter(port => port.number > it.ports) ?? [];
  if (step.action.kind !== 'tell' || surplus.length === 0) return step;
  const removals = surplus.map(port => switchCommands.removePort(port.number));
  return { ...step, action: { kind: 'forget', commands: [...removals, ...step.action.commands] } };
}

type Tell = (id: string, words: string, commands: readonly SwitchCommand<unknown>[]) => ChangeStep;

function switchWords({ kind, words }: Drift, it: Switch, picture: SwitchPicture | undefined): string {
  if (kind === 'ports') return `ports ${arrow(picture?.facts.ports ?? '?', it.ports)}`;
  if (kind === 'stp') return `spanning tree ${it.stp ? arrow('off', 'on') : arrow('on', 'off')}`;
  if (kind === 'priority') return `priority ${arrow(picture?.stp.priority ?? '?', it.stp?.priority ?? 32_768)}`;
  return words;
}

/** One step a port, for its VLANs. Ports that are not made yet are made when somebody plugs in. */
function portSteps(lab: Lab, it: Switch, picture: SwitchPicture | undefined, tell: Tell): readonly ChangeStep[] {
  const plugs = new Map(plugsOf(lab, it).map(plug => [plug.port, plug]));
  return (picture?.ports ?? []).flatMap(port => {
    const drift = port.drift.filter(one => one.kind === 'untagged' || one.kind === 'tagged');
    if (drift.length === 0) return [];
    const plug = plugs.get(port.number);
    const then = { untagged: plug?.vlan ?? 0, tagged: sorted(plug?.tagged ?? []) };
    const missing = [then.untagged, ...then.tagged].filter(vlan => vlan !== 0 && !picture?.vlans.includes(vlan));
    const commands = [...missing.map(vlan => switchCommands.createVlan(vlan)), ...drift.flatMap(one => one.fix)];
    const who = plug ? ` (${pluggedWords(plug.who)})` : '';
    return [
      tell(`port ${port.number}`, `port ${port.number} of ${it.name}${who}: ${vlanChange(port, then)}`, commands),
    ];
  });
}

interface Vlans {
  readonly untagged: number;
  readonly tagged: readonly number[];
}

function vlanChange(now: Vlans & Pick<PortPicture, 'number'>, then: Vlans): string {
  const list = (vlans: readonly number[]): string => vlans.join(', ') || 'none';
  return [
    ...(now.untagged === then.untagged ? [] : [`untagged ${arrow(now.untagged || 'none', then.untagged || 'none')}`]),
    ...(list(now.tagged) === list(then.tagged) ? [] : [`tagged ${arrow(list(now.tagged), list(then.tagged))}`]),
  ].join(', ');
}

/** VLANs that no port needs yet, and those that go when no port has them any more. */
function vlanSteps(it: Switch, picture: SwitchPicture | undefined, tell: Tell): readonly ChangeStep[] {
  if (!picture) return [];
  const used = new Set(picture.ports.flatMap(({ planned }) => [planned?.vlan, ...(planned?.tagged ?? [])]));
  const missing = it.vlans.filter(vlan => !picture.vlans.includes(vlan) && !used.has(vlan));
  const surplus = picture.vlans.filter(vlan => !it.vlans.includes(vlan));
  return [
    ...missing.map(vlan =>
      tell(`vlan ${vlan}`, `VLAN ${vlan} of ${it.name} is made`, [switchCommands.createVlan(vlan)]),
    ),
    ...surplus.map(vlan => {
      const action = { kind: 'forget', commands: [switchCommands.removeVlan(vlan)] } as const;
      return { ...tell(`vlan ${vlan}`, `VLAN ${vlan} of ${it.name} is removed`, []), action };
    }),
  ];
}

const sorted = (vlans: readonly number[]): readonly number[] => [...new Set(vlans)].sort((a, b) => a - b);

interface Again {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly words: string;
  readonly verb: 'start' | 'restart';
}

/** A switch that is started again plugs in its VMs, so they run on; a tap may need root. */
function restartReasons(it: Switch, live: LiveSwitch, drift: readonly Drift[], places: UplinkPlaces): readonly Again[] {
  const uplink = uplinkChange(it, live, places);
  if (live.tap !== it.tap?.interface) {
    const words = `host interface ${arrow(live.tap ?? 'none', it.tap?.interface ?? 'none')}`;
    return [{ id: 'tap', kind: 'restart', words, verb: 'restart' }];
  }
  const stubborn = drift.filter(one => one.port === undefined && one.fix.length === 0 && one.kind === 'priority');
  const words = [
    ...stubborn.map(one => switchWords(one, it, live.picture)),
    ...(uplink === 'changed' ? ['uplink'] : []),
  ];
  if (words.length > 0)
    return [
      {
        id: 'again',
        kind: 'hot',
        words: `${words.join(', ')}: the switch restarts and plugs in again`,
        verb: 'restart',
      },
    ];
  return uplink === 'missing' ? [{ id: 'uplink', kind: 'hot', words: 'the uplink starts', verb: 'start' }] : [];
}

function uplinkChange(
  it: Switch,
  { picture, uplink }: LiveSwitch,
  places: UplinkPlaces,
): 'same' | 'missing' | 'changed' {
  const wanted = uplinkArguments(it, places);
  if (!picture || (!wanted && !uplink)) return 'same';
  if (!uplink) return 'missing';
  if (!wanted) return 'changed';
  const netdevs = (args: readonly string[]): string => readOptions(args.slice(1)).all('netdev').join('\n');
  return netdevs(wanted) === netdevs(uplink) ? 'same' : 'changed';
}

/**
 * Switches that are down: running VMs that have NICs there are plugged in when it starts. `wanted`: those that another
 * step starts anyway.
 */
export function downSteps(
  lab: Lab,
  live: LiveLab,
  wanted: ReadonlySet<string>,
  thingOf: (name: string) => ThingRef,
): readonly ChangeStep[] {
  const own = lab.switches.filter(it => hostsOf(it).includes(thisHost));
  const down = own.filter(it => !live.switches.some(one => one.name === it.name));
  return down.flatMap(({ name }): readonly ChangeStep[] => {
    const isNeeded = live.vms.some(vm => hangsOnDead(vm, socketOf(live.run, name)));
    const isNew = !live.scripts.has(switchScript(name)) && !wanted.has(name);
    if (!isNeeded && !isNew) return [];
    const words = isNeeded
      ? `switch ${name} is down: it starts and plugs in its VMs again`
      : `switch ${name} is new: it starts`;
    const kind = isNeeded ? 'hot' : 'manual';
    return [{ id: `switch ${name} up`, kind, thing: thingOf(name), words, action: { kind: 'run', verb: 'start' } }];
  });
}

const hangsOnDead = ({ nics = [] }: LiveVm, socket: string): boolean =>
  nics.some(({ address }) => address !== undefined && readPlugAddress(address)?.socket === socket);
