import type { RunningVm } from '../../extension/runtime/state.ts';

/** A VM of the lab dmz, as a look at the host finds it. */
export const runningVm = (name: string, pid: number, parts: Partial<RunningVm> = {}): RunningVm => ({
  pid,
  startTicks: pid * 10,
  uid: 1000,
  name,
  id: undefined,
  memory: '256M',
  serialPort: undefined,
  monitorPort: undefined,
  displayPort: undefined,
  pidFile: `/run/dmz/${name}.pid`,
  lab: 'dmz',
  ...parts,
});
