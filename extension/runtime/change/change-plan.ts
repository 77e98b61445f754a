import { hostOf, isHere } from '../../lab/hosts/lab-part.ts';
import { vmScript } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { nicSteps, withObstacles } from './change-nics.ts';
import { faultSteps } from './change-faults.ts';
import type { ChangeStep } from './change-step.ts';
import { downSteps, switchSteps } from './change-switches.ts';
import { restartStep, type VmPlaces } from './change-vms.ts';
import { wireSteps } from './change-wires.ts';
import { labByHand, type HandEdits } from './hand-edits.ts';
import type { ImageNews } from './image-news.ts';
import type { LiveLab } from './live-lab.ts';
import type { ThingRef } from '../state.ts';

/** What has to happen so that what runs of a lab is as its file says. */
export interface ChangePlan {
  readonly path: string;
  readonly lab: Lab;
  /** In the order in which people read them. */
  readonly steps: readonly ChangeStep[];
  /** What could not be compared, and why. */
  readonly remarks: readonly string[];
}

export interface PlanParts {
  readonly path: string;
  /** As the file is now, read without errors. */
  readonly lab: Lab;
  readonly live: LiveLab;
  readonly places: VmPlaces;
  readonly hand: HandEdits;
  readonly images: ImageNews;
}

/** Compares what the scripts of a lab would start with what really runs. Nothing of it runs: nothing to do. */
export function planChanges({ path, lab: ofFile, live, places, hand, images }: PlanParts): ChangePlan {
  const lab = labByHand(ofFile, hand);
  const thingOf =
    (kind: ThingRef['kind']) =>
    (name: string): ThingRef => ({ lab: path, kind, name });
  const isAnythingUp = live.vms.length + live.switches.length + live.wires.length > 0;
  if (!isAnythingUp) return { path, lab, steps: [], remarks: [] };
  const switches = lab.switches.flatMap(it => {
    const running = live.switches.find(one => one.name === it.name);
    return running ? switchSteps(lab, it, running, places, thingOf('switch')(it.name)) : [];
  });
  const plugs = withObstacles(
    [...nicStepsOf(lab, live, thingOf('vm')), ...wireSteps(lab, live, thingOf('wire'))],
    live.switches,
  );
  const wanted = new Set(plugs.flatMap(step => step.to ?? []).map(place => place.switch));
  const steps = [
    ...switches,
    ...downSteps(lab, live, wanted, thingOf('switch')),
    ...plugs,
    ...faultSteps(lab, live, thingOf),
    ...restartSteps(lab, { live, places, hand, images }, thingOf('vm')),
    ...comeAndGo(lab, live, thingOf),
  ];
  return { path, lab, steps, remarks: [...remarksOf(lab, live), ...hand.remarks, ...images.remarks] };
}

const nicStepsOf = (lab: Lab, live: LiveLab, thingOf: (name: string) => ThingRef): readonly ChangeStep[] =>
  lab.vms.flatMap(vm => {
    const running = live.vms.find(one => one.name === vm.name);
    return running ? nicSteps(vm, running, live, thingOf(vm.name)) : [];
  });

const restartSteps = (
  lab: Lab,
  { live, places, hand, images }: Pick<PlanParts, 'live' | 'places' | 'hand' | 'images'>,
  thingOf: (name: string) => ThingRef,
): readonly ChangeStep[] =>
  lab.vms.flatMap(vm => {
    const running = live.vms.find(one => one.name === vm.name);
    if (!running || vm.id === undefined) return [];
    const script = vmScript(vm.name);
    const own = { settings: hand.settings.get(script) ?? new Map(), hasCode: hand.code.has(script) };
    const common = { live: running, places, isSeedOld: images.oldSeeds.has(vm.name) };
    return restartStep(vm, { ...common, id: vm.id, hand: own, thing: thingOf(vm.name) });
  });

interface Named {
  readonly name: string;
}

/** VMs are never stopped or started unasked; nor are switches that nobody needs. */
function comeAndGo(
  lab: Lab,
  live: LiveLab,
  thingOf: (kind: ThingRef['kind']) => (name: string) => ThingRef,
): readonly ChangeStep[] {
  const step = (kind: 'vm' | 'switch', name: string, verb: 'start' | 'stop', words: string): ChangeStep => {
    return {
      id: `${kind} ${name} ${verb}`,
      kind: 'manual',
      thing: thingOf(kind)(name),
      words,
      action: { kind: 'run', verb },
    };
  };
  const gone = (running: readonly Named[], all: readonly Named[]): readonly string[] =>
    running.filter(one => !all.some(it => it.name === one.name)).map(one => one.name);
  const isNew = (vm: string): boolean => !live.scripts.has(vmScript(vm)) && !live.vms.some(one => one.name === vm);
  const notInFile = 'is not in the file any more: it stops';
  const elsewhere = lab.vms.filter(vm => !isHere(vm) && live.vms.some(one => one.name === vm.name));
  return [
    ...gone(live.vms, lab.vms).map(name => step('vm', name, 'stop', `VM ${name} ${notInFile}`)),
    ...elsewhere.map(vm => step('vm', vm.name, 'stop', `VM ${vm.name} belongs to ${hostOf(vm)}: it stops here`)),
    ...gone(live.switches, lab.switches).map(name => step('switch', name, 'stop', `switch ${name} ${notInFile}`)),
    ...lab.vms
      .filter(vm => isHere(vm) && isNew(vm.name))
      .map(({ name }) => step('vm', name, 'start', `VM ${name} is new: it starts`)),
  ];
}

const remarksOf = (lab: Lab, live: LiveLab): readonly string[] => [
  ...(lab.hosts ? [`What runs on ${lab.hosts.map(({ name }) => name).join(', ')} was not compared.`] : []),
  ...live.vms.filter(vm => !vm.nics).map(vm => `${vm.name} does not answer, so its NICs were not compared.`),
  ...live.switches
    .filter(one => !one.picture)
    .map(one => `Switch ${one.name} does not answer, so its ports were not compared.`),
];
