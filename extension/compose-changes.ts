import type { ChangeParts } from './changes-room.ts';
import type { LabChanges } from './runtime/change/lab-changes.ts';
import type { Changes } from './vscode/services.ts';

/** Compares lab files with what runs, and changes that; what does it is loaded with the first plan. */
export function lazyChanges(parts: ChangeParts): Changes {
  let loading: Promise<LabChanges> | undefined;
  const load = async (): Promise<LabChanges> => (await import('./changes-room.ts')).makeChanges(parts);
  const changes = (): Promise<LabChanges> => (loading ??= load());
  return {
    plan: async (...args) => (await changes()).plan(...args),
    apply: async (...args) => (await changes()).apply(...args),
    filterOf: target => ({
      pull: async () => (await changes()).filterOf(target).pull(),
      plug: async () => (await changes()).filterOf(target).plug(),
    }),
  };
}
