import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import type { ShellSettings } from '../../../extension/lab/shell.ts';
import { GuestShells, type RunOptions } from '../../../extension/runtime/guests/guest-shells.ts';
import type { GuestAnswer } from '../../../extension/runtime/guests/marked-output.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { settle } from '../../support/console-fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeGuest, type FakeGuestParts } from '../../support/fake-guest.ts';
import { lab, vm } from '../../support/lab-builder.ts';
import { runningVm } from '../../support/running-vm.ts';

const path = '/x/dmz.lab.yaml';
const login = { user: 'debian', password: 's3cret' };

/** Locks as flock(1) gives them. */
class FakeLocks {
  readonly held = new Set<string>();

  lock(file: string): Promise<{ release(): Promise<void> } | undefined> {
    if (this.held.has(file)) return Promise.resolve(undefined);
    this.held.add(file);
    return Promise.resolve({
      release: () => {
        this.held.delete(file);
        return Promise.resolve();
      },
    });
  }
}

/** A lab whose only VM is the fake guest. */
function world(parts: FakeGuestParts = {}, isRunning = true, shell: ShellSettings = {}) {
  const [clock, store] = [new FakeClock(), new LabStore()];
  const cloudInit = { seed: 's.iso', ...login, sshKeys: [], hostname: undefined, packages: [] };
  store.setReading(path, { lab: lab({ name: 'dmz', vms: [vm('web', 31, { cloudInit, shell })] }), problems: [] });
  if (isRunning) store.setHost({ vms: [runningVm('web', 4711)], switches: [], wires: [] });
  const guests: FakeGuest[] = [];
  const session = (): FakeGuest => {
    const guest = new FakeGuest(parts);
    guests.push(guest);
    return guest;
  };
  const secret = (name: string) => Promise.resolve(name === 'known' ? login.password : undefined);
  const locks = new FakeLocks();
  const tryLock = (file: string) => locks.lock(file);
  const shells = new GuestShells({ store, clock, runDir: () => '/run/dmz', session, lock: tryLock, secret });
  /** Lets time pass until it is over. */
  const run = async (command: string, options: RunOptions = {}): Promise<GuestAnswer> => {
    const running = shells.run({ lab: path, vm: 'web' }, command, options);
    const steps = { left: 5000 };
    const stop = (): void => void (steps.left = 0);
    running.then(stop, stop);
    for (; steps.left > 0; steps.left -= 1) {
      await settle();
      if (steps.left > 0) clock.advance(50);
    }
    return running;
  };
  return { shells, clock, store, guests, run, locks };
}

const outputText = fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' ', '#', '$', 'k', '<', '>', '.', '1', 'ä') });

/** Cuts bytes after each of these numbers of bytes, again and again. */
const cutBy =
  (sizes: readonly number[]) =>
  (bytes: Uint8Array): readonly Uint8Array[] => {
    const pieces: Uint8Array[] = [];
    for (let from = 0, at = 0; from < bytes.length; at += 1) {
      const to = from + (sizes[at % sizes.length] ?? 1);
      pieces.push(bytes.subarray(from, to));
      from = to;
    }
    return pieces;
  };

