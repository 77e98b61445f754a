import { labScript, switchScript, vmScript, wireScript } from '../lab/layout.ts';
import type { Lab } from '../lab/model.ts';
import type { Verb } from './lab-control.ts';
import type { ThingRef } from './state.ts';

/** One round of work: things that may be done at the same time, by one verb of their scripts. */
export interface Phase {
  readonly task: 'starting' | 'stopping';
  /** The verb of the script. */
  readonly verb: 'start' | 'stop' | 'kill' | 'restart';
  readonly things: readonly ThingRef[];
}

export function scriptOf(thing: ThingRef): string {
  switch (thing.kind) {
    case 'vm':
      return vmScript(thing.name);
    case 'switch':
      return switchScript(thing.name);
    case 'wire':
      return wireScript(thing.name);
    case 'lab':
    case 'group':
      return labScript;
  }
}

/** Labs and groups taken apart, each thing once, in rounds: to start switches, wires, VMs; to stop the other way round. */
export function phasesOf(verb: Verb, things: readonly ThingRef[], labs: ReadonlyMap<string, Lab>): readonly Phase[] {
  const single = new Map<string, ThingRef>();
  for (const thing of things.flatMap(one => takeApart(one, labs.get(one.lab))))
    single.set(JSON.stringify(thing), thing);
  const of = (kind: ThingRef['kind']): readonly ThingRef[] => [...single.values()].filter(thing => thing.kind === kind);
  const [vms, switches, wires] = [of('vm'), of('switch'), of('wire')];
  const starting = (...rounds: (readonly ThingRef[])[]): Phase[] =>
    rounds.map(round => ({ task: 'starting', verb: 'start', things: round }));
  const stopping = (how: 'stop' | 'kill', ...rounds: (readonly ThingRef[])[]): Phase[] =>
    rounds.map(round => ({ task: 'stopping', verb: how, things: round }));
  const phases: Record<Verb, () => Phase[]> = {
    start: () => starting(switches, wires, vms),
    stop: () => stopping('stop', vms, wires, switches),
    kill: () => stopping('kill', vms, wires, switches),
    // A switch restarts on its own and plugs in again what hangs on it; VMs go down before and come up after.
    restart: () => [
      ...stopping('stop', vms, wires),
      { task: 'starting', verb: 'restart', things: switches },
      ...starting(wires, vms),
    ],
  };
  return phases[verb]().filter(phase => phase.things.length > 0);
}

function takeApart(thing: ThingRef, lab: Lab | undefined): readonly ThingRef[] {
  if (thing.kind !== 'lab' && thing.kind !== 'group') return [thing];
  if (!lab) return [];
  const ref =
    (kind: ThingRef['kind']) =>
    (name: string): ThingRef => ({ lab: thing.lab, kind, name });
  if (thing.kind === 'group') return (lab.groups.find(({ name }) => name === thing.name)?.vms ?? []).map(ref('vm'));
  return [
    ...lab.switches.map(({ name }) => ref('switch')(name)),
    ...lab.wires.map(({ name }) => ref('wire')(name)),
    ...lab.vms.map(({ name }) => ref('vm')(name)),
  ];
}
