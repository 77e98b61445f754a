import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { KonnectProcess, cliPath } from '../support/konnect-process.ts';
import { endAndRemove, processesThatMention } from '../support/own-processes.ts';
import { PtyProgram } from '../support/pty-program.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const patience = { timeout: 180_000, interval: 50 };
const leave = '\x1dq';
const secret = 'gnome-42-elf';
// Made of a string, because lint takes control characters in a literal for mistakes.
const escape = '\\u001b';
const sequences = new RegExp(`${escape}\\[[\\d;]*[A-Za-z]`, 'g');
const root = mkdtempSync(path.join(tmpdir(), 'kil-'));
const runRoot = path.join(root, 'run');
let env: NodeJS.ProcessEnv;
let terminal: PtyProgram | undefined;
let other: KonnectProcess | undefined;

const kvmlab = (...words: readonly string[]) =>
  promisify(execFile)(process.execPath, [cliPath, ...words], { cwd: root, env });

beforeAll(async () => {
  const guest = await tinyGuestDir();
  const [id] = await freeIds(1);
  env = { ...process.env, KVMLAB_RUN_ROOT: runRoot, KVMLAB_ACCEL: 'tcg' };
  const kernel = `kernel: ${guest}/vmlinuz, initrd: ${guest}/initrd, append: console=ttyS0 quiet no_timer_check lab.name=pc`;
  writeFileSync(path.join(root, 'one.lab.yaml'), `vms:\n  pc: { id: ${String(id)}, memory: 96M, ${kernel} }\n`);
  await kvmlab('start', 'one.lab.yaml');
});

afterAll(() => {
  terminal?.kill();
  other?.kill();
  endAndRemove(root);
});

test('what is typed in a terminal, and in another one of the same console, is played again on a fresh VM', async () => {
  const command = `${process.execPath} ${cliPath} tn-inst --learn login.install.yaml pc --connect 300`;
  terminal = new PtyProgram(command, { cwd: root, env });
  await expect.poll(() => terminal?.shown, patience).toContain('connected to pc');
  const shown = (pattern: RegExp) =>
    expect.poll(() => terminal?.shown.replaceAll(sequences, ''), patience).toMatch(pattern);
  await shown(/pc:~# $/);
  terminal.type("read -s -p 'Password: ' word; echo\r");
  await shown(/echo\s+Password: $/);
  terminal.type(`${secret}\r`);
  await shown(/Password: \s+pc:~# $/);
  terminal.type('echo "$word" >/tmp/it; tset\x7f\x7f\x7fest -s /tmp/it && echo "wri""tten"\r');
  await shown(/written\s+pc:~# $/);
  other = new KonnectProcess(runRoot, 'pc');
  await expect.poll(() => other?.isConnected, patience).toBe(true);
  other.type('hostname "ch""anged"; hostname\r');
  await shown(/changed\s+pc:~# $/);

  terminal.type(leave);
  const code = await terminal.end();

  expect({ code, shown: terminal.shown }).toMatchObject({ code: 0 });
  const text = readFileSync(path.join(root, 'login.install.yaml'), 'utf8');
  expect(text).toContain('; test -s /tmp/it');
  expect(text).toContain('send: ${password}');
  expect(text).toContain('hostname "ch""anged"');
  expect(terminal.shown).toContain('login.install.yaml is done.');
  expect([text, terminal.shown].filter(one => one.includes(secret))).toEqual([]);
});

test('nothing of the fresh VM is left, and the VM runs on as it was', () => {
  expect(readdirSync(root).filter(name => name.startsWith('fresh-'))).toEqual([]);
  expect(processesThatMention(path.join(root, 'fresh-'))).toEqual([]);
});
