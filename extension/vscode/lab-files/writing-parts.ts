import type { Random32 } from '../../lab/networks/random.ts';
import type { HostNetworks, QemuPrograms } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';

/** What help for writing lab files needs to know. */
export interface WritingParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly hostNetworks: HostNetworks;
  readonly random: Random32;
  readonly qemu: QemuPrograms;
  /** The text from which the lab in the store was read. */
  readonly textOf: (path: string) => string | undefined;
}
