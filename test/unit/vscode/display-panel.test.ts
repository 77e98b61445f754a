import { beforeEach, describe, expect, test } from 'vitest';
import { DisplaySession } from '../../../extension/runtime/display/display-session.ts';
import type { RunState } from '../../../extension/runtime/state.ts';
import { DisplayPanel, type DisplayHost } from '../../../extension/vscode/display/display-panel.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeDisplayDialer, FakeDisplayTab } from '../../support/display-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const target = { lab: '/w/a.lab.yaml', vm: 'fw', port: 30_031 };
let dialer: FakeDisplayDialer;
let clock: FakeClock;
let tab: FakeDisplayTab;
let run: RunState | undefined;
let isTrusted: boolean;
let clipboard: string;
let starts: number;

const host: DisplayHost = {
  makeSession: ({ port }) => new DisplaySession(dialer, clock, port),
  runState: () => run,
  isTrusted: () => isTrusted,
  start: () => (starts += 1),
  clipboard: {
    readText: () => Promise.resolve(clipboard),
    writeText: text => {
      clipboard = text;
      return Promise.resolve();
    },
  },
};
let panel: DisplayPanel;

beforeEach(() => {
  [dialer, clock, tab] = [new FakeDisplayDialer(), new FakeClock(), new FakeDisplayTab()];
  [run, isTrusted, clipboard, starts] = [{ kind: 'running', pid: 7 }, true, '', 0];
  panel = new DisplayPanel(target, tab, host);
});

async function ready(): Promise<void> {
  tab.say({ type: 'ready' });
  await settle();
}

/** The view and the VNC server have agreed. */
async function shown(): Promise<number> {
  await ready();
  const connection = tab.ofType('opened').at(-1)!.connection;
  tab.say({ type: 'shown', connection });
  return connection;
}

describe('a display', () => {
  test('connects to nothing before its view is there, and to nothing twice when the view is loaded again', async () => {
    const before = dialer.dials;
    await ready();
    await ready();

    expect([before, dialer.dials, dialer.openLinks]).toEqual([0, 2, 1]);
  });

  test('carries bytes both ways, as plain arrays', async () => {
    const connection = await shown();

    dialer.link.give(Buffer.from([1, 0, 255]));
    tab.say({ type: 'bytes', connection, bytes: Uint8Array.from([9]) });

    expect(tab.ofType('bytes')).toEqual([{ type: 'bytes', connection, bytes: Uint8Array.from([1, 0, 255]) }]);
    expect(tab.ofType('bytes')[0]!.bytes.constructor).toBe(Uint8Array);
    expect(dialer.link.written).toEqual([9]);
  });

  test('is paused and goes on as its view works off what came', async () => {
    const connection = await shown();
    dialer.link.give(new Uint8Array(2_000_000));
    const isPaused = dialer.link.isPaused;
    tab.say({ type: 'received', connection, count: 2_000_000 });

    expect([isPaused, dialer.link.isPaused]).toEqual([true, false]);
  });

  test('tells its view who it is, and has no words while there is a picture', async () => {
    await ready();
    const before = tab.news;
    tab.say({ type: 'shown', connection: tab.ofType('opened')[0]!.connection });

    expect([before, tab.news]).toEqual(['Connecting to fw …', undefined]);
    expect(tab.ofType('picture')[0]?.picture.identity).toEqual(target);
  });

  test('says that the VM is stopped, offers to start it, and comes back with it', async () => {
    await shown();
    dialer.isThere = false;
    run = { kind: 'stopped' };
    dialer.link.hangUp();
    clock.advance(250);
    await settle();
    const picture = tab.ofType('picture').at(-1)!.picture;
    tab.say({ type: 'start' });
    dialer.isThere = true;
    run = { kind: 'running', pid: 8 };
    panel.update(true);
    await settle();
    tab.say({ type: 'shown', connection: tab.ofType('opened').at(-1)!.connection });

    expect(picture).toMatchObject({ news: 'fw is stopped. Its screen shows here when it runs.', canStart: true });
    expect([starts, tab.ofType('opened').length, tab.news]).toEqual([1, 2, undefined]);
  });

  test('says why the VM did not start', async () => {
    dialer.isThere = false;
    run = { kind: 'failed', reason: 'image fw.qcow2 not found' };
    await ready();

    expect(tab.news).toContain('image fw.qcow2 not found');
  });

  test('says so when the VM runs without a display', async () => {
    dialer.isThere = false;
    await ready();

    expect(tab.news).toMatch(/nobody answers on localhost:30031.*VNC=no/);
  });

  test('says who may be in the way when the VM lets it in no further', async () => {
    await ready();
    dialer.link.give([82]);
    dialer.link.hangUp();

    expect(tab.news).toContain('Another VNC client');
    expect(tab.ofType('closed')).toHaveLength(1);
  });

  test('says why its view gave up', async () => {
    await ready();
    tab.say({ type: 'failed', connection: tab.ofType('opened')[0]!.connection, reason: 'it asks for a password' });

    expect(tab.news).toContain('it asks for a password');
  });

  test('hangs up while it is hidden, and connects when its view is back', async () => {
    await shown();

    tab.setVisible(false);
    const whileHidden = dialer.openLinks;
    tab.setVisible(true);
    await ready();

    expect([whileHidden, dialer.openLinks]).toEqual([0, 1]);
  });

  test('connects to nothing in a workspace that is not trusted, and does so when it is', async () => {
    isTrusted = false;
    await ready();
    const [dials, news] = [dialer.dials, tab.news];
    isTrusted = true;
    panel.update(false);
    await settle();

    expect([dials, dialer.dials]).toEqual([0, 1]);
    expect(news).toContain('not trusted');
  });

  test('gives the view the text of the clipboard, and the clipboard the text of the guest, when asked to', async () => {
    clipboard = 'to the guest';
    await ready();
    tab.say({ type: 'pasteWanted', way: 'keys' });
    await settle();
    tab.say({ type: 'copy', text: 'from the guest' });

    expect(tab.ofType('paste')).toEqual([{ type: 'paste', way: 'keys', text: 'to the guest' }]);
    expect(clipboard).toBe('from the guest');
  });

  test('takes no notice of messages that it does not know', () => {
    expect(() => tab.say({ type: 'of the future' } as never)).not.toThrow();
  });

  test.each([
    ['closed by the user', () => tab.closeByUser()],
    ['closed by us', () => panel.dispose()],
    ['let go of', () => panel.tab.release()],
  ])('leaves nothing behind when it is %s', async (_how, end) => {
    let closings = 0;
    panel.tab.onClosed(() => (closings += 1));
    await shown();

    end();
    panel.update(true);
    await settle();

    expect([dialer.openLinks, clock.pending, tab.listenerCount, closings]).toEqual([0, 0, 0, 1]);
  });
});
