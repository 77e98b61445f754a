import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancelSource } from '../../extension/base/cancel.ts';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import { LogFile } from '../../extension/host/console-log.ts';
import { SocketShares } from '../../extension/host/console-share.ts';
import { lockFile } from '../../extension/host/file-lock.ts';
import { RecordedLabFolders } from '../../extension/host/lab-folders.ts';
import { LinuxProcessTable } from '../../extension/host/process-table.ts';
import { vmFiles } from '../../extension/lab/layout.ts';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { ConsoleFeed } from '../../extension/runtime/console/console-feed.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import type { ConsoleTarget } from '../../extension/runtime/console/console-target.ts';
import { GuestShells, type GuestRef, type RunOptions } from '../../extension/runtime/guests/guest-shells.ts';
import { LabStore } from '../../extension/runtime/store.ts';
import { HostWatcher } from '../../extension/runtime/watcher.ts';
import { freeIds } from '../support/free-ids.ts';
import { lab as aLab, vm } from '../support/lab-builder.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';

const patience = { timeout: 60_000, interval: 50 };
const limitMs = 120_000;

let lab: ScriptLab;
let shells: GuestShells;
let open: (target: ConsoleTarget) => ConsoleSession;
let feed: ConsoleFeed;
let shown = '';
/** How often somebody has asked for the lock. */
let asked = 0;
let g: GuestRef;
const run = (command: string, options: RunOptions = {}) => shells.run(g, command, { limitMs, ...options });

beforeAll(async () => {
  const [guest, [id = 0]] = await Promise.all([tinyGuestDir(), freeIds(1)]);
  const files = { kernel: path.join(guest, 'vmlinuz'), initrd: path.join(guest, 'initrd') };
  const append = 'console=ttyS0 quiet no_timer_check lab.name=g';
  lab = new ScriptLab(aLab({ name: 'p', vms: [vm('g', id, { ...files, memory: '96M', append })] }));
  expect(await lab.script('g.sh', 'start')).toMatchObject({ code: 0 });

  g = { lab: path.join(lab.root, 'labs', 'p.lab.yaml'), vm: 'g' };
  const folders = new RecordedLabFolders();
  const store = new LabStore();
  store.setReading(g.lab, { lab: lab.lab, problems: [] });
  const parts = { processes: new LinuxProcessTable(), store, clock: systemClock, runRoots: [lab.runRoot], folders };
  await new HostWatcher({ ...parts, log: () => undefined }).poll();

  const shares = new SocketShares(lab.runRoot, 'test');
  open = ({ port, logPath = '' }) =>
    new ConsoleSession(new TelnetDialer(), systemClock, port, { shares, log: new LogFile(logPath), isComplete: true });
  shells = new GuestShells({
    ...{ store, clock: systemClock, session: open },
    runDir: () => lab.run,
    lock: file => {
      asked += 1;
      return lockFile(file);
    },
    secret: () => Promise.resolve(undefined),
  });
  // Somebody looks on, with a terminal that answers what the shell asks with each prompt.
  const logPath = path.join(lab.run, vmFiles('g').consoleLog);
  const session = open({ lab: g.lab, vm: 'g', kind: 'serial', port: serialPort(id), logPath });
  feed = new ConsoleFeed({ session, clock: systemClock, news: () => undefined, onEnter: () => undefined });
  const view = feed.attach(text => {
    shown += text;
    if (text.includes(question)) view.input('\u001b[5;7R', () => undefined);
  });
  await prompt();
});

afterAll(() => {
  feed.dispose();
  lab.dispose();
});

const question = '\u001b[6n';
const prompt = (): Promise<unknown> =>
  until('the prompt', () => Promise.resolve(/(^|\n)[^\n]*# $/.test(shown.replaceAll(question, ''))), {
    timeoutMs: patience.timeout,
  });

test('output and exit status come back, and whoever looks on sees it live', async () => {
  expect(await run('echo hello; echo world >&2; false')).toEqual({
    status: 1,
    output: 'hello\nworld\n',
    isCut: false,
  });
  await expect.poll(() => shown, patience).toContain('hello\r\nworld\r\n');
});

