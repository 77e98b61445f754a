import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LinuxPortHolders } from '../../../extension/host/port-holder.ts';
import type { PortHolder } from '../../../extension/runtime/console-ports.ts';

let proc: string;
let holders: LinuxPortHolders;
let children: ChildProcess[];

beforeEach(() => {
  proc = mkdtempSync(path.join(tmpdir(), 'kp-'));
  mkdirSync(path.join(proc, 'net'));
  holders = new LinuxPortHolders(proc);
  children = [];
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const child of children) child.kill('SIGKILL');
  rmSync(proc, { recursive: true });
});

const address = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
const line = (local: number, remote: number, inode: number, state = '01'): string =>
  `   1: ${address(local)} ${address(remote)} ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0`;

const sockets = (...lines: readonly string[]): void =>
  writeFileSync(path.join(proc, 'net', 'tcp'), ['  sl  local_address', ...lines, ''].join('\n'));

function processWith(
  pid: number,
  args: readonly string[],
  inodes: readonly number[],
  uid = process.getuid?.() ?? 0,
): void {
  const folder = path.join(proc, String(pid));
  mkdirSync(path.join(folder, 'fd'), { recursive: true });
  writeFileSync(path.join(folder, 'cmdline'), `${args.join('\0')}\0`);
  writeFileSync(path.join(folder, 'comm'), `${args[0] ?? ''}\n`);
  writeFileSync(path.join(folder, 'status'), `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
  inodes.forEach((inode, at) => symlinkSync(`socket:[${inode}]`, path.join(folder, 'fd', String(at + 3))));
}

const found = async (...ports: readonly number[]) => [...(await holders.find(ports))];

describe('who holds a console port', () => {
  test('is the process at the other end of the connection that QEMU has accepted', async () => {
    sockets(
      line(10031, 0, 5, '0A'),
      ...[line(10031, 50001, 6), line(50001, 10031, 7)],
      // Another one waits in the queue: nobody has accepted it.
      ...[line(10031, 50002, 0), line(50002, 10031, 8)],
    );
    processWith(11, ['qemu-system-x86_64'], [5, 6]);
    processWith(12, ['/usr/bin/telnet', 'localhost', '10031'], [7]);
    processWith(13, ['nc'], [8]);

    expect(await found(10031, 10032)).toEqual([[10031, { pid: 12, program: 'telnet' }]]);
  });

  test('is unknown while nobody is connected, or for a process that may not be seen', async () => {
    sockets(line(10031, 0, 5, '0A'), line(10032, 50001, 6), line(50001, 10032, 7));
    processWith(11, ['qemu-system-x86_64'], [5, 6]);

    expect(await found(10031, 10032)).toEqual([]);
  });

  test.each([
    [['/usr/bin/node', '/x/kvmlab-0.1.0/dist/cli.js', 'konnect', 'fw'], 'kvmlab'],
    [['node', '/srv/cli.js'], 'node'],
    [['/usr/lib/code-server/lib/node', '/x/bootstrap-fork', '--type=extensionHost'], 'VS Code'],
    [['/usr/share/code/code', '--type=utility', '--utility-sub-type=node.mojom.NodeService'], 'VS Code'],
    [['bad\u001b[2Jname'], 'bad??2Jname'],
  ])('is called as a person would: %j', async (args, program) => {
    sockets(line(10031, 50001, 6), line(50001, 10031, 7));
    processWith(12, args, [7]);

    expect(await found(10031)).toEqual([[10031, { pid: 12, program }]]);
  });
});

describe('many who ask who holds a console port', () => {
  const client = (port: number, inode: number): readonly string[] => [
    line(port, port + 40_000, 6),
    line(port + 40_000, port, inode),
  ];
  const names = (answers: readonly ReadonlyMap<number, PortHolder>[]) =>
    answers.map(answer => [...answer].map(([port, { pid }]) => `${port} ${pid}`).join());

  test('at the same time get one look at all processes, and each its own answer', async () => {
    sockets(...client(10031, 7), ...client(10032, 8));
    processWith(12, ['telnet'], [7]);
    processWith(13, ['nc'], [8]);
    const reads = vi.spyOn(fs, 'readdirSync');

    const answers = await Promise.all([[10031], [10032], [10033], [10032, 10031]].map(ports => holders.find(ports)));

    expect(names(answers)).toEqual(['10031 12', '10032 13', '', '10031 12,10032 13']);
    expect(reads.mock.calls.filter(([folder]) => folder === proc)).toHaveLength(1);
  });

  test('get what is so after they have asked, also while another look goes on', async () => {
    sockets(...client(10031, 7));
    processWith(12, ['telnet'], [7]);
    let late: Promise<ReadonlyMap<number, PortHolder>> | undefined;
    const { readdirSync } = fs;
    // The first look has read the sockets when the holder changes and somebody asks again.
    const reads = vi.spyOn(fs, 'readdirSync').mockImplementation(((folder: string) => {
      const listed = readdirSync(folder);
      if (late) return listed;
      sockets(...client(10031, 8));
      processWith(13, ['nc'], [8]);
      late = holders.find([10031]);
      return listed;
    }) as typeof readdirSync);

    const first = await holders.find([10031]);

    expect(names([first, (await late) ?? new Map()])).toEqual(['10031 12', '10031 13']);
    expect(reads.mock.calls.filter(([folder]) => folder === proc)).toHaveLength(2);
  });
});

describe('ending whoever holds a port', () => {
  const held = (args: readonly string[], pid: number, uid?: number): string | undefined => {
    sockets(line(10031, 50001, 6), line(50001, 10031, 7));
    processWith(pid, args, [7], uid);
    return holders.end(10031);
  };

  test('a program of this user is told to end, also when it is stopped', async () => {
    const child = spawn('sleep', ['60']);
    children.push(child);
    const gone = once(child, 'exit');
    child.kill('SIGSTOP');

    expect(held(['telnet'], child.pid ?? 0)).toBeUndefined();
    expect(await gone).toEqual([null, 'SIGTERM']);
  });

  test.each([
    [['qemu-system-x86_64', '-name', 'fw'], /it is a VM\.$/],
    [['kvm'], /it is a VM\.$/],
    [['node', 'x', '--type=extensionHost'], /^VS Code .* close its terminal there\.$/],
  ])('%j is not ended', async (args, reason) => {
    const child = spawn('sleep', ['60']);
    children.push(child);

    expect(held(args, child.pid ?? 0)).toMatch(reason);
    await new Promise(resolve => setImmediate(resolve));
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  test('another user’s program, ourselves and nobody are not ended', () => {
    expect(held(['telnet'], 999_999_999, 4242)).toMatch(/another user/);
    rmSync(path.join(proc, '999999999'), { recursive: true });
    expect(held(['node'], process.pid)).toMatch(/this very program/);
    sockets();
    expect(holders.end(10031)).toMatch(/cannot be seen/);
  });

  test('one that has just gone is as good as ended', () => {
    expect(held(['telnet'], 999_999_999)).toBeUndefined();
  });
});
