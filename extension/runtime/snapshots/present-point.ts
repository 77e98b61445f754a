import type { ThingRef } from '../state.ts';
import { savedDisks, savedSwitches, savedWires } from './save-snapshot.ts';
import { writtenDisks, type PointedLab, type SnapshotParts } from './snapshot-parts.ts';
import type { SavedVm, SnapshotPoint } from './snapshot-point.ts';

/** What a lab is now, as a point that nothing is kept of: to compare it with others. `files`: the lab file first. */
export async function presentPoint(
  of: PointedLab,
  files: SnapshotPoint['files'],
  parts: SnapshotParts,
): Promise<SnapshotPoint> {
  await parts.look();
  const disks = await writtenDisks(of, parts);
  const [switches, wires] = await Promise.all([savedSwitches(of, parts), savedWires(of, parts)]);
  const vms = of.lab.vms.map(async ({ name }): Promise<SavedVm> => {
    const state = stateNow({ lab: of.path, kind: 'vm', name }, parts);
    return { name, state, memory: undefined, command: [], disks: await savedDisks(of, disks, name, parts) };
  });
  return {
    ...{ name: 'now', note: '', takenMs: parts.clock.now(), parent: undefined, qemu: undefined, files },
    ...{ vms: await Promise.all(vms), switches, wires },
  };
}

function stateNow(vm: ThingRef, { store }: SnapshotParts): SavedVm['state'] {
  const state = store.stateOf(vm);
  if (state.kind !== 'running') return 'stopped';
  return state.halted === undefined ? 'running' : 'paused';
}
