import { beforeEach, describe, expect, test } from 'vitest';
import { vmProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const run = '/run/u/kvmlab/dmz';
let terminal: FakeTerminal;

beforeEach(() => {
  terminal = new FakeTerminal({ '/work/dmz.lab.yaml': 'vms:\n  fw: { id: 31 }\n  pc: { id: 32 }\n' });
  terminal.processes.set(vmProcess(11, run, 'fw', 31));
});

describe('kvmlab monitor', () => {
  test('gives the monitor one line, made of all words, and prints its answer', async () => {
    terminal.qmp.answers.set('human-monitor-command', 'VM status: running\r\n');

    expect(await terminal.run('monitor', 'fw', 'info', 'status')).toBe(0);
    expect([terminal.out, terminal.err]).toEqual(['VM status: running\n', '']);
    expect(terminal.qmp.asked[0]).toEqual({
      socket: `${run}/fw.qmp`,
      execute: 'human-monitor-command',
      args: { 'command-line': 'info status' },
    });
  });

  test('prints nothing for an answer without words', async () => {
    expect(await terminal.run('monitor', 'fw', 'stop')).toBe(0);
    expect(terminal.out).toBe('');
  });

  test('fails with the words of a monitor that says so', async () => {
    terminal.qmp.answers.set('human-monitor-command', "Error: Device 'x' not found\r\n");

    expect(await terminal.run('monitor', 'dmz.lab.yaml', 'fw', 'eject x')).toBe(1);
    expect([terminal.out, terminal.err]).toEqual(['', "Error: Device 'x' not found\n"]);
  });

  test('lets no answer steer the terminal, and keeps its lines and columns', async () => {
    terminal.qmp.answers.set('human-monitor-command', 'a\tb\r\nc\u001b[2J\r\n');

    await terminal.run('monitor', 'fw', 'info network');

    expect(terminal.out).toBe('a        b\nc\uFFFD[2J\n');
  });

  test('fails for a VM that does not run', async () => {
    expect(await terminal.run('monitor', 'pc', 'info status')).toBe(1);
    expect(terminal.err).toContain('pc is not running.');
  });

  test.each([['monitor'], ['monitor', 'fw'], ['monitor', 'fw', ' '], ['monitor', 'nobody', 'help']])(
    'refuses %j as wrong use',
    async (...words) => {
      expect(await terminal.run(...words)).toBe(2);
    },
  );
});

describe('kvmlab status', () => {
  test('says that a VM is paused', async () => {
    terminal.qmp.answers.set('query-status', { status: 'paused' });

    await terminal.run('status');
    expect(terminal.out).toMatch(/^fw +paused +31 +11/m);
    expect(terminal.out).toContain('1 of 2 VMs running');
    await terminal.run('status', '--json');
    expect(terminal.json()).toMatchObject({ vms: [{ name: 'fw', state: 'paused', pid: 11 }, { state: 'stopped' }] });
  });

  test('shows a VM that gives no answer as it looks from outside', async () => {
    terminal.qmp.dead.add(`${run}/fw.qmp`);

    expect(await terminal.run('status')).toBe(0);
    expect(terminal.out).toMatch(/^fw +running/m);
  });
});
