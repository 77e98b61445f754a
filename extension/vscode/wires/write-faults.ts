import type { WireFaults } from '../../lab/wire-faults.ts';
import { baseName } from '../../runtime/paths.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { WireTarget } from '../../runtime/wires/wire-picture.ts';
import { editLabFile } from '../lab-files/edit-lab-file.ts';

/** Writes into the lab file what is wrong with a wire; gives what was done, in words. */
export async function writeFaults(store: LabStore, target: WireTarget, faults: WireFaults): Promise<string> {
  const { lab: file, name, nic } = target;
  const thing = nic === 0 ? ({ kind: 'wire', name } as const) : ({ kind: 'nic', vm: name, nic } as const);
  const included = store.lab(file)?.reading.included;
  const isChanged = await editLabFile({ file, included }, { kind: 'setFaults', thing, faults });
  return isChanged ? `Written into ${baseName(file)}, which is not saved yet.` : `${baseName(file)} says so already.`;
}
