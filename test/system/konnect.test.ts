import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LinuxPortHolders } from '../../extension/host/port-holder.ts';
import { TestQemus, floodLine, freePort } from '../support/console-qemu.ts';
import { freeIds } from '../support/free-ids.ts';
import { KonnectProcess, cliPath } from '../support/konnect-process.ts';
import { lab as aLab, vm } from '../support/lab-builder.ts';
import { commandLine } from '../support/own-processes.ts';
import { PtyProgram } from '../support/pty-program.ts';
import { ScriptLab } from '../support/script-lab.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const patience = { timeout: 60_000, interval: 20 };

let root: string;
let run: string;
let qemus: TestQemus;
let children: { kill: () => void }[];

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'kk-'));
  run = path.join(root, 'dmz');
  mkdirSync(run);
  qemus = new TestQemus();
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill();
  await qemus.stop();
  rmSync(root, { recursive: true, force: true });
});

function konnect(...words: readonly string[]): KonnectProcess {
  const one = new KonnectProcess(root, ...words);
  children.push(one);
  return one;
}

/** Runs to its end. */
async function ended(...words: readonly string[]) {
  const one = konnect(...words);
  const code = await one.end();
  return { code, text: one.text, messages: one.messages };
}

async function bootEcho(): Promise<number> {
  const port = await freePort();
  const guest = qemus.echo(port, { run, name: 'fw' });
  await expect.poll(() => guest.printed(), patience).toBe('R');
  return port;
}

/** kvmlab in a terminal of its own. */
function inTerminal(command: string) {
  const program = new PtyProgram(command, { cwd: root, env: { ...process.env, KVMLAB_RUN_ROOT: root } });
  children.push(program);
  return {
    type: (text: string) => program.type(text),
    shown: () => program.shown,
    code: program.end(),
    close: () => program.kill(),
  };
}

const ctrlBracket = '\x1d';
const command = `${process.execPath} ${cliPath} konnect dmz/fw`;

describe('kvmlab konnect in a terminal', () => {
  test('says how to leave, gives every key to the guest, and leaves the terminal as it was', async () => {
    await bootEcho();
    const terminal = inTerminal(`${command}; stty -a`);
    await expect.poll(() => terminal.shown(), patience).toContain('connected to fw');

    terminal.type('\x03\x04\x1a\x1c~');
    await expect.poll(() => terminal.shown(), patience).toContain('\x03\x04\x1a\x1c~');
    terminal.type(`${ctrlBracket}q`);

    expect(await terminal.code).toBe(0);
    expect(terminal.shown()).toContain('Ctrl-] then q leaves, b sends a break');
    expect(terminal.shown()).toMatch(/ icanon .* echo /s);
  });

  test('sends a break, and the escape key itself when it is typed twice', async () => {
    await bootEcho();
    const terminal = inTerminal(command);
    await expect.poll(() => terminal.shown(), patience).toContain('connected to fw');

    // The guest has no buffer: a break would overtake what it has not read yet.
    terminal.type(`${ctrlBracket}b`);
    await expect.poll(() => terminal.shown(), patience).toContain('B');
    terminal.type(`${ctrlBracket}${ctrlBracket}>`);
    await expect.poll(() => terminal.shown(), patience).toContain(`B${ctrlBracket}>`);
    terminal.type(`${ctrlBracket}q`);

    expect(await terminal.code).toBe(0);
  });

  test('waits for a VM that is stopped, and shows it from its first byte', async () => {
    const port = await bootEcho();
    const terminal = inTerminal(command);
    await expect.poll(() => terminal.shown(), patience).toContain('connected to fw');
    await qemus.stopAll();
    await expect.poll(() => terminal.shown(), patience).toContain('fw is not running; waiting until it starts');

    qemus.echo(port, { run, name: 'fw' });

    await expect.poll(() => terminal.shown(), patience).toMatch(/waiting until it starts[^]*R/);
    terminal.type(`${ctrlBracket}q`);
    expect(await terminal.code).toBe(0);
  });

  test('is left when its terminal is closed', async () => {
    const port = await bootEcho();
    const terminal = inTerminal(command);
    await expect.poll(() => terminal.shown(), patience).toContain('connected to fw');
    const holders = new LinuxPortHolders();
    const pid = (await holders.find([port])).get(port)?.pid ?? 0;

    terminal.close();

    await expect.poll(() => commandLine(pid), patience).toBe('');
    await expect.poll(async () => (await holders.find([port])).size).toBe(0);
  });

  test('is left when it is told to go', async () => {
    await bootEcho();
    const one = konnect('dmz/fw');
    await expect.poll(() => one.isConnected, patience).toBe(true);

    one.child.kill('SIGHUP');

    expect(await one.end()).toBe(0);
  });
});

