import type { CableWatch } from '../../runtime/change/cable-watch.ts';
import type { VmActions } from '../../runtime/vms/vm-actions.ts';
import type { VmScreens } from '../../runtime/display/vm-screen.ts';
import type { MonitorAnswers, MonitorHistory } from '../consoles/monitor-memory.ts';
import type { StickHost } from '../sticks/stick-host.ts';

/** What commands need to act on VMs that run. */
export interface Machines {
  readonly actions: VmActions;
  /** Knows which cables are pulled. */
  readonly cables: CableWatch;
  readonly screens: VmScreens;
  /** USB sticks, loaded with the first one. */
  readonly sticks: () => Promise<StickHost>;
  readonly history: MonitorHistory;
  readonly answers: MonitorAnswers;
}
