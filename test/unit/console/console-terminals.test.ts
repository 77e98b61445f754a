import { beforeEach, describe, expect, test, vi } from 'vitest';
import { logTailBytes } from '../../../extension/console/replay.ts';
import { ConsoleSession } from '../../../extension/runtime/console-session.ts';
import type { ConsoleTarget } from '../../../extension/runtime/console-target.ts';
import type { RunState } from '../../../extension/runtime/state.ts';
import { targetTitle, type TerminalTarget } from '../../../extension/runtime/terminal-target.ts';
import { ConsoleTerminals } from '../../../extension/vscode/console-terminals.ts';
import { FakeDialer, settle } from '../../support/console-fakes.ts';
import { terminals } from '../../support/console-window.ts';
import { FakeClock } from '../../support/fake-clock.ts';

// `vscode` exists only inside VS Code.
vi.mock('vscode', () => import('../../support/console-window.ts'));

const fw: ConsoleTarget = {
  lab: '/x/dmz.lab.yaml',
  vm: 'fw',
  kind: 'serial',
  port: 10031,
  logPath: '/run/fw.console.log',
};

function world(log?: string) {
  const [dialer, clock] = [new FakeDialer(), new FakeClock()];
  const read: [string, number][] = [];
  const started: TerminalTarget[] = [];
  const states = new Map<string, RunState>();
  const consoles = new ConsoleTerminals({
    clock,
    makeSession: target => new ConsoleSession(dialer, clock, target.kind === 'switch' ? 0 : target.port),
    readLogTail: (path, bytes) => {
      read.push([path, bytes]);
      return Promise.resolve(log);
    },
    stateOf: target => states.get(targetTitle(target)),
    start: target => started.push(target),
  });
  return { consoles, dialer, clock, read, started, states };
}

beforeEach(() => void terminals.splice(0));

describe('the terminals of all consoles', () => {
  test('a console opens as a terminal named after VM and kind, with an icon', () => {
    world().consoles.show(fw);

    expect(terminals.map(({ options, shown }) => [options.name, options.iconPath, shown])).toEqual([
      ['fw · serial', { id: 'terminal' }, 1],
    ]);
  });

  test('opened again, the same terminal is shown', () => {
    const { consoles } = world();

    const first = consoles.show(fw);
    const second = consoles.show({ ...fw });

    expect(second).toBe(first);
    expect(terminals.map(one => one.shown)).toEqual([2]);
  });

  test('serial and monitor, and VMs of the same name in two labs, have terminals of their own', () => {
    const { consoles } = world();

    consoles.show(fw);
    consoles.show({ ...fw, kind: 'monitor', port: 20031 });
    consoles.show({ ...fw, lab: '/y/dmz.lab.yaml' });

    expect(terminals.map(one => one.options.name)).toEqual(['fw · serial', 'fw · monitor', 'fw · serial']);
  });

  test('closed by the user, it opens anew', async () => {
    const { consoles, dialer, clock } = world();
    consoles.show(fw);
    await settle();
    terminals[0]!.closeByUser();
    const left = [dialer.openLinks, clock.pending];

    consoles.show(fw);

    expect([left, terminals.length]).toEqual([[0, 0], 2]);
  });

  test('a VM whose ID changed gets a terminal on its new port', async () => {
    const { consoles, dialer } = world();
    consoles.show(fw);
    await settle();

    consoles.show({ ...fw, port: 10099 });
    await settle();

    expect({ ports: dialer.ports, disposed: terminals.map(one => one.isDisposed), links: dialer.openLinks }).toEqual({
      ports: [10031, 10099],
      disposed: [true, false],
      links: 1,
    });
  });

  test('the late end of a replaced terminal does not take the new one away', async () => {
    const { consoles } = world();
    consoles.show(fw);
    const renewed = consoles.show({ ...fw, port: 10099 });

    terminals[0]!.closeByUser();
    await settle();

    expect(consoles.show({ ...fw, port: 10099 })).toBe(renewed);
  });

  test('when a VM begins to run, its consoles connect at once, and no others', async () => {
    const { consoles, dialer } = world();
    dialer.mood = 'refuses';
    consoles.show(fw);
    consoles.show({ ...fw, kind: 'monitor', port: 20031 });
    consoles.show({ ...fw, vm: 'web', port: 10032 });
    await settle();
    dialer.ports.splice(0);

    consoles.reconnect(fw.lab, 'vm', 'fw');

    expect(dialer.ports).toEqual([10031, 20031]);
  });

  test('a terminal begins with the end of the console’s log', async () => {
    const { consoles, read } = world('booted\r\n');
    consoles.show(fw);
    let text = '';
    terminals[0]!.options.pty.onDidWrite(written => (text += written));

    await settle();

    expect(read).toEqual([['/run/fw.console.log', logTailBytes]]);
    expect(text).toMatch(/^booted\r\n/);
  });

  test('a log that is longer begins with a whole line', async () => {
    const { consoles } = world(`broken\nwhole\r\n${'x'.repeat(logTailBytes)}`);
    consoles.show(fw);
    let text = '';
    terminals[0]!.options.pty.onDidWrite(written => (text += written));

    await settle();

    expect(text).toMatch(/^whole\r\n/);
  });

  test('a console without a log has none read', async () => {
    const { consoles, read, dialer } = world();

    consoles.show({ ...fw, kind: 'monitor', logPath: undefined });
    await settle();

    expect([read, dialer.ports.length]).toEqual([[], 1]);
  });

  test('disposed, it closes every terminal and leaves nothing behind', async () => {
    const { consoles, dialer, clock } = world();
    consoles.show(fw);
    consoles.show({ ...fw, kind: 'monitor', port: 20031 });
    await settle();

    consoles.dispose();
    consoles.dispose();

    expect({ disposed: terminals.map(one => one.isDisposed), links: dialer.openLinks, timers: clock.pending }).toEqual({
      disposed: [true, true],
      links: 0,
      timers: 0,
    });
  });
});
