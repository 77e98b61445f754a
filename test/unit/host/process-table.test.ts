import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LinuxProcessTable, parseProcStat } from '../../../extension/host/process-table.ts';

let proc: string;
beforeEach(async () => {
  proc = await fs.mkdtemp(path.join(os.tmpdir(), 'kvmlab-proc-'));
});
afterEach(() => fs.rm(proc, { recursive: true, force: true }));

const statLine = (pid: number, comm: string, state: string, startTicks: number): string =>
  `${pid} (${comm}) ${state} 1 ${pid} ${pid} 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 ${startTicks} 2703360 390 18446744073709551615 1\n`;

async function addProcess(pid: number, args: readonly string[], state = 'S', comm = 'x'): Promise<void> {
  const folder = path.join(proc, String(pid));
  await fs.mkdir(folder);
  await fs.writeFile(path.join(folder, 'cmdline'), args.map(arg => `${arg}\0`).join(''));
  await fs.writeFile(path.join(folder, 'stat'), statLine(pid, comm, state, 700 + pid));
  await fs.writeFile(path.join(folder, 'status'), `Name:\t${comm}\nUid:\t1001\t0\t0\t0\n`);
}

describe('the process table', () => {
  test('gives pid, arguments, start time and owner', async () => {
    await addProcess(42, ['/usr/bin/vde_switch', '-s', '/a b', '', '-d']);

    expect(new LinuxProcessTable(proc).list(['vde_switch'])).toEqual([
      { pid: 42, args: ['/usr/bin/vde_switch', '-s', '/a b', '', '-d'], startTicks: 742, uid: 1001 },
    ]);
  });

  test('takes programs by name or by how they begin', async () => {
    for (const [index, program] of [
      'qemu-system-arm',
      'qemu-img',
      'kvm',
      'kvmtool',
      '/x/qemu-system-x86_64',
    ].entries()) {
      await addProcess(index + 1, [program]);
    }

    const pids = new LinuxProcessTable(proc).list(['qemu-system-*', 'kvm']).map(entry => entry.pid);

    expect(pids.sort()).toEqual([1, 3, 5]);
  });

  test('leaves out zombies, kernel threads and what is no process', async () => {
    await addProcess(1, ['kvm'], 'Z');
    await addProcess(2, ['kvm'], 'X');
    await addProcess(3, []);
    await addProcess(4, ['kvm'], 'T');
    await fs.mkdir(path.join(proc, 'self'));
    await fs.mkdir(path.join(proc, 'kvm'));

    expect(new LinuxProcessTable(proc).list(['kvm']).map(entry => entry.pid)).toEqual([4]);
  });

  test('does not mind processes that vanish in the middle', async () => {
    await addProcess(1, ['kvm']);
    await addProcess(2, ['kvm']);
    await addProcess(3, ['kvm']);
    await fs.rm(path.join(proc, '1', 'stat'));
    await fs.rm(path.join(proc, '2', 'status'));

    expect(new LinuxProcessTable(proc).list(['kvm']).map(entry => entry.pid)).toEqual([3]);
  });

  test('says what is wrong where there is no /proc', () => {
    expect(() => new LinuxProcessTable(`${proc}/nope`).list(['kvm'])).toThrow(
      `Cannot list the processes in ${proc}/nope: no such file or directory.`,
    );
  });

  test('knows where a process works, and of one that is gone nothing', async () => {
    const child: ChildProcess = spawn('sleep', ['86399'], { stdio: 'ignore', cwd: proc });
    await once(child, 'spawn');

    const folder = new LinuxProcessTable().workingFolder(child.pid!);
    child.kill();
    await once(child, 'exit');

    expect(folder).toBe(await fs.realpath(proc));
    expect(new LinuxProcessTable().workingFolder(child.pid!)).toBeUndefined();
  });

  test('knows a file that was replaced under the process that has it open', async () => {
    const file = path.join(proc, 'seed.iso');
    await fs.writeFile(file, 'old');
    const held = await fs.open(file);
    const hasReplaced = (name: string): boolean => new LinuxProcessTable().hasReplaced(process.pid, name);

    expect(hasReplaced('seed.iso')).toBe(false);
    await fs.writeFile(`${file}.new`, 'new');
    await fs.rename(`${file}.new`, file);
    expect(hasReplaced('seed.iso')).toBe(true);
    expect(hasReplaced('other.iso')).toBe(false);
    await held.close();
    expect(hasReplaced('seed.iso')).toBe(false);
  });

  test('sees a real process, and no longer when it has ended', async () => {
    const child: ChildProcess = spawn('sleep', ['86399'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const find = () => new LinuxProcessTable().list(['sleep']).find(entry => entry.pid === child.pid);

    const running = find();
    child.kill();
    await once(child, 'exit');

    expect(running).toMatchObject({ args: ['sleep', '86399'], uid: process.getuid!() });
    expect(running!.startTicks).toBeGreaterThan(0);
    expect(find()).toBeUndefined();
  });
});

describe('/proc/PID/stat', () => {
  test.each(['bash', 'a b', ') S 1 2 3', '((', 'x) Z (y'])('is read when the command is named %j', comm => {
    expect(parseProcStat(statLine(7, comm, 'R', 1234))).toEqual({ state: 'R', session: 7, startTicks: 1234 });
  });

  test.each(['', '7', '7 (x', '7 (x)', '7 (x) S 1 2 3', 'x'.repeat(99)])('that was cut gives nothing: %j', text => {
    expect(parseProcStat(text)).toBeUndefined();
  });
});
