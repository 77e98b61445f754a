import type { Terminal } from 'vscode';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { logTailBytes } from '../../../extension/console/replay.ts';
import { settle } from '../../support/console-fakes.ts';
import { terminals, window } from '../../support/console-window.ts';
import { fw, world } from '../../support/terminals-world.ts';

// `vscode` exists only inside VS Code.
vi.mock('vscode', () => import('../../support/console-window.ts'));

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

    consoles.reconnect({ lab: fw.lab, kind: 'vm', name: 'fw' }, () => undefined);

    expect(dialer.ports).toEqual([10031, 20031]);
  });

  test('when a VM begins to run elsewhere, its console goes along in the same terminal', async () => {
    const { consoles, dialer } = world();
    const shown = consoles.show(fw);
    await settle();
    const now = { ...fw, port: 10_041 };

    consoles.reconnect({ lab: fw.lab, kind: 'vm', name: 'fw' }, () => now);
    await settle();

    expect(dialer.ports).toEqual([10_031, 10_041]);
    expect([consoles.show(now), consoles.open.map(one => one.target)]).toEqual([shown, [now]]);
  });

  test('a terminal begins with the end of the console’s log', async () => {
    const { consoles, read } = world('booted\r\n');
    consoles.show(fw);
    let text = '';
    terminals[0]!.options.pty.onDidWrite(written => (text += written));

    await settle();

    expect(read).toEqual([logTailBytes]);
    expect(text).toMatch(/^booted\r\n/);
  });

  test('a log that is longer begins with a whole line', async () => {
    const { consoles } = world('broken\nwhole\r\n', true);
    consoles.show(fw);
    let text = '';
    terminals[0]!.options.pty.onDidWrite(written => (text += written));

    await settle();

    expect(text).toMatch(/^whole\r\n/);
  });

  test('one more terminal on a console has the same connection, and says that it is the second', async () => {
    const { consoles, dialer } = world();
    consoles.show(fw);
    await settle();

    consoles.show(fw, { isAnother: true });
    await settle();

    expect(dialer.ports).toEqual([10031]);
    expect(terminals.map(one => one.name)).toEqual(['fw · serial', 'fw · serial (2)']);
  });

  test('the connection lives as long as one of its terminals', async () => {
    const { consoles, dialer } = world();
    consoles.show(fw);
    consoles.show(fw, { isAnother: true });
    await settle();

    terminals[0]!.closeByUser();
    const withOne = [dialer.openLinks, consoles.open.length];
    terminals[1]!.closeByUser();

    expect([withOne, [dialer.openLinks, consoles.open.length]]).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  test('split, it stands beside the other terminal', () => {
    const { consoles } = world();
    const first = consoles.show(fw);

    consoles.show(fw, { isAnother: true, beside: first });

    expect(terminals[1]?.options.location).toEqual({ parentTerminal: first });
  });

  test('opened without being asked for, it neither shows itself nor takes the focus', () => {
    const { consoles } = world();

    consoles.show(fw, { isHidden: true });
    consoles.show({ ...fw, vm: 'web', port: 10032 }, { preserveFocus: true });

    expect(terminals.map(one => one.shows)).toEqual([[], ['no focus']]);
  });

  test('a console that comes back does not take the focus', async () => {
    const { consoles, dialer } = world();
    dialer.mood = 'refuses';
    consoles.show(fw, { preserveFocus: true });
    await settle();
    dialer.mood = 'accepts';

    consoles.reconnect({ lab: fw.lab, kind: 'vm', name: 'fw' }, () => undefined);
    await settle();
    dialer.link.greet();

    expect(terminals[0]?.shows).toEqual(['no focus']);
  });

  test('a terminal that VS Code made itself, for a profile, is found again by its console', () => {
    const { consoles } = world();
    const made = window.createTerminal(consoles.terminalOptions(fw)) as unknown as Terminal;

    consoles.adopt(made);

    expect(consoles.find(made)?.target).toEqual(fw);
    expect(consoles.show(fw)).toBe(made);
  });

  test('Enter starts a VM that is stopped, and not one that runs', async () => {
    const { consoles, dialer, started, states } = world();
    dialer.mood = 'refuses';
    states.set('fw · serial', { kind: 'stopped' });
    consoles.show(fw);
    await settle();

    terminals[0]!.type('\r');
    states.set('fw · serial', { kind: 'running', pid: 1 });
    terminals[0]!.type('\r');

    expect(started).toEqual([fw]);
  });
});

describe('all consoles together', () => {
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
