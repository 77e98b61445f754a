import { beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import type { RunningVm, ThingRef } from '../../../extension/runtime/state.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { VmActions } from '../../../extension/runtime/vms/vm-actions.ts';
import { VmScreens } from '../../../extension/runtime/display/vm-screen.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeQmp } from '../../support/fake-qmp.ts';
import { lab, vm } from '../../support/lab-builder.ts';
import { runningVm } from '../../support/running-vm.ts';

const fw: ThingRef = { lab: '/labs/dmz.lab.yaml', kind: 'vm', name: 'fw' };
const web: ThingRef = { ...fw, name: 'web' };
const socket = '/run/dmz/fw.qmp';

let qmp: FakeQmp;
let store: LabStore;
let actions: VmActions;
/** What the next look at the host finds. */
let running: readonly RunningVm[];

beforeEach(() => {
  qmp = new FakeQmp();
  store = new LabStore();
  const vms = [vm('fw', 31, { vnc: true }), vm('web', 32)];
  store.setReading(fw.lab, { lab: lab({ vms }), problems: [] });
  running = [runningVm('fw', 11)];
  const look = (): Promise<void> => {
    store.setHost({ vms: running, switches: [], wires: [] });
    return Promise.resolve();
  };
  actions = new VmActions({ store, qmp, runDir: name => `/run/${name}`, look });
});

const failure = async (asked: Promise<unknown>): Promise<UserError> => {
  const error: unknown = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
};

describe('orders to a VM', () => {
  test.each([
    ['pause', 'stop', 'fw is paused.'],
    ['resume', 'cont', 'fw runs again.'],
    ['reset', 'system_reset', 'fw was reset.'],
    ['pressPowerButton', 'system_powerdown', 'The power button of fw was pressed. What follows is up to its guest.'],
  ] as const)('%s is %s, and then the store knows how the VM is', async (action, command, words) => {
    expect(await actions[action](fw)).toBe(words);
    expect(qmp.asked.map(one => [one.socket, one.execute])).toEqual([
      [socket, command],
      [socket, 'query-status'],
    ]);
  });

  test('show that a VM is paused, and why it does not go on', async () => {
    qmp.answers.set('query-status', { status: 'paused' });
    await actions.pause(fw);
    expect(store.stateOf(fw)).toEqual({ kind: 'running', pid: 11, halted: 'paused' });

    qmp.answers.set('query-status', { status: 'guest-panicked' });
    await expect(actions.resume(fw)).rejects.toThrow('fw does not go on: paused: guest panicked.');
    expect(await actions.reset(fw)).toBe('fw was reset; it is still paused: guest panicked.');
    expect(await actions.pressPowerButton(fw)).toContain('its guest sees it when it is resumed');
  });

  test('ask nothing of a VM that does not run, and offer to start it', async () => {
    const error = await failure(actions.pause(web));

    expect(error.message).toBe('web is not running.');
    expect(error.actions).toEqual([{ title: 'Start', command: 'kvmlab.start', args: [web] }]);
    expect(qmp.asked).toEqual([]);
  });

  test('do not start what is just being started', async () => {
    store.setTask(web, { kind: 'starting' });

    expect((await failure(actions.pause(web))).actions).toEqual([]);
  });

  test.each([
    { ...fw, name: 'nobody' },
    { ...fw, lab: '/gone' },
    { ...fw, kind: 'switch' as const },
  ])('name what is no VM: %j', async thing => {
    await expect(actions.pause(thing)).rejects.toThrow(`There is no VM ${thing.name} in ${thing.lab}.`);
  });

  test('say which VM cannot be asked, and which one refuses', async () => {
    qmp.refuse('stop', 'Resetting the Virtual Machine is required');
    await expect(actions.pause(fw)).rejects.toThrow('fw: Resetting the Virtual Machine is required.');

    qmp.dead.add(socket);
    await expect(actions.pause(fw)).rejects.toThrow(`fw cannot be asked. Cannot reach QEMU at ${socket}.`);
  });

  test('send keys by QEMU’s names', async () => {
    expect(await actions.sendKeys(fw, 'Ctrl+Alt+Del')).toBe('Ctrl+Alt+Delete was sent to fw.');
    expect(qmp.asked[0]?.args).toEqual({
      keys: ['ctrl', 'alt', 'delete'].map(data => ({ type: 'qcode', data })),
    });
  });

  test('send no key that there is not', async () => {
    await expect(actions.sendKeys(fw, 'ctrl-nokey')).rejects.toThrow('There is no key "nokey".');
    expect(qmp.asked).toEqual([]);
  });
});

describe('the CD drive', () => {
  const drive = { device: 'cdrom', removable: true, tray_open: false, inserted: { file: '/old.iso' } };

  test('is emptied, with the image that was in it named', async () => {
    qmp.answers.set('query-block', [drive]);

    expect(await actions.ejectCd(fw)).toBe('The CD was taken out of fw (/old.iso).');
    expect(qmp.asked.at(-1)).toMatchObject({ execute: 'eject', args: { device: 'cdrom', force: false } });
  });

  test('gets an image, read only and never guessed', async () => {
    qmp.answers.set('query-block', [drive]);

    await actions.changeCd(fw, '/new.iso');

    expect(qmp.asked.at(-1)?.args).toEqual({
      device: 'cdrom',
      filename: '/new.iso',
      format: 'raw',
      'read-only-mode': 'read-only',
    });
  });

  test('that the guest has locked can be opened by force, with the image that was chosen', async () => {
    qmp.answers.set('query-block', [drive]);
    qmp.refuse('blockdev-change-medium', "Device 'cdrom' is locked and force was not specified, wait for tray to open");

    const error = await failure(actions.changeCd(fw, '/new.iso'));

    expect(error.message).toContain('The guest of fw has locked its CD drive');
    expect(error.actions).toEqual([{ title: 'Use Force', command: 'kvmlab.changeCd', args: [fw, true, '/new.iso'] }]);
    qmp.answers.delete('blockdev-change-medium');
    await actions.changeCd(fw, '/new.iso', true);
    expect(qmp.asked.at(-1)?.args).toMatchObject({ force: true });
  });

  test('that is not there can be had by a line in the lab file', async () => {
    const error = await failure(actions.ejectCd(fw));

    expect(error.message).toContain('fw has no CD drive. Give it one in the lab file, "cdrom: FILE.iso"');
    expect(error.actions.map(one => one.command)).toEqual(['kvmlab.openLabFile']);
  });
});

describe('pictures of a screen', () => {
  const thumbnails = { taken: [] as string[], take: (file: string) => Promise.resolve(`base64 of ${file}`) };
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 19, 5, 7));
  let screens: VmScreens;
  beforeEach(() => {
    screens = new VmScreens(actions, thumbnails, clock);
  });

  test('lie in the run-time folder with the time in their name', async () => {
    expect(await screens.screenshot(fw)).toBe('/run/dmz/fw.20261122T190507.png');
    expect(qmp.asked.at(-1)).toMatchObject({
      execute: 'screendump',
      args: { filename: '/run/dmz/fw.20261122T190507.png', format: 'png' },
    });
  });

  test('are not asked for again for a few seconds, however often somebody looks', async () => {
    const pictures = await Promise.all([screens.thumbnail(fw), screens.thumbnail(fw)]);
    await screens.thumbnail(fw);

    expect(pictures).toEqual(['base64 of /run/dmz/fw.screen.ppm', 'base64 of /run/dmz/fw.screen.ppm']);
    expect(qmp.commands.filter(one => one === 'screendump')).toHaveLength(1);

    clock.advance(5_000);
    await screens.thumbnail(fw);
    expect(qmp.commands.filter(one => one === 'screendump')).toHaveLength(2);
  });

  test('that failed are tried again at once', async () => {
    qmp.refuse('screendump', 'no');
    await expect(screens.thumbnail(fw)).rejects.toThrow('fw: no.');

    qmp.answers.delete('screendump');
    await expect(screens.thumbnail(fw)).resolves.toContain('base64');
  });

  test('need a display, and say how to get one', async () => {
    running = [runningVm('web', 12)];
    const error = await failure(screens.screenshot(web));

    expect(error.message).toContain('web has no display');
    expect(error.message).toContain('"vnc: true"');
    expect(error.actions.map(one => one.title)).toEqual(['Open Lab File']);
    expect(qmp.asked).toEqual([]);
  });

  test('say the same of a VM that was started before it had one', async () => {
    qmp.refuse('screendump', 'There is no console to take a screendump from');

    await expect(screens.screenshot(fw)).rejects.toThrow('fw has no display');
  });
});

describe('the monitor of a VM', () => {
  test('answers a line as it is, and a pause by it is seen', async () => {
    qmp.answers.set('human-monitor-command', 'a\r\nb\r\n');
    qmp.answers.set('query-status', { status: 'paused' });

    expect(await actions.monitor(fw, 'stop')).toBe('a\nb\n');
    expect(qmp.asked[0]?.args).toEqual({ 'command-line': 'stop' });
    expect(store.stateOf(fw)).toMatchObject({ halted: 'paused' });
  });

  test('tells its commands', async () => {
    qmp.answers.set('human-monitor-command', 'cont|c  -- resume emulation\r\n');

    expect((await actions.monitorCommands(fw)).map(one => one.name)).toEqual(['cont']);
    expect(qmp.asked.map(one => one.args)).toEqual([{ 'command-line': 'help' }, { 'command-line': 'help info' }]);
  });
});
