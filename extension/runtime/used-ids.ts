import type { LabStore } from './store.ts';

/** IDs that a new VM cannot have: those of every lab of the workspace and of every VM that runs on this host. */
export function usedIds({ labs, host }: Pick<LabStore, 'labs' | 'host'>): readonly number[] {
  const ids = [...labs.flatMap(({ lab }) => lab?.vms.map(vm => vm.id) ?? []), ...host.vms.map(vm => vm.id)];
  return ids.filter(id => id !== undefined);
}
