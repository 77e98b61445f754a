import { serialPort } from '../../lab/networks/addressing.ts';
import type { Vm } from '../../lab/model.ts';
import { deviceName } from '../../qemu/nic-ids.ts';
import { readVmCommand, type VmCommand } from '../../script/vm-command.ts';
import { keptArguments, type KeptValues } from '../../script/renew/kept-arguments.ts';
import type { VmSurroundings } from '../../script/vm-steps.ts';
import { arrow, type ChangeStep } from './change-step.ts';
import type { LiveVm } from './live-lab.ts';
import { baseName } from '../paths.ts';
import type { ThingRef } from '../state.ts';

/** What the script of a VM finds out when it runs, but for the accelerator. */
export type VmPlaces = Omit<VmSurroundings, 'accel'>;

/** What somebody changed in the script of a VM: settings, and whether anything else. */
export interface VmHandEdits {
  readonly settings: KeptValues;
  readonly hasCode: boolean;
}

export interface RestartParts {
  readonly id: number;
  readonly live: LiveVm;
  readonly places: VmPlaces;
  readonly hand: VmHandEdits;
  /** Its cloud-init has read something else than the lab says. */
  readonly isSeedOld: boolean;
  readonly thing: ThingRef;
}

/** The step for what a VM can only take over at its next start; all in one, as one restart is enough. */
export function restartStep(vm: Vm, { id, live, places, hand, isSeedOld, thing }: RestartParts): readonly ChangeStep[] {
  const accel = vm.accel === 'kvm' ? 'kvm' : 'tcg';
  const before = readVmCommand(live.args);
  const after = readVmCommand(keptArguments(vm, id, hand.settings, { ...places, accel }));
  const seed = isSeedOld ? ['what cloud-init reads'] : [];
  const words = [...commandChanges(vm, before, after, hand), ...seed, ...cardChanges(vm, live)];
  if (words.length === 0) return [];
  const action = { kind: 'run', verb: 'restart' } as const;
  return [{ id: `vm ${vm.name} restart`, kind: 'restart', thing, words: `${vm.name}: ${words.join(', ')}`, action }];
}

function commandChanges(vm: Vm, before: VmCommand, after: VmCommand, hand: VmHandEdits): readonly string[] {
  const words: string[] = [];
  // What only a shell can tell is not compared.
  const isClear = (...settings: readonly RegExp[]): boolean =>
    ![...hand.settings].some(([name, value]) => value === undefined && settings.some(one => one.test(name)));
  const compare = (
    [what, setting]: readonly [string, RegExp],
    [a, b]: readonly [string | undefined, string | undefined],
    show = shown,
  ): void => {
    if ((a ?? '') !== (b ?? '') && isClear(setting)) words.push(`${what} ${arrow(show(a), show(b))}`);
  };
  compare(['ID', /^ID$/], [idOf(before.serialPort), idOf(after.serialPort)]);
  compare(['RAM', /^RAM$/], [before.memory, after.memory]);
  compare(['CPUs', /^CPUS$/], [before.cpus, after.cpus]);
  // "auto" is whatever the host can do, and so is what runs.
  if ((hand.settings.get('ACCEL') ?? vm.accel) !== 'auto')
    compare(['acceleration', /^ACCEL$/], [before.accel, after.accel]);
  compare(['disks', /^(DISK\d+|OVERLAY|SEED)$/], [before.disks.join('\n'), after.disks.join('\n')], fileWords);
  compare(['CD', /^CDROM$/], [before.cdrom, after.cdrom], text => (text === '' ? 'empty' : fileWords(text)));
  compare(['boot order', /^BOOT$/], [before.boot, after.boot]);
  compare(['kernel', /^(KERNEL|GUEST)$/], [before.kernel, after.kernel], fileWords);
  compare(['initrd', /^(INITRD|GUEST)$/], [before.initrd, after.initrd], fileWords);
  compare(['display', /^VNC$/], [onOff(before.hasDisplay), onOff(after.hasDisplay)]);
  compare(['guest agent', /^$/], [onOff(before.hasAgent), onOff(after.hasAgent)]);
  const isToldOther = (before.append ?? '') !== (after.append ?? '') && isClear(/^APPEND$/);
  if (isToldOther) words.push(vm.isTinyGuest ? 'what its tiny guest is told at boot' : 'kernel command line');
  // Lines of one's own mostly add arguments.
  const isExtra = !hand.hasCode && isClear(/^EXTRA$/) && before.extra.join('\0') !== after.extra.join('\0');
  if (isExtra) words.push('extra arguments of QEMU');
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
