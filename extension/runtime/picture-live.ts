import type { LivePicture, LinkTraffic, LiveState } from '../diagram/live.ts';
import { tapId, uplinkId } from '../diagram/from-lab.ts';
import { linkId, thingId, type ThingId } from '../diagram/thing-id.ts';
import type { Plugged } from '../lab/plugs.ts';
import type { PortRate, SwitchPicture } from './port-picture.ts';
import { byteWords } from './port-words.ts';
import type { LabSnapshot, RunState } from './state.ts';

/** What the things of a lab's picture do. `switches`: those that somebody looks at. */
export function liveLab(
  { lab, vms, switches: runs, wires }: LabSnapshot,
  switches: readonly SwitchPicture[],
): LivePicture {
  const states: Record<ThingId, LiveState> = {};
  for (const [name, run] of vms) states[thingId('node', name)] = stateOf(run);
  for (const [name, run] of wires) states[thingId('wire', name)] = stateOf(run);
  for (const [name, run] of runs) states[thingId('network', name)] = stateOf(run);
  for (const { name, slirp, tap } of lab?.switches ?? []) {
    const run = runs.get(name) ?? { kind: 'stopped' };
    if (slirp) states[thingId('node', uplinkId(name))] = stateOf(run);
    if (tap) states[thingId('node', tapId(name))] = stateOf(run);
  }
  return { states, traffic: Object.fromEntries(switches.flatMap(trafficOf)) };
}

function stateOf(run: RunState): LiveState {
  if (run.kind === 'running')
    return run.halted === undefined ? { kind: 'running', word: 'running' } : { kind: 'paused', word: run.halted };
  const kind = run.kind === 'starting' || run.kind === 'stopping' ? 'busy' : run.kind;
  return { kind, word: run.kind };
}

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

function lineOf(who: Plugged, network: string): ThingId {
  switch (who.kind) {
    case 'nic':
      return linkId({ node: who.vm, nic: who.nic, network });
    case 'uplink':
      return linkId({ node: uplinkId(network), network });
    case 'wire':
      return thingId('wire', who.wire);
  }
}

/** As the tree says it: in and out of the switch. */
const wordsOf = ({ received, sent }: PortRate): string =>
  `in ${byteWords(received.bytes)}/s · out ${byteWords(sent.bytes)}/s`;
