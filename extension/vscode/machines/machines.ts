import type { CableWatch } from '../../runtime/change/cable-watch.ts';
import type { VmActions } from '../../runtime/vms/vm-actions.ts';
import type { VmScreens } from '../../runtime/display/vm-screen.ts';
import type { MonitorAnswers, MonitorHistory } from '../consoles/monitor-memory.ts';

/** What commands need to act on VMs that run. */
export interface Machines {
  readonly actions: VmActions;
  /** Knows which cables are pulled. */
  readonly cables: CableWatch;
  readonly screens: VmScreens;
  readonly history: MonitorHistory;
  readonly answers: MonitorAnswers;
}