describe('kvmlab konnect for scripts', () => {
  test('prints the log, and goes on with it', async () => {
    const port = await freePort();
    const guest = qemus.flood(port, 20_000, { run, name: 'fw' });
    await expect.poll(() => guest.printed(), patience).toBe('R');
    const following = konnect('dmz/fw', '--log', '--follow');
    await ended('dmz/fw', '--send', 'x');
    await expect.poll(() => guest.printed().length, patience).toBe(180_001);

    await expect.poll(() => following.bytes.length, patience).toBe(180_001);
    following.child.kill('SIGINT');

    expect(await following.end()).toBe(0);
    const whole = await ended('dmz/fw', '--log');
    expect([whole.code, whole.text]).toEqual([0, guest.printed()]);
    expect(whole.text.endsWith(floodLine(19_999))).toBe(true);
    expect(following.text).toBe(whole.text);
  });

  test('asks the monitor', async () => {
    const [port, monitorPort] = [await freePort(), await freePort()];
    qemus.echo(port, { run, name: 'fw', monitorPort });
    await expect.poll(async () => (await ended('--list')).text, patience).toContain(` ${monitorPort} `);
    const version = ['--send', 'info version\\r', '--expect', '^\\d+\\.\\d+\\.\\d+'];

    const alone = await ended('dmz/fw', 'monitor', ...version);
    const other = konnect('dmz/fw', 'monitor');
    await expect.poll(() => other.text, patience).toContain('(qemu) ');
    const shared = await ended('dmz/fw', 'monitor', ...version);

    // What the monitor said before is nobody's answer.
    for (const { code, text } of [alone, shared])
      expect([code, text]).toEqual([0, expect.not.stringContaining('help')]);
    expect(other.text).toMatch(/info version[^]*\d+\.\d+\.\d+/);
  });

  test('gives up in time with the last lines, and with 1', async () => {
    await bootEcho();

    const { code, messages } = await ended('dmz/fw', '--send', 'hello', '--expect', 'nobody', '--timeout', '1.5');

    expect(code).toBe(1);
    expect(messages).toContain('what was expected of dmz/fw did not come in time. Its last lines:\n    hello\n');
  });

  test('a tiny guest is logged in to and asked, also while somebody else looks', async () => {
    const [id] = await freeIds(1);
    const guestFolder = await tinyGuestDir();
    const guest = vm('web', id, { isTinyGuest: true, memory: '96M' });
    const lab = new ScriptLab(aLab({ name: 'site', vms: [guest] }));
    children.push({ kill: () => lab.dispose() });
    symlinkSync(guestFolder, path.join(path.dirname(lab.folder), 'guest'));
    const say = async (...words: readonly string[]) => {
      const one = new KonnectProcess(lab.runRoot, 'site/web', '--timeout', '120', ...words);
      const code = await one.end();
      return { code, text: one.text };
    };
    mkdirSync(lab.runRoot, { recursive: true, mode: 0o700 });
    expect(await lab.script('web.sh')).toMatchObject({ code: 0 });
    const watching = new KonnectProcess(lab.runRoot, 'site/web');
    children.push(watching);

    expect(await say('--send', '\\n', '--expect', '# $')).toMatchObject({ code: 0 });
    const asked = await say('--send', 'echo $((6*7))=answer\\n', '--expect', '^42=answer$');

    expect(asked.code).toBe(0);
    await expect.poll(() => watching.text, patience).toContain('42=answer');
    const log = (): string => readFileSync(path.join(lab.run, 'web.console.log'), 'latin1');
    await expect.poll(() => log().includes(watching.text), patience).toBe(true);
  });
});
