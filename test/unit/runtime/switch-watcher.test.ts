import { describe, expect, test } from 'vitest';
import { LabStore } from '../../../extension/runtime/store.ts';
import { SwitchWatcher } from '../../../extension/runtime/switches/switch-watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement, FakeVdeSwitch } from '../../support/fake-management.ts';
import { FakeProcesses } from '../../support/fake-processes.ts';
import { runningLan, runRoot } from '../../support/switch-pictures.ts';

const of = runningLan();
const socket = of.management!;
const plugged = { kind: 'port', port: 1, change: 'opened' } as const;

function setUp() {
  const [management, clock, store] = [new FakeManagement(), new FakeClock(), new LabStore()];
  const lan = new FakeVdeSwitch().port(1, { received: 100, sent: 10 });
  management.switches.set(socket, lan);
  store.setHost({ vms: [], switches: [of, runningLan({ pid: 22, name: 'mute', management: undefined })], wires: [] });
  const parts = { management, clock, store, processes: new FakeProcesses(), runRoots: [runRoot] };
  const watcher = new SwitchWatcher({ ...parts, intervalMs: () => 2000 });
  const heard: number[] = [];
  watcher.onDidChange(pid => heard.push(pid));
  const asked = (): readonly string[] => lan.commands.splice(0);
  return { management, clock, store, lan, watcher, heard, asked };
}

/** Lets everything that waits for answers go on. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const whole = ['port/allprint', 'vlan/allprint', 'hash/print', 'port/showinfo', 'fstp/showinfo'];

describe('the watcher of switches', () => {
  test('asks nobody while nobody looks', async () => {
    const { clock, asked, management } = setUp();

    clock.advance(60_000);
    await settle();

    expect([asked(), management.listeners, clock.pending]).toEqual([[], 0, 0]);
  });

  test('says so when nobody looks at a switch any more', async () => {
    const { watcher, heard } = setUp();
    watcher.want('tree', [of.pid]);
    await settle();
    heard.splice(0);
    watcher.want('tree', []);

    expect([heard, watcher.picture(of.pid)]).toEqual([[of.pid], undefined]);
  });

  test('looks at once at what somebody opens, then only at the ports, and now and then at all', async () => {
    const { watcher, clock, asked, heard } = setUp();

    watcher.want('labs', [21]);
    await settle();
    const first = asked();
    const rounds: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      clock.advance(2000);
      await settle();
      rounds.push(asked().length);
    }

    expect([first, rounds, heard.length]).toEqual([whole, [1, 1, 1, 1, 5], 6]);
  });

  test('gives rates from two looks', async () => {
    const { watcher, clock, lan } = setUp();
    watcher.want('labs', [21]);
    await settle();
    expect(watcher.picture(21)?.ports[0]?.rate).toBeUndefined();

    lan.port(1, { received: 300, sent: 10 });
    clock.advance(2000);
    await settle();

    expect(watcher.picture(21)?.ports[0]?.rate).toEqual({
      received: { packets: 100, bytes: 10_000 },
      sent: { packets: 0, bytes: 0 },
    });
  });

  test('gives no rate when the counters began anew', async () => {
    const { watcher, clock, lan } = setUp();
    watcher.want('labs', [21]);
    await settle();

    lan.port(1, { received: 1, sent: 1 });
    clock.advance(2000);
    await settle();

    expect(watcher.picture(21)?.ports[0]?.rate).toBeUndefined();
  });

  test('looks at everything soon after news, once for many', async () => {
    const { watcher, clock, asked, management } = setUp();
    watcher.want('labs', [21]);
    await settle();
    asked();

    for (let at = 0; at < 20; at += 1) management.tell(socket, plugged);
    clock.advance(100);
    await settle();

    expect(asked()).toEqual(whole);
  });

  test('stops when the last view lets go, and leaves nothing behind', async () => {
    const { watcher, clock, management, asked } = setUp();
    watcher.want('labs', [21]);
    watcher.want('host', [21]);
    await settle();
    watcher.want('labs', []);
    expect([management.listeners, watcher.picture(21) === undefined]).toEqual([1, false]);

    watcher.want('host', []);
    asked();
    clock.advance(60_000);
    await settle();

    expect([management.listeners, clock.pending, asked(), watcher.picture(21)]).toEqual([0, 0, [], undefined]);
  });

  test('asks a switch that is gone ever more seldom, and knows it again when it is back', async () => {
    const { watcher, clock, management, lan, asked, heard } = setUp();
    watcher.want('labs', [21]);
    await settle();
    management.end(socket);
    for (let round = 0; round < 10; round += 1) {
      clock.advance(2000);
      await settle();
    }
    expect([management.listeners, clock.pending]).toEqual([1, 1]);

    management.switches.set(socket, lan);
    asked();
    clock.advance(32_000);
    await settle();

    expect([asked(), heard.length]).toEqual([whole, 2]);
  });

  test('does not ask a switch without a management socket, nor one that does not run', () => {
    const { watcher, clock, management } = setUp();

    watcher.want('labs', [22, 99]);

    expect([management.listeners, clock.pending]).toEqual([0, 0]);
  });
});
