import { blockText } from '../../lab/edits/yaml-style.ts';
import type { PlainRecord } from '../../lab/reading/plain-data.ts';
import type { ImportedVm } from './import-vm.ts';

/** The text of a lab file with an imported VM alone. */
export function labWithVm({ name, vm, switches }: ImportedVm): string {
  const lab: PlainRecord = {
    ...(Object.keys(switches).length === 0 ? {} : { switches }),
    vms: { [name]: vm },
  };
  return `${blockText(lab, true, 0, { newline: '\n', step: 2 })}\n`;
}
