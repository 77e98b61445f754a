import type { CableWatch } from '../runtime/cable-watch.ts';
import type { VmActions } from '../runtime/vm-actions.ts';
import type { VmScreens } from '../runtime/vm-screen.ts';
import type { MonitorAnswers, MonitorHistory } from './monitor-memory.ts';

/** What commands need to act on VMs that run. */
export interface Machines {
  readonly actions: VmActions;
  /** Knows which cables are pulled. */
  readonly cables: CableWatch;
  readonly screens: VmScreens;
  readonly history: MonitorHistory;
  readonly answers: MonitorAnswers;
}
