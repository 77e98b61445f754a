import { serialPort } from '../../lab/networks/addressing.ts';
import type { Vm } from '../../lab/model.ts';
import { deviceName } from '../../qemu/nic-ids.ts';
import { readVmCommand, type VmCommand } from '../../script/vm-command.ts';
import { vmArguments, type VmSurroundings } from '../../script/vm-steps.ts';
import { arrow, type ChangeStep } from './change-step.ts';
import type { LiveVm } from './live-lab.ts';
import { baseName } from '../paths.ts';
import type { ThingRef } from '../state.ts';

/** What the script of a VM finds out when it runs, but for the accelerator. */
export type VmPlaces = Omit<VmSurroundings, 'accel'>;

/** The step for what a VM can only take over at its next start; all in one, as one restart is enough. */
export function restartStep(
  vm: Vm,
  id: number,
  live: LiveVm,
  places: VmPlaces,
  thing: ThingRef,
): readonly ChangeStep[] {
  const accel = vm.accel === 'kvm' ? 'kvm' : 'tcg';
  const before = readVmCommand(live.args);
  const after = readVmCommand(vmArguments(vm, id, { ...places, accel }));
  const words = [...commandChanges(vm, before, after), ...cardChanges(vm, live)];
  if (words.length === 0) return [];
  const action = { kind: 'run', verb: 'restart' } as const;
  return [{ id: `vm ${vm.name} restart`, kind: 'restart', thing, words: `${vm.name}: ${words.join(', ')}`, action }];
}

function commandChanges(vm: Vm, before: VmCommand, after: VmCommand): readonly string[] {
  const words: string[] = [];
  const compare = (what: string, a: string | undefined, b: string | undefined, show = shown): void => {
    if ((a ?? '') !== (b ?? '')) words.push(`${what} ${arrow(show(a), show(b))}`);
  };
  compare('ID', idOf(before.serialPort), idOf(after.serialPort));
  compare('RAM', before.memory, after.memory);
  compare('CPUs', before.cpus, after.cpus);
  // "auto" is whatever the host can do, and so is what runs.
  if (vm.accel !== 'auto') compare('acceleration', before.accel, after.accel);
  compare('disks', before.disks.join('\n'), after.disks.join('\n'), text => fileWords(text));
  compare('CD', before.cdrom, after.cdrom, text => (text === '' ? 'empty' : fileWords(text)));
  compare('boot order', before.boot, after.boot);
  compare('kernel', before.kernel, after.kernel, text => fileWords(text));
  compare('initrd', before.initrd, after.initrd, text => fileWords(text));
  compare('display', onOff(before.hasDisplay), onOff(after.hasDisplay));
  const isToldOther = (before.append ?? '') !== (after.append ?? '');
  if (isToldOther) words.push(vm.isTinyGuest ? 'what its tiny guest is told at boot' : 'kernel command line');
  if (before.extra.join('\0') !== after.extra.join('\0')) words.push('extra arguments of QEMU');
  return words;
}

/** Another card in place of a NIC's is no change that a guest survives. */
const cardChanges = (vm: Vm, { nics = [], macs }: LiveVm): readonly string[] =>
  vm.nics.flatMap(({ number, model, mac }) => {
    const card = nics.find(one => one.number === number);
    if (card?.model === undefined) return [];
    const driver = deviceName(model);
    const before = macs.get(number);
    return [
      ...(card.model === driver ? [] : [`NIC ${number} model ${arrow(card.model, driver)}`]),
      ...(mac === undefined || before === undefined || before === mac
        ? []
        : [`NIC ${number} MAC ${arrow(before, mac)}`]),
    ];
  });

const shown = (text: string | undefined): string => (text === undefined || text === '' ? 'none' : text);
const onOff = (is: boolean): string => (is ? 'on' : 'off');
const fileWords = (text: string | undefined): string => shown(text?.split('\n').map(baseName).join(', '));
const idOf = (port: string | undefined): string | undefined =>
  port === undefined ? undefined : String(Number(port) - serialPort(0));
