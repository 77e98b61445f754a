import { labScript, switchScript, vmScript, wireScript } from '../../lab/layout.ts';
import type { RunState, ThingRef } from '../state.ts';
import type { RenewPlan } from './renew-plan.ts';

/** Something that runs by its former script, and what counts for it only after its next start. */
export interface RestartNeed {
  readonly thing: ThingRef;
  readonly settings: readonly string[];
}

/** What of a renewal running VMs, switches and wires learn only when they are started again. */
export function restartNeeds(plan: RenewPlan, stateOf: (thing: ThingRef) => RunState): readonly RestartNeed[] {
  return plan.scripts.flatMap(({ name, renewal }) => {
    const thing = thingOf(plan, name);
    const settings = renewal.taken.map(change => change.name).filter(needsRestart);
    return thing && settings.length > 0 && stateOf(thing).kind === 'running' ? [{ thing, settings }] : [];
  });
}

/** Where a NIC is plugged in is changed while the VM runs, and so is its CD. */
const needsRestart = (setting: string): boolean => !/^(NIC\d+(_PORT)?|CDROM)$/.test(setting);

/** What a script is for; undefined for those of the whole lab. */
export function thingOf({ path, lab }: Pick<RenewPlan, 'path' | 'lab'>, script: string): ThingRef | undefined {
  if (script === labScript) return undefined;
  const find = (kind: 'vm' | 'switch' | 'wire', list: readonly { name: string }[], file: (name: string) => string) => {
    const found = list.find(({ name }) => file(name) === script);
    return found && { lab: path, kind, name: found.name };
  };
  return (
    find('vm', lab.vms, vmScript) ?? find('switch', lab.switches, switchScript) ?? find('wire', lab.wires, wireScript)
  );
}

/** `fw runs: RAM and CPUS count after its next start.` */
export const restartWords = (needs: readonly RestartNeed[]): string =>
  needs.map(({ thing, settings }) => `${thing.name} runs: ${listWords(settings)} after its next start.`).join(' ');

function listWords(names: readonly string[]): string {
  const [last, ...others] = [...names].reverse();
  if (others.length === 0) return `${last ?? ''} counts`;
  return `${others.reverse().join(', ')} and ${last ?? ''} count`;
}
