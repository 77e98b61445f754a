import { nicWire } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { perfectWire, type WireFaults } from '../../lab/wire-faults.ts';
import { wirefilterOrders } from '../../vde/wirefilter.ts';
import { arrow, type ChangeStep } from './change-step.ts';
import type { LiveLab } from './live-lab.ts';
import type { ThingRef } from '../state.ts';
import { faultWords } from '../../lab/fault-words.ts';

interface WiredThing {
  readonly thing: ThingRef;
  /** 0: a wire between switches. */
  readonly nic: number;
  readonly title: string;
  readonly ends: readonly [string, string];
  readonly faults: WireFaults;
}

/** The steps that make wires as bad as their file says while they are in use; those that do not run start so. */
export function faultSteps(
  lab: Lab,
  live: LiveLab,
  thingOf: (kind: ThingRef['kind']) => (name: string) => ThingRef,
): readonly ChangeStep[] {
  return wiredThings(lab, thingOf).flatMap(({ thing, nic, title, ends, faults }): readonly ChangeStep[] => {
    const name = nic === 0 ? thing.name : nicWire(thing.name, nic);
    const now = live.faults?.get(name);
    if (!now || wirefilterOrders(now, faults).length === 0) return [];
    // Where there is none a wirefilter is put in, and packets get lost for a moment.
    const isFiltered = (nic === 0 ? live.wires : (live.nicWires ?? [])).some(
      one => one.name === name && one.isFiltered,
    );
    const words = `${title}: ${arrow(wordsOf(now, ends), wordsOf(faults, ends))}`;
    const kind = isFiltered ? 'live' : 'hot';
    return [{ id: `wire ${name} faults`, kind, thing, words, action: { kind: 'faults', nic, faults } }];
  });
}

const wordsOf = (faults: WireFaults, ends: readonly [string, string]): string =>
  faultWords(faults, ends) || 'nothing wrong';

const wiredThings = (
  lab: Lab,
  thingOf: (kind: ThingRef['kind']) => (name: string) => ThingRef,
): readonly WiredThing[] => [
  ...lab.wires.map(({ name, ends: [from, to], faults = perfectWire }): WiredThing => {
    const ends = [from.switch, to.switch] as const;
    return { thing: thingOf('wire')(name), nic: 0, title: `wire ${name}`, ends, faults };
  }),
  ...lab.vms.flatMap(vm =>
    vm.nics.map(({ number, switch: to, faults = perfectWire }): WiredThing => {
      const title = `wire of NIC ${number} of ${vm.name}`;
      return { thing: thingOf('vm')(vm.name), nic: number, title, ends: [vm.name, to], faults };
    }),
  ),
];