test('any text is run as it is, and a mistake in it is only an answer', async () => {
  const text = `it's "$HOME" \`x\` \\ ! ~ * 'ä' ${'long '.repeat(300)}end`;

  expect((await run(`printf '%s' '${text.replaceAll("'", `'\\''`)}'`)).output).toBe(text);
  expect((await run('for i in 1 2 3; do\n\techo $i\ndone; exit 7')).output).toBe('1\n2\n3\n');
  expect((await run('echo (')).status).toBe(2);
  expect((await run('cat; cd /tmp; exit 3')).status).toBe(3);
  expect((await run('pwd')).output).toBe('/root\n');
});

test('much output, bytes that are no text, and words of the kernel in between do no harm', async () => {
  const began = performance.now();
  const { output } = await run('seq 1 20000');
  const seconds = (performance.now() - began) / 1000;
  console.log(`${output.length} bytes of output in ${seconds.toFixed(1)} s`);
  expect(output).toBe(Array.from({ length: 20_000 }, (_, at) => `${at + 1}\n`).join(''));

  expect((await run("printf '\\377\\000\\033[6nx'")).output).toBe(`\ufffd\0${question}x`);
  const noisy = 'for i in 1 2 3 4 5 6 7 8; do echo "<0>hello from the kernel" >/dev/kmsg; echo line $i; done; exit 4';
  const answer = await run(noisy);
  expect(answer.status).toBe(4);
  expect(answer.output).toContain('line 8');
});

test('commands for one console wait for each other', async () => {
  const answers = await Promise.all([1, 2, 3].map(number => run(`sleep 0.2; echo ${number}`)));

  expect(answers.map(({ output }) => output)).toEqual(['1\n', '2\n', '3\n']);
});

test('so do those of other processes', async () => {
  const lock = await lockFile(path.join(lab.run, vmFiles('g').shellLock));
  const waiting = run('echo at last');
  const [askedBefore, shownBefore] = [asked, shown.length];
  await expect.poll(() => asked, patience).toBeGreaterThan(askedBefore + 1);
  expect(shown.slice(shownBefore)).toBe('');

  await lock?.release();

  expect(await waiting).toMatchObject({ output: 'at last\n' });
});

test('what somebody has begun to type stays, and is taken back only if that is asked for', async () => {
  const from = shown.length;
  feed.type('echo half-ty');
  await expect.poll(() => shown.slice(from), patience).toContain('echo half-ty');

  await expect(run('true')).rejects.toMatchObject({ kind: 'half-typed' });
  feed.type('ped\r');
  await expect.poll(() => shown.slice(from), patience).toContain('\nhalf-typed\r\n');
  await prompt();

  feed.type('rm -rf /tm');
  await expect.poll(() => shown, patience).toMatch(/rm -rf \/tm$/);
  expect(await run('echo clean', { isForced: true })).toMatchObject({ status: 0, output: 'clean\n' });
});

test('a program that runs in front is told, and interrupted only if that is asked for', async () => {
  const from = shown.length;
  feed.type('sleep 1000\r');
  await expect.poll(() => shown.slice(from), patience).toContain('sleep 1000\r\n');

  await expect(run('true', { patienceMs: 2000 })).rejects.toMatchObject({ kind: 'no prompt' });
  expect(await run('echo free', { isForced: true })).toMatchObject({ status: 0, output: 'free\n' });
});

test('a command that takes too long, or is called off, is interrupted, and the shell is there again', async () => {
  await expect(run('sleep 1000', { limitMs: 3000 })).rejects.toMatchObject({ kind: 'timed out' });
  const cancel = new CancelSource();
  const from = shown.length;
  const running = run('echo now; sleep 1000', { signal: cancel.signal });
  const ended = expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  await expect.poll(() => shown.slice(from), patience).toContain('\nnow\r\n');
  cancel.cancel();
  await ended;

  expect(await run('echo there')).toMatchObject({ status: 0, output: 'there\n' });
});

test('the end of the VM in the middle of a command ends the waiting', async () => {
  const from = shown.length;
  const running = run('echo doomed; sleep 1000');
  const ended = expect(running).rejects.toMatchObject({ kind: 'gone' });
  await expect.poll(() => shown.slice(from), patience).toContain('\ndoomed\r\n');
  await lab.kill(vmFiles('g').pid);
  await ended;
});
