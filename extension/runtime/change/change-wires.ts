import { isHere, wiresAndSpares } from '../../lab/hosts/lab-part.ts';
import { wireScript } from '../../lab/layout.ts';
import type { Lab, Wire } from '../../lab/model.ts';
import { outsideUrl } from '../../vde/outside-wire.ts';
import { isSameSocket } from '../../vde/plug-address.ts';
import { placeWords, type ChangeStep, type Place } from './change-step.ts';
import { socketOf, type LiveLab, type LiveWire } from './live-lab.ts';
import type { ThingRef } from '../state.ts';

/** The steps that plug in each wire as its file says; a wire that the file does not have here is pulled. */
export function wireSteps(lab: Lab, live: LiveLab, thingOf: (name: string) => ThingRef): readonly ChangeStep[] {
  const step = (name: string, words: string, verb: 'start' | 'stop' | 'restart', places: Partial<ChangeStep>) =>
    ({
      ...{ id: `wire ${name}`, kind: 'hot', thing: thingOf(name) },
      ...{ words: `wire ${name} ${words}`, action: { kind: 'run', verb }, ...places },
    }) satisfies ChangeStep;
  const own = lab.wires.filter(isHere);
  const known = wiresAndSpares(lab).filter(isHere);
  const gone = live.wires.filter(({ name }) => !known.some(one => one.name === name));
  const wanted = own.flatMap((wire): readonly ChangeStep[] => {
    const to = endsOf(wire);
    const words = to.map(placeWords).join(' – ');
    const running = live.wires.find(one => one.name === wire.name);
    const { outside } = wire.ends[1];
    if (outside) {
      if (!running) return canLeadOut(wire, live) ? [step(wire.name, `is plugged in: ${words}`, 'start', { to })] : [];
      const url = outsideUrl(outside);
      if (running.outside === url && isAsWanted(running, to, live.run)) return [];
      return [step(wire.name, `moves: ${words} – ${url}`, 'restart', { from: placesOf(running, live), to })];
    }
    if (to.length < 2) return [];
    if (!running) return canStart(wire, live) ? [step(wire.name, `is plugged in: ${words}`, 'start', { to })] : [];
    if (isAsWanted(running, to, live.run)) return [];
    return [step(wire.name, `moves: ${words}`, 'restart', { from: placesOf(running, live), to })];
  });
  return [...gone.map(one => step(one.name, 'is pulled', 'stop', { from: placesOf(one, live) })), ...wanted];
}

const endsOf = (wire: Wire): readonly Place[] =>
  wire.ends.flatMap(({ switch: name, port }) => (port === undefined ? [] : { switch: name, port }));

const isAsWanted = (running: LiveWire, ends: readonly Place[], run: string): boolean =>
  running.ends.length === ends.length &&
  ends.every((end, at) => {
    const now = running.ends[at];
    return now?.port === end.port && isSameSocket(now.socket, socketOf(run, end.switch));
  });

const placesOf = ({ ends }: LiveWire, { switches }: LiveLab): readonly Place[] =>
  ends.flatMap(({ socket, port }) => {
    const it = switches.find(one => isSameSocket(one.socket, socket));
    return it && port !== undefined ? [{ switch: it.name, port }] : [];
  });

/** From a switch that runs. */
const canLeadOut = ({ ends: [from] }: Wire, { switches }: LiveLab): boolean =>
  from.port !== undefined && switches.some(one => one.name === from.switch);

/** Between switches that run; a wire that is new in the lab brings up the one that does not. */
function canStart(wire: Wire, { switches, scripts }: LiveLab): boolean {
  const running = wire.ends.filter(end => switches.some(one => one.name === end.switch)).length;
  return running === 2 || (running === 1 && !scripts.has(wireScript(wire.name)));
}
