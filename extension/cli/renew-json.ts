import type { RenewPlan } from '../runtime/renew/renew-plan.ts';
import { restartNeeds } from '../runtime/renew/restart-needs.ts';
import type { RunState, ThingRef } from '../runtime/state.ts';
import type { Clash, SettingChange } from '../script/renew/renew-script.ts';

/** A plan as `kvmlab renew --json` prints it. Scripts that stay as they were generated are left out. */
export function plainPlan(file: string, plan: RenewPlan, stateOf: (thing: ThingRef) => RunState) {
  return {
    file,
    lab: plan.lab.name,
    scripts: plan.scripts
      .map(({ name, renewal }) => ({
        script: name,
        result: renewal.kind,
        changed: renewal.taken.map(plainChange),
        kept: renewal.kept.map(plainChange),
        keptLines: renewal.keptCode?.changed ?? [],
        clashes: renewal.clashes.map(plainClash),
        notUnderstood: renewal.notUnderstood,
      }))
      .filter(({ result, kept, keptLines }) => result !== 'same' || kept.length + keptLines.length > 0),
    gone: plan.gone.map(({ name, isEdited }) => ({ script: name, edited: isEdited })),
    restarts: restartNeeds(plan, stateOf).map(({ thing, settings }) => ({
      kind: thing.kind,
      name: thing.name,
      settings,
    })),
  };
}

const plainChange = ({ name, from, to }: SettingChange) => ({ name, from: from ?? null, to: to ?? null });

function plainClash(clash: Clash) {
  const { suggestion, why } = clash;
  if (clash.kind === 'code') return { kind: 'code', lines: clash.edits?.changed ?? null, suggestion, why };
  const { name, then, mine, lab } = clash;
  return { kind: 'setting', name, then: then ?? null, mine: mine ?? null, lab: lab ?? null, suggestion, why };
}
