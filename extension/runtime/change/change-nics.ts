import { nicWire } from '../../lab/layout.ts';
import type { Vm } from '../../lab/model.ts';
import type { LiveNic } from '../../qemu/live-nics.ts';
import { readQemuNics, type QemuNic } from '../../qemu/nics.ts';
import { isSameSocket, readPlugAddress, type PlugAddress } from '../../vde/plug-address.ts';
import { arrow, isSamePlace, placeWords, type ChangeStep, type Place } from './change-step.ts';
import { socketOf, type LiveLab, type LiveSwitch, type LiveVm } from './live-lab.ts';
import type { ThingRef } from '../state.ts';
import { presentOwners } from '../switches/port-owner.ts';

/** The steps that give a running VM the NICs of its file, each in its port. */
export function nicSteps(vm: Vm, live: LiveVm, lab: LiveLab, thing: ThingRef): readonly ChangeStep[] {
  if (!live.nics) return [];
  const started = readQemuNics(live.args);
  const nics = live.nics.filter(nic => nic.model !== undefined);
  const step = { thing, kind: 'hot' } as const;
  const gone = nics
    .filter(nic => !vm.nics.some(one => one.number === nic.number))
    .map((nic): ChangeStep => {
      const from = placesOf(hangsOn(nic, started, live, lab));
      const words = `NIC ${nic.number} of ${vm.name} is taken out`;
      return { ...step, id: idOf(vm, nic.number), words, action: { kind: 'remove', nic: nic.number }, from };
    });
  const others = vm.nics.flatMap((nic): readonly ChangeStep[] => {
    const target = nic.port === undefined ? undefined : { switch: nic.switch, port: nic.port };
    if (!target || nic.mac === undefined) return [];
    const card = nics.find(one => one.number === nic.number);
    const now = card && hangsOn(card, started, live, lab);
    if (now?.isCertain === false || (card && waitsFor(card, target.switch, lab))) return [];
    const common = { ...step, id: idOf(vm, nic.number), to: [target] };
    const name = `NIC ${nic.number} of ${vm.name}`;
    if (!card) return [{ ...common, words: `${name} is added on ${placeWords(target)}`, action: { kind: 'add', nic } }];
    if (now?.place && isSamePlace(now.place, target)) return [];
    const words = now?.place ? moveWords(now.place, target) : `is plugged into ${placeWords(target)}`;
    return [{ ...common, words: `${name}: ${words}`, action: { kind: 'plug', nic }, from: placesOf(now) }];
  });
  return [...gone, ...others];
}

const idOf = (vm: Vm, nic: number): string => `vm ${vm.name} nic ${nic}`;

const moveWords = (from: Place, to: Place): string =>
  from.switch === to.switch
    ? `port of ${to.switch} ${arrow(from.port, to.port)}`
    : arrow(placeWords(from), placeWords(to));

const placesOf = (found: Found | undefined): readonly Place[] => (found?.place ? [found.place] : []);

interface Found {
  /** Undefined: it hangs nowhere. */
  readonly place: Place | undefined;
  /** Its switch does not answer, so there is no telling. */
  readonly isCertain: boolean;
}

/** Where a NIC really hangs: QEMU says where it was plugged in, and the switch whether it still is. */
function hangsOn(nic: LiveNic, started: readonly QemuNic[], { pid, name }: LiveVm, lab: LiveLab): Found {
  const address = switchEnd(nic, name, lab);
  if (!address) return { place: undefined, isCertain: true };
  const it = lab.switches.find(one => isSameSocket(one.socket, address.socket));
  if (!it) return { place: undefined, isCertain: true };
  if (!it.picture) return { place: undefined, isCertain: false };
  // A plug that was not moved since the start stands on the command line with its port.
  const first = started.find(one => one.number === nic.number)?.plug;
  const number = address.port ?? (first && isSameSocket(first.address, address.socket) ? first.port : undefined);
  const port = it.picture.ports.find(one => one.number === number);
  const isPlugged = port?.owners.some(owner => owner.kind === 'vm' && owner.pid === pid) === true;
  return { place: isPlugged && number !== undefined ? { switch: it.name, port: number } : undefined, isCertain: true };
}

/** Behind its own wirefilter, if it has one. */
function switchEnd({ address, number }: LiveNic, vm: string, { nicWires = [] }: LiveLab): PlugAddress | undefined {
  if (address?.startsWith('multi://')) return nicWires.find(({ name }) => name === nicWire(vm, number))?.ends[1];
  return address === undefined ? undefined : readPlugAddress(address);
}

/** Its switch is down and plugs it in as soon as it starts. */
const waitsFor = (nic: LiveNic, name: string, { run, switches }: LiveLab): boolean =>
  !switches.some(one => one.name === name) &&
  nic.address !== undefined &&
  readPlugAddress(nic.address)?.socket === socketOf(run, name);

/**
 * A step that goes where somebody sits who stays there has to wait for the user: nobody is thrown out. Who waits stays
 * too, so others may have to wait for that one.
 */
export function withObstacles(steps: readonly ChangeStep[], switches: readonly LiveSwitch[]): readonly ChangeStep[] {
  const leaving = steps.filter(step => step.kind !== 'manual').flatMap(step => step.from ?? []);
  const isTaken = (place: Place): boolean => {
    const picture = switches.find(one => one.name === place.switch)?.picture;
    return picture?.ports.some(port => port.number === place.port && presentOwners(port.owners).length > 0) === true;
  };
  const next = steps.map((step): ChangeStep => {
    const stays = (place: Place): boolean => !leaving.some(one => isSamePlace(one, place)) && isTaken(place);
    const blocked = step.kind === 'manual' ? undefined : step.to?.find(stays);
    if (!blocked) return step;
    return { ...step, kind: 'manual', words: `${step.words}, once ${placeWords(blocked)} is free` };
  });
  return next.every((step, at) => step === steps[at]) ? steps : withObstacles(next, switches);
}