describe('a command in a guest', () => {
  test('gives output and exit status, however what is printed is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        outputText,
        fc.nat(255),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (output, status, sizes) => {
          const raw = output.replaceAll('\n', '\r\n');
          const { run, guests } = world({ answer: () => [raw, status], cut: cutBy(sizes) });

          expect(await run("echo 'it is'")).toEqual({ status, output, isCut: false });
          expect(guests.map(({ commands }) => commands)).toEqual([["echo 'it is'"]]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('leaves nothing behind', async () => {
    const { run, guests, clock, locks } = world();

    await run('true');

    expect(guests.map(({ state, listenerCount }) => [state.kind, listenerCount])).toEqual([['closed', 0]]);
    expect(clock.pending).toBe(0);
    expect(locks.held.size).toBe(0);
  });

  test('is typed again if some of it got lost on the way', async () => {
    const { run, guests } = world({ swallows: 9 });

    expect(await run('true')).toMatchObject({ status: 0 });
    expect(guests[0]?.commands).toEqual(['true']);
  });

  test('waits until the one before has ended', async () => {
    const { run, guests } = world({ answer: command => [command, 0] });

    const answers = await Promise.all([run('a'), run('b')]);

    expect(answers.map(({ output }) => output)).toEqual(['a', 'b']);
    expect(guests).toHaveLength(2);
  });

  test('waits for another process, but not for ever', async () => {
    const { run, locks, guests } = world();
    locks.held.add('/run/dmz/web.shell.lock');

    await expect(run('true')).rejects.toMatchObject({ kind: 'held' });

    expect(guests).toEqual([]);
  });

  test('presses Enter where nothing stands on the last line', async () => {
    expect(await world({ past: 'root@web:~# \r\n' }).run('true')).toMatchObject({ status: 0 });
  });

  test('logs in with the user of cloud-init', async () => {
    expect(await world({ login }).run('true')).toMatchObject({ status: 0 });
    await expect(world({ login: { ...login, password: 'other' } }).run('true')).rejects.toMatchObject({
      kind: 'no login',
      message: 'VM web did not let debian in.',
    });
  });

  test('logs in with the secret that the lab file names', async () => {
    const asks = { login: { ...login, user: 'root' } };

    expect(await world(asks, true, { user: 'root', secret: 'known' }).run('true')).toMatchObject({ status: 0 });
    await expect(world(asks, true, { user: 'root', secret: 'other' }).run('true')).rejects.toMatchObject({
      kind: 'no login',
      message: 'The secret other, with which VM web lets in, is not known. Set the variable KVMLAB_SECRET_OTHER.',
    });
  });

  test('is not run where the VM does not run, or its console is held or gone', async () => {
    await expect(world({}, false).run('true')).rejects.toMatchObject({ kind: 'not running' });

    const opens = { kind: 'waiting', reason: 'held', holder: { pid: 7, program: 'telnet' } } as const;
    await expect(world({ opens }).run('true')).rejects.toMatchObject({
      kind: 'held',
      message: 'telnet (process 7) holds the serial console of VM web. Close it there first.',
    });
    await expect(world({ opens: { kind: 'connecting' } }).run('true')).rejects.toMatchObject({ kind: 'not running' });
  });

  test.each([
    ['half-typed', 'root@web:~# ls -l', 'Somebody has begun to type at the console of VM web: ls -l.'],
    ['half-typed', 'root@web:~# ls[    3.141592] usb 1-1: new device\r\n', 'of VM web: ls.'],
    ['no prompt', 'Loading 45% ', 'It shows: Loading 45% '],
  ])('is not typed into something else: %s', async (kind, past, words) => {
    const { run, guests } = world({ past });

    await expect(run('true')).rejects.toMatchObject({ kind, message: expect.stringContaining(words) as string });

    expect(guests[0]?.commands).toEqual([]);
    expect(await run('true', { isForced: true })).toMatchObject({ status: 0 });
  });

  test('is interrupted when it takes too long; what it printed is told', async () => {
    const { run } = world({ answer: () => undefined });

    await expect(run('sleep 1000', { limitMs: 5000 })).rejects.toMatchObject({
      kind: 'timed out',
      message: 'The command in VM web did not end within 5 s. It was interrupted.',
    });
  });

  test('is interrupted when it is called off', async () => {
    const [cancel, { run, guests }] = [new CancelSource(), world({ answer: () => undefined })];

    const running = run('sleep 1000', { signal: cancel.signal });
    while (guests[0]?.commands.length !== 1) await settle();
    cancel.cancel();

    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('ends with the connection', async () => {
    const { run, guests } = world({ answer: () => undefined });

    const running = run('sleep 1000');
    while (guests[0]?.commands.length !== 1) await settle();
    guests.at(0)?.become({ kind: 'connecting' });

    await expect(running).rejects.toMatchObject({ kind: 'gone' });
  });

  test('is told apart from a prompt that is no Unix shell', async () => {
    const { run } = world({ prompt: 'switch1# ', distort: text => text.replace(/\w+[<>]\d+\./g, '') });

    await expect(run('show vlan')).rejects.toMatchObject({ kind: 'not understood' });
  });
});

describe('a command in a guest without a Unix shell', () => {
  const router = (line: string): string =>
    ({ 'do show ip': 'eth0 up\r\neth1 down\r\n', status: 'The last command ended with 4.\r\n' })[line] ??
    '% Unknown command\r\n';
  const shell = { prompt: ['fw> '], command: 'do {}' };
  const parts = { prompt: 'fw> ', says: router };

  test('is typed in its form; its output ends with the prompt, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async sizes => {
        const { run } = world({ ...parts, cut: cutBy(sizes) }, true, shell);

        expect(await run('show ip')).toEqual({ status: undefined, output: 'eth0 up\neth1 down\n', isCut: false });
      }),
      { numRuns: 20 },
    );
  });

  test('has a status if the guest can be asked for it, or if failures are known by their beginning', async () => {
    expect(await world(parts, true, { ...shell, status: 'status' }).run('show ip')).toMatchObject({ status: 4 });
    const failing = { ...shell, failure: ['% '] };
    expect(await world(parts, true, failing).run('show ip')).toMatchObject({ status: 0 });
    expect(await world(parts, true, failing).run('shwo ip')).toMatchObject({
      status: 1,
      output: '% Unknown command\n',
    });
  });

  test('is one line', async () => {
    await expect(world(parts, true, shell).run('a\nb')).rejects.toMatchObject({ kind: 'not understood' });
  });

  test('that does not end is interrupted', async () => {
    const { run } = world({ ...parts, says: () => 'working …\r\n', prompt: '', past: 'fw> ' }, true, shell);

    await expect(run('reload', { limitMs: 4000 })).rejects.toMatchObject({
      kind: 'timed out',
      message: 'The command in VM web did not end within 4 s. It takes no Ctrl+C and goes on in the guest.',
    });
  });
});
