import type { Lab } from '../../extension/lab/model.ts';
import type { ProcessEntry } from '../../extension/runtime/host.ts';
import type { SwitchPicture } from '../../extension/runtime/switches/port-picture.ts';
import type { RunningSwitch } from '../../extension/runtime/state.ts';
import { SwitchReader } from '../../extension/runtime/switches/switch-reader.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeManagement, type FakeVdeSwitch } from './fake-management.ts';
import { FakeProcesses } from './fake-processes.ts';

export const runRoot = '/run/u/kvmlab';

/** The process of a switch of the lab dmz. */
export const runningLan = (parts: Partial<RunningSwitch> = {}): RunningSwitch => {
  const socket = `${runRoot}/dmz/switch-lan`;
  const place = { socket, management: `${socket}.mgmt`, name: 'lan', lab: 'dmz' };
  return { pid: 21, startTicks: 1021, uid: 1000, ports: 31, tap: undefined, ...place, ...parts };
};

/** Looks at a switch in memory. */
export function readerOf(one: FakeVdeSwitch, entries: readonly ProcessEntry[] = []) {
  const management = new FakeManagement();
  const of = runningLan();
  management.switches.set(of.management ?? '', one);
  const processes = new FakeProcesses(...entries);
  const reader = new SwitchReader(of, { management, processes, clock: new FakeClock(), runRoots: [runRoot] });
  return { reader, processes };
}

/** What is seen of it. */
export async function pictureOf(
  one: FakeVdeSwitch,
  processes: readonly ProcessEntry[] = [],
  lab?: Lab,
): Promise<SwitchPicture> {
  const { reader } = readerOf(one, processes);
  await reader.read('all');
  return reader.picture(lab)!;
}
