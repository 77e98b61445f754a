import { resolvePath } from '../../lab/files.ts';
import type { Vm } from '../../lab/model.ts';
import { resolveSteps } from '../step.ts';
import { vmSettings, vmSteps, vmVariables, type VmSurroundings } from '../vm-steps.ts';
import type { SettingValue } from './settings-block.ts';

/** Settings of a script that were changed by hand and stay, by their names. */
export type KeptValues = ReadonlyMap<string, SettingValue>;

/**
 * The argument list that a VM's script prints whose settings were changed by hand: what follows from a setting (the
 * consoles from ID, boot ROMs from BOOT) follows it. What only a shell can tell is as the lab has it.
 */
export function keptArguments(vm: Vm, id: number, kept: KeptValues, around: VmSurroundings): readonly string[] {
  const accel = kept.get('ACCEL') === 'kvm' ? 'kvm' : kept.get('ACCEL') === 'tcg' ? 'tcg' : around.accel;
  const variables = new Map([
    ...vmVariables(vm, Number(textOf(kept, 'ID') ?? id), { ...around, accel }),
    ...keptVariables(vm, id, kept, around),
    ...guestVariables(vm, kept, around),
  ]);
  const boot = textOf(kept, 'BOOT');
  if (boot !== undefined) variables.set('rom', boot.includes('n') ? '' : ',romfile=');
  return resolveSteps(vmSteps(vm), variables);
}

type Variable = readonly [name: string, value: string | readonly string[]];

const textOf = (kept: KeptValues, name: string): string | undefined => {
  const value = kept.get(name);
  return typeof value === 'string' ? value : undefined;
};

function keptVariables(vm: Vm, id: number, kept: KeptValues, around: VmSurroundings): readonly Variable[] {
  const paths = new Set(vmSettings(vm, id).flatMap(({ name, isPath }) => (isPath ? [name] : [])));
  return [...kept].flatMap(([name, value]): readonly Variable[] => {
    if (value === undefined) return [];
    const isFile = paths.has(name) && typeof value === 'string' && value !== '' && !value.includes('://');
    return [[name, isFile ? resolvePath(value, around.labFolder, around.home) : value]];
  });
}

/** The tiny guest has a kernel of its own, whatever the settings say; a VM that is no such guest any more has none. */
function guestVariables(vm: Vm, kept: KeptValues, { guestFolder }: VmSurroundings): readonly Variable[] {
  const guest = textOf(kept, 'GUEST');
  if ((guest ?? (vm.isTinyGuest ? 'tiny' : '')) === 'tiny')
    return [
      ['KERNEL', `${guestFolder}/vmlinuz`],
      ['INITRD', `${guestFolder}/initrd`],
    ];
  if (guest === undefined) return [];
  return ['KERNEL', 'INITRD'].filter(name => !kept.has(name)).map(name => [name, '']);
}
