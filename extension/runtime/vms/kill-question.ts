import type { Vm } from '../../lab/model.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import { isActive, vmsIn } from '../views/thing-list.ts';
import { count } from '../views/tree-node.ts';

const shownDisks = 5;

/** What to ask before VMs are killed. */
export interface KillQuestion {
  readonly question: string;
  /** What gets lost. */
  readonly detail: string;
}

/** Undefined: no VM that runs is among these things, and switches and wires lose nothing that is not there again. */
export function killQuestion(things: readonly ThingRef[], labs: readonly LabSnapshot[]): KillQuestion | undefined {
  const vms = new Map(things.filter(hasVms).flatMap(thing => vmsIn([thing], labs).flatMap(one => running(one, labs))));
  const [first] = vms.values();
  if (!first) return undefined;
  const names = [...vms.values()].map(vm => vm.name).join(', ');
  const disks = [...vms.values()].flatMap(vm => vm.disks.map(disk => disk.file));
  return {
    question: vms.size === 1 ? `Kill VM ${first.name}?` : `Kill ${count(vms.size, 'VM')}: ${names}?`,
    detail: [
      vms.size === 1
        ? 'Its power goes off at once; its guest is not told.'
        : 'Their power goes off at once; their guests are not told.',
      lossWords(disks),
      'Stop presses the power button instead, and lets guests shut down.',
    ].join(' '),
  };
}

function lossWords(disks: readonly string[]): string {
  if (disks.length === 0) return 'Whatever is in memory is lost; there are no disks.';
  const named = disks.slice(0, shownDisks).join(', ') + (disks.length > shownDisks ? ', …' : '');
  return `Whatever is not yet written to disk is lost, and what is just being written may be damaged (${named}).`;
}

const hasVms = ({ kind }: ThingRef): boolean => kind === 'vm' || kind === 'lab' || kind === 'group';

function running(thing: ThingRef, labs: readonly LabSnapshot[]): readonly (readonly [string, Vm])[] {
  const snapshot = labs.find(one => one.path === thing.lab);
  const state = snapshot?.vms.get(thing.name);
  const vm = snapshot?.lab?.vms.find(one => one.name === thing.name);
  return vm && state && isActive(state) ? [[`${thing.lab}#${thing.name}`, vm]] : [];
}
