import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningVm, ThingRef } from '../../../extension/runtime/state.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { VmStatusWatch } from '../../../extension/runtime/vms/vm-status-watch.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeQmp } from '../../support/fake-qmp.ts';
import { lab, vm } from '../../support/lab-builder.ts';
import { runningVm } from '../../support/running-vm.ts';

const fw: ThingRef = { lab: '/labs/dmz.lab.yaml', kind: 'vm', name: 'fw' };

let qmp: FakeQmp;
let store: LabStore;
let clock: FakeClock;
let watch: VmStatusWatch;
let log: string[];

beforeEach(() => {
  qmp = new FakeQmp();
  store = new LabStore();
  clock = new FakeClock();
  log = [];
  store.setReading(fw.lab, { lab: lab({ vms: [vm('fw', 31), vm('web', 32)] }), problems: [] });
  const runDir = (name: string): string => `/run/${name}`;
  watch = new VmStatusWatch({ store, qmp, clock, runDir, log: line => log.push(line) });
});

const setHost = (...vms: readonly RunningVm[]): void => store.setHost({ vms, switches: [], wires: [] });
const open = (): readonly string[] => qmp.openWatches.map(one => one.socket);

describe('the watch over VMs', () => {
  test('is connected to those of our labs that run, only while somebody looks', () => {
    setHost(runningVm('fw', 11), runningVm('x', 12, { lab: undefined, pidFile: undefined }));
    expect(open()).toEqual([]);

    watch.setLooking(true);
    expect(open()).toEqual(['/run/dmz/fw.watch.qmp']);
    setHost(runningVm('fw', 11), runningVm('web', 13));
    expect(open()).toEqual(['/run/dmz/fw.watch.qmp', '/run/dmz/web.watch.qmp']);
    setHost(runningVm('web', 13));
    expect(open()).toEqual(['/run/dmz/web.watch.qmp']);

    watch.setLooking(false);
    expect([open(), clock.pending]).toEqual([[], 0]);
  });

  test('leaves the VMs of other users alone', () => {
    setHost(runningVm('fw', 11, { lab: 'dmz (/tmp/kvmlab-7)', pidFile: '/tmp/kvmlab-7/dmz/fw.pid' }));
    watch.setLooking(true);

    expect(open()).toEqual([]);
  });

  test('connects anew when a VM was started again', () => {
    watch.setLooking(true);
    setHost(runningVm('fw', 11));
    setHost(runningVm('fw', 11, { startTicks: 999 }));

    expect([qmp.watches.length, open().length]).toEqual([2, 1]);
  });

  test('tells the store whether a guest runs, and the log what happened', () => {
    setHost(runningVm('fw', 11));
    watch.setLooking(true);
    const [one] = qmp.watches;

    one?.hear({ kind: 'event', event: { name: 'STOP', data: {} } });
    one?.hear({ kind: 'status', status: 'paused' });
    expect(store.stateOf(fw)).toEqual({ kind: 'running', pid: 11, halted: 'paused' });
    expect(store.host.vms[0]?.halted).toBe('paused');
    expect(log).toEqual(['VM fw: STOP {}']);

    one?.hear({ kind: 'status', status: 'running' });
    expect(store.stateOf(fw)).toEqual({ kind: 'running', pid: 11 });
  });

  test('forgets that a VM was paused when its process ends', () => {
    setHost(runningVm('fw', 11));
    watch.setLooking(true);
    qmp.watches[0]?.hear({ kind: 'status', status: 'paused' });

    setHost();
    setHost(runningVm('fw', 11, { startTicks: 5 }));

    expect(store.stateOf(fw)).toEqual({ kind: 'running', pid: 11 });
  });

  test('asks in turns while another window has the socket for watchers, until it is ours', async () => {
    qmp.answers.set('query-status', { status: 'paused' });
    setHost(runningVm('fw', 11));
    watch.setLooking(true);

    qmp.watches[0]?.hear({ kind: 'queued' });
    await settle();
    expect(store.stateOf(fw)).toMatchObject({ halted: 'paused' });
    qmp.answers.set('query-status', { status: 'running' });
    clock.advance(4_000);
    await settle();
    expect(store.stateOf(fw)).not.toHaveProperty('halted');

    qmp.watches[0]?.hear({ kind: 'status', status: 'running' });
    clock.advance(60_000);
    expect(qmp.asked).toHaveLength(2);
    expect([...new Set(qmp.asked.map(one => one.socket))]).toEqual(['/run/dmz/fw.qmp']);
  });

  test('tries again when a VM that runs has hung up, and not after it was let go', () => {
    setHost(runningVm('fw', 11));
    watch.setLooking(true);
    qmp.watches[0]?.hear({ kind: 'closed' });
    clock.advance(5_000);
    expect(qmp.watches).toHaveLength(2);

    qmp.watches[1]?.hear({ kind: 'closed' });
    watch.dispose();
    clock.advance(60_000);
    expect([qmp.watches.length, clock.pending]).toEqual([2, 0]);
  });
});
