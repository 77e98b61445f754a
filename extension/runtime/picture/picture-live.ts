import type { LivePicture, LinkTraffic, LiveState, StateKind, TreePlace } from '../../diagram/live.ts';
import { outsideId, tapId, uplinkId } from '../../diagram/from-lab.ts';
import { linkId, thingId, type ThingId } from '../../diagram/thing-id.ts';
import { nicWire } from '../../lab/layout.ts';
import type { Plugged } from '../../lab/plugs.ts';
import type { PortPicture, PortRate, SwitchPicture } from '../switches/port-picture.ts';
import { wireWords } from '../views/fault-words.ts';
import { isBooting } from '../views/boot-words.ts';
import { byteWords, roleWords } from '../views/port-words.ts';
import { bridgeWords } from '../switches/spanning-tree.ts';
import type { LabSnapshot, RunState } from '../state.ts';

/** What the things of a lab's picture do. `switches`: those that somebody looks at. */
export function liveLab(snapshot: LabSnapshot, switches: readonly SwitchPicture[]): LivePicture {
  const { lab, vms, switches: runs, wires } = snapshot;
  const states: Record<ThingId, LiveState> = {};
  for (const [name, run] of vms) states[thingId('node', name)] = stateOf(run);
  for (const [name, run] of wires) states[thingId('wire', name)] = stateOf(run);
  for (const [name, run] of runs) states[thingId('network', name)] = stateOf(run);
  for (const { name, slirp, tap } of lab?.switches ?? []) {
    const run = runs.get(name) ?? { kind: 'stopped' };
    if (slirp) states[thingId('node', uplinkId(name))] = uplinkState(run);
    if (tap) states[thingId('node', tapId(name))] = stateOf(run);
  }
  for (const { name, ends } of lab?.wires ?? []) {
    if (ends[1].outside) states[thingId('node', outsideId(name))] = stateOf(wires.get(name) ?? { kind: 'stopped' });
  }
  const traffic = Object.fromEntries(switches.flatMap(trafficOf));
  return { states, traffic, trees: treePlaces(switches), faults: faultsOf(snapshot) };
}

/** What is wrong with wires and with those of NICs; the others are left out. */
function faultsOf(snapshot: LabSnapshot): Readonly<Record<ThingId, string>> {
  const { vms = [], wires = [] } = snapshot.lab ?? {};
  const between = wires.map(({ name, ends: [first, second], faults }) => {
    return [thingId('wire', name), wireWords(snapshot, name, faults, [first.switch, second.switch])] as const;
  });
  const ofNics = vms.flatMap(vm =>
    vm.nics.map(({ number, switch: network, faults }) => {
      const words = wireWords(snapshot, nicWire(vm.name, number), faults, [vm.name, network]);
      return [linkId({ node: vm.name, nic: number, network }), words] as const;
    }),
  );
  return Object.fromEntries([...between, ...ofNics].filter(([, words]) => words !== ''));
}

function stateOf(run: RunState): LiveState {
  if (run.kind === 'running' && run.halted !== undefined) return { kind: 'paused', word: run.halted };
  if (isBooting(run)) return { kind: 'booting', word: run.boot?.kind === 'late' ? 'not ready' : 'booting' };
  return { kind: stateKinds[run.kind], word: run.kind };
}

const stateKinds: Readonly<Record<RunState['kind'], StateKind>> = {
  ...{ running: 'running', starting: 'busy', stopping: 'busy', stopped: 'stopped', failed: 'failed' },
  unknown: 'stopped',
};

/** A process of its own, which may have ended. */
const uplinkState = (run: RunState): LiveState =>
  stateOf(run.kind === 'running' && run.uplink === undefined ? { kind: 'stopped' } : run);

function trafficOf({ of, ports }: SwitchPicture): readonly (readonly [ThingId, LinkTraffic])[] {
  return ports.flatMap(({ planned, rate, isActive }) => {
    if (!planned || !rate || !isActive) return [];
    const bytesPerSecond = rate.received.bytes + rate.sent.bytes;
    return bytesPerSecond < 1
      ? []
      : [
          [
            lineOf(planned.who, of.name),
            { bytesPerSecond, label: `${byteWords(bytesPerSecond)}/s`, words: wordsOf(rate) },
          ] as const,
        ];
  });
}

/** What switches, NICs, uplinks and wires are in the spanning trees. */
function treePlaces(switches: readonly SwitchPicture[]): Readonly<Record<ThingId, TreePlace>> {
  const places = new Map<ThingId, TreePlace>();
  for (const picture of switches) {
    const { name } = picture.of;
    const bridge = bridgeWords(picture);
    if (bridge !== undefined) places.set(thingId('network', name), { words: bridge, isBlocked: false });
    for (const port of picture.ports) {
      const role = roleWords(port);
      if (!port.planned || role === undefined) continue;
      const { who } = port.planned;
      const id = lineOf(who, name);
      const other = places.get(id);
      const words = who.kind === 'wire' ? `${name}: ${role}` : role;
      places.set(id, {
        words: other ? `${other.words} · ${words}` : words,
        isBlocked: isBlocked(port) || other?.isBlocked === true,
      });
    }
  }
  return Object.fromEntries(places);
}

/** In none of its VLANs does it pass on what comes. */
const isBlocked = ({ states }: PortPicture): boolean =>
  states.size > 0 && [...states.values()].every(state => state === 'Discarding');

function lineOf(who: Plugged, network: string): ThingId {
  switch (who.kind) {
    case 'nic':
      return linkId({ node: who.vm, nic: who.nic, network });
    case 'uplink':
      return linkId({ node: uplinkId(network), network });
    case 'wire':
      return who.isOutside ? linkId({ node: outsideId(who.wire), network }) : thingId('wire', who.wire);
  }
}

/** As the tree says it: in and out of the switch. */
const wordsOf = ({ received, sent }: PortRate): string =>
  `in ${byteWords(received.bytes)}/s · out ${byteWords(sent.bytes)}/s`;
