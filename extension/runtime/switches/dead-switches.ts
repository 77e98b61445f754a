import type { LabSnapshot, ThingRef } from '../state.ts';

/** A switch that went away without being told to, while VMs hang on it. */
export interface DeadSwitch {
  readonly thing: ThingRef;
  /** Running VMs that have a NIC on it. */
  readonly vms: readonly string[];
}

/** What died between two looks. A switch that we stop is `stopping` in between, so it is not among them. */
export function deadSwitches(before: LabSnapshot | undefined, after: LabSnapshot): readonly DeadSwitch[] {
  return (after.lab?.switches ?? []).flatMap(({ name }) => {
    const hasDied = before?.switches.get(name)?.kind === 'running' && after.switches.get(name)?.kind === 'stopped';
    const vms = hasDied ? vmsOn(name, after) : [];
    return vms.length > 0 ? [{ thing: { lab: after.path, kind: 'switch', name } as const, vms }] : [];
  });
}

const vmsOn = (name: string, { lab, vms }: LabSnapshot): readonly string[] =>
  (lab?.vms ?? [])
    .filter(vm => vms.get(vm.name)?.kind === 'running' && vm.nics.some(nic => nic.switch === name))
    .map(vm => vm.name);

export function deathWords({ thing, vms }: DeadSwitch): string {
  const who = vms.length > 3 ? `${vms.slice(0, 3).join(', ')} and ${vms.length - 3} more` : vms.join(', ');
  const verb = vms.length === 1 ? 'has' : 'have';
  return `Switch ${thing.name} is not running any more: ${who} ${verb} no network there. Started again, it plugs them in without a restart.`;
}
