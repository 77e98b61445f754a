import { describe, expect, test } from 'vitest';
import { LabStore } from '../../../extension/runtime/store.ts';
import { HostWatcher } from '../../../extension/runtime/watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFolders } from '../../support/fake-folders.ts';
import { FakeProcesses, switchProcess, vmProcess } from '../../support/fake-processes.ts';

const root = '/run/user/1000/kvmlab';

function setUp() {
  const processes = new FakeProcesses();
  const clock = new FakeClock();
  const store = new LabStore();
  const folders = new FakeFolders();
  const messages: string[] = [];
  const log = (message: string): void => void messages.push(message);
  const watcher = new HostWatcher({ processes, clock, store, runRoots: [root], folders, log });
  return { processes, clock, store, folders, messages, watcher };
}

describe('the watcher', () => {
  test('tells the store what runs', async () => {
    const { processes, store, watcher } = setUp();
    processes.set(vmProcess(1, `${root}/dmz`, 'fw', 31));

    await watcher.poll();

    expect(store.host.vms.map(vm => [vm.lab, vm.name, vm.pid])).toEqual([['dmz', 'fw', 1]]);
  });

  test('tells the store from which folder a lab was started', async () => {
    const { processes, store, folders, watcher } = setUp();
    processes.set(vmProcess(1, `${root}/dmz`, 'fw', 31), switchProcess(2, `${root}/other`, 'lan'));
    folders.scripts.set(`${root}/dmz`, '/labs/dmz');

    await watcher.poll();

    expect([...store.host.vms, ...store.host.switches].map(one => one.scripts)).toEqual(['/labs/dmz', undefined]);
  });

  test('notices a VM that died and a switch that came', () => {
    const { processes, clock, store, watcher } = setUp();
    processes.set(vmProcess(1, `${root}/dmz`, 'fw', 31));
    watcher.start(1000);

    processes.set(switchProcess(2, `${root}/dmz`, 'lan'));
    clock.advance(1000);

    expect([store.host.vms.length, store.host.switches.length]).toEqual([0, 1]);
  });

  test('says nothing while nothing changes', () => {
    const { processes, clock, store, watcher } = setUp();
    processes.set(vmProcess(1, `${root}/dmz`, 'fw', 31));
    let changes = 0;
    store.onDidChange(() => (changes += 1));

    watcher.start(1000);
    clock.advance(5000);

    expect([changes, processes.sweeps]).toEqual([1, 6]);
  });

  test('looks less often while nothing is visible, and at once when something is again', () => {
    const { processes, clock, watcher } = setUp();
    watcher.start(1000);

    watcher.setVisible(false);
    clock.advance(4999);
    const hidden = processes.sweeps;
    clock.advance(1);
    watcher.setVisible(true);
    watcher.setVisible(true);

    expect([hidden, processes.sweeps, clock.pending]).toEqual([1, 3, 1]);
  });

  test('does not begin by being made visible', () => {
    const { processes, clock, watcher } = setUp();

    watcher.setVisible(false);
    watcher.setVisible(true);

    expect([processes.sweeps, clock.pending]).toEqual([0, 0]);
  });

  test('logs a failure once, backs off, and keeps what it knew', () => {
    const { processes, clock, store, messages, watcher } = setUp();
    processes.set(vmProcess(1, `${root}/dmz`, 'fw', 31));
    watcher.start(1000);
    processes.failure = new Error('no /proc');

    clock.advance(60_000);

    expect(messages).toEqual(['Cannot see what runs on this host: Error: no /proc']);
    expect(store.host.vms).toHaveLength(1);
    // 1, 3, 7, 15 s after the start, then every 8 s.
    expect(processes.sweeps).toBe(1 + 4 + 5);
  });

  test('returns to its pace when the failure is over, and would log the next one', () => {
    const { processes, clock, messages, watcher } = setUp();
    processes.failure = new Error('once');
    watcher.start(1000);
    processes.failure = undefined;
    clock.advance(2000);
    const recovered = processes.sweeps;
    clock.advance(3000);
    processes.failure = new Error('again');
    clock.advance(1000);

    expect([recovered, processes.sweeps, messages.length]).toEqual([2, 6, 2]);
  });

  test('survives a listener of the store that throws', () => {
    const { processes, clock, store, messages, watcher } = setUp();
    store.onDidChange(() => {
      throw new Error('bug in a view');
    });
    processes.set(vmProcess(1, `${root}/dmz`, 'fw', 31));

    watcher.start(1000);
    clock.advance(10_000);

    expect([messages.length, processes.sweeps > 1]).toEqual([1, true]);
  });

  test('leaves no timer behind, not even when it is disposed twice', () => {
    const { processes, clock, watcher } = setUp();
    watcher.start(1000);

    watcher.dispose();
    watcher.dispose();
    watcher.setVisible(false);
    watcher.setVisible(true);
    clock.advance(10_000);

    expect([clock.pending, processes.sweeps]).toEqual([0, 1]);
  });

  test('has one timer however often it is started', () => {
    const { clock, watcher } = setUp();

    watcher.start(1000);
    watcher.start(2000);

    expect(clock.pending).toBe(1);
  });
});
