import { beforeEach, describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const record =
  'state=running host=left machine=3d1219c7c4c5404aaa1f6d2a48adfda4 boot=5f71f207-0120-4676-9024-eb3a51ba58e4 ' +
  'pidns=4026531836 pid=4711 ticks=5 place=1:2 since=1795431880 run=/run/my labs/x';
let terminal: FakeTerminal;

beforeEach(() => {
  terminal = new FakeTerminal({
    '/work/x.lab.yaml': 'locks: /srv/locks\nvms: { a: { id: 1 }, b: { id: 2 }, c: { id: 3 } }\n',
    '/work/x/a.sh': '',
    '/work/x/b.sh': '',
  });
  terminal.scripts.set('a.sh lock tell', { code: 0, output: `held ${record}\n` });
  terminal.scripts.set('b.sh lock tell', { code: 0, output: 'free\n' });
});

describe('kvmlab lock', () => {
  test('lists who holds the locks of VMs', async () => {
    expect(await terminal.run('lock', 'list', 'a', 'b')).toBe(0);

    expect(terminal.out.split('\n')).toEqual([
      'VM  LOCK            HOST  PROCESS  SINCE                    RUN-TIME FOLDER',
      'a   held elsewhere  left     4711  2026-11-23 11:04:40 UTC  /run/my labs/x',
      'b   free            -           -  -                        -',
      '',
    ]);
    expect(await terminal.run('lock', 'list', 'x.lab.yaml', 'a', '--json')).toBe(0);
    expect(terminal.json()).toEqual({
      locks: [
        { vm: 'a', state: 'held', host: 'left', phase: 'running', pid: 4711, since: 1795431880, run: '/run/my labs/x' },
      ],
    });
  });

  test('is told by the status: who holds it, what is over, what cannot be read', async () => {
    terminal.scripts.set('b.sh lock tell', { code: 0, output: `stale ${record}\n` });

    expect(await terminal.run('status', '--json')).toBe(0);
    const held = { host: 'left', phase: 'running', since: 1795431880, run: '/run/my labs/x' };
    expect(terminal.json()).toMatchObject({
      vms: [
        { name: 'a', state: 'locked', lock: { state: 'held', ...held } },
        { name: 'b', state: 'stopped', lock: { state: 'stale', ...held } },
        { name: 'c', state: 'stopped', lock: null },
      ],
    });

    terminal.scripts.set('b.sh lock tell', { code: 1, output: 'its lock cannot be read\n' });
    expect(await terminal.run('status')).toBe(0);
    expect(terminal.out).toContain('a   runs at left (lock since 2026-11-23T11:04:40Z)');
    expect(terminal.out).toContain('b   stopped, its lock cannot be read: kvmlab lock list');
    expect(terminal.out).toMatch(/c {3}stopped +3 /);
  });

  test('breaks a lock only with the name of a host, and hands on what the script says', async () => {
    terminal.scripts.set('a.sh lock break --fenced left', { code: 0, output: 'a is not locked any more.\n' });
    terminal.scripts.set('a.sh lock break --fenced right', { code: 3, output: 'not by right\n' });

    expect(await terminal.run('lock', 'break', 'a', '--fenced', 'left')).toBe(0);
    expect(terminal.out).toBe('a is not locked any more.\n');
    expect(await terminal.run('lock', 'break', 'a', '--fenced', 'right')).toBe(3);
    expect(terminal.err).toBe('not by right\n');
  });

  test('a lab without locks has none', async () => {
    terminal = new FakeTerminal({ '/work/x.lab.yaml': 'vms: { a: { id: 1 } }\n' });

    expect(await terminal.run('lock', 'list', '--json')).toBe(0);
    expect(terminal.json()).toEqual({ locks: [{ vm: 'a', state: 'none' }] });
  });

  test.each([
    [[], 2, 'lock does one of: list, show, break.'],
    [['break', 'a'], 2, 'takes --fenced HOST'],
    [['show', 'a', '--fenced', 'left'], 2, 'takes --fenced HOST'],
    [['show'], 2, 'lock show takes one VM.'],
    [['show', 'a', 'b'], 2, 'lock show takes one VM.'],
    [['show', 'z'], 1, 'has no VM z. Its VMs: a, b, c.'],
    [['list'], 1, 'c has no script yet. Write it with: kvmlab script'],
    [['show', 'b'], 1, 'no answer to b.sh lock show'],
  ])('%j ends with %i', async (words, code, message) => {
    expect(await terminal.run('lock', ...words)).toBe(code);

    expect(terminal.err).toContain(message);
  });
});
