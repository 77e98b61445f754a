import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { lab as aLab, vm } from '../support/lab-builder.ts';
import { LockHost } from '../support/lock-host.ts';
import { endAndRemove, killIfAlive, processesThatMention } from '../support/own-processes.ts';

// Real scripts and real QEMU, on hosts that differ by what a lock knows a host by. QEMU's own lock on the image is off, so
// that ours alone keeps the VM from running twice.
let shared: string;
let disk: string;
let hosts: LockHost[];

beforeEach(() => {
  shared = mkdtempSync(path.join(tmpdir(), 'kls-'));
  disk = path.join(shared, 'disk.raw');
  writeFileSync(disk, Buffer.alloc(4096));
  mkdirSync(path.join(shared, 'locks'));
  hosts = [];
});

afterEach(() => {
  for (const host of hosts) host.dispose();
  endAndRemove(shared);
});

/** A host with another name, or another run-time folder of this one; each gives the VM other ports. */
async function hostsNamed(...names: readonly (string | undefined)[]): Promise<readonly LockHost[]> {
  const ids = await freeIds(names.length);
  const extra = ['-S', '-drive', `file=${disk},if=virtio,format=raw,file.locking=off`];
  hosts = names.map((name, at) => {
    const lab = aLab({ name: 'locked', vms: [vm('a', ids[at], { memory: '16M', extra })] });
    return new LockHost({ ...lab, locks: path.join(shared, 'locks') }, name);
  });
  return hosts;
}

/** Processes that have the image open. */
const openers = (): readonly number[] => processesThatMention(disk).filter(hasItOpen);

function hasItOpen(pid: number): boolean {
  return fdsOf(pid).some(fd => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`) === disk;
    } catch {
      // Closed in between.
      return false;
    }
  });
}

function fdsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    // It has ended in between.
    return [];
  }
}

/** Looks all the time while something goes on, and gives the most that had the image open at once. */
async function mostDuring<Result>(work: Promise<Result>): Promise<{ readonly most: number; readonly result: Result }> {
  let [most, isOver] = [0, false];
  const over = work.finally(() => (isOver = true));
  while (!isOver) {
    most = Math.max(most, openers().length);
    await passed(5);
  }
  return { most: Math.max(most, openers().length), result: await over };
}

test('of hosts and run-time folders that start a VM at the same time exactly one gets it, however the last one ended', async () => {
  const all = await hostsNamed(undefined, undefined, 'left', 'right');
  const [here] = all;
  for (let round = 0; round < 6; round += 1) {
    const { most, result } = await mostDuring(Promise.all(all.map(host => host.run('start'))));

    const said = result.map(({ output }) => output).join('');
    expect(result.map(({ code }) => code).sort(), said).toEqual([0, 3, 3, 3]);
    expect(most, said).toBe(1);
    const winner = all[result.findIndex(({ code }) => code === 0)]!;
    const name = ['', '', 'left', 'right'][all.indexOf(winner)]!;
    if (round % 2 === 0) {
      expect((await winner.run('kill')).code).toBe(0);
      continue;
    }
    // Killed, so its lock stays: whoever can prove that it has ended takes it over, and nobody else.
    await winner.end();
    const other = all.find(host => host !== winner && (name !== '' || all.indexOf(host) > 1))!;
    expect(await other.run('start')).toMatchObject({ code: 3 });
    if (name !== '' && round % 4 === 1)
      expect(await here!.run('lock', 'break', '--fenced', name)).toMatchObject({ code: 0 });
    winner.boot();
    expect(await winner.run('start')).toMatchObject({ code: 0 });
    expect(openers()).toHaveLength(1);
    expect((await winner.run('kill')).code).toBe(0);
  }
});

test('a start that is killed at any moment, while another host starts, gives at most one that runs, and is mended', async () => {
  const [one, other] = (await hostsNamed(undefined, undefined)) as [LockHost, LockHost];
  for (let schedule = 0; schedule < 12; schedule += 1) {
    const killed = one.begin('start');
    const rival = passed(schedule * 31).then(() => other.run('start'));
    const kill = passed(schedule * 53).then(() => killIfAlive(schedule % 3 === 0 ? -killed.pid : killed.pid));
    const { most, result } = await mostDuring(Promise.all([rival, killed.done, kill]));

    expect(most, result[0].output).toBeLessThanOrEqual(1);
    // What the killed one left may be on its way yet; then it is there, or it is gone.
    const settled = async (): Promise<readonly number[]> => {
      const codes = [(await one.run('start')).code, (await other.run('start')).code];
      return [...codes, openers().length];
    };
    await expect.poll(settled, { interval: 100 }).toEqual([3, 3, 1]);
    await Promise.all([one.run('kill'), other.run('kill')]);
    expect(openers()).toEqual([]);
  }
});

test('a lab says who holds a VM and why it does not start; what waits without a lock never goes on', async () => {
  const [here, left] = (await hostsNamed(undefined, 'left')) as [LockHost, LockHost];
  expect(await left.run('start')).toMatchObject({ code: 0 });

  expect(await here.run('status')).toMatchObject({ code: 3, output: 'a stopped, locked by left\n' });
  const refused = await here.run('start');
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.output).toMatch(
    /a did not start: it is locked by left \(running, process \d+, since .* UTC, run-time folder /,
  );
  expect(refused.output).toContain('If it is dead for sure (off, fenced): a.sh lock break --fenced left');
  expect(await here.run('lock', 'break', '--fenced', 'right')).toMatchObject({ code: 3 });
  expect(await left.run('lock', 'break', '--fenced', 'left')).toMatchObject({ code: 3 });
  expect(await left.run('lock', 'mine')).toMatchObject({ code: 0 });
  expect(await here.run('restore')).toMatchObject({ code: 3 });
  expect(openers()).toHaveLength(1);

  // It waits without the lock, and so it is never let go on, not even to power off.
  expect(await here.run('incoming')).toMatchObject({ code: 0 });
  expect(await here.run('lock', 'mine')).toMatchObject({ code: 3 });
  expect(await here.run('stop')).toMatchObject({ code: 0, output: 'a is stopped.\n' });
  expect(await left.run('lock', 'mine')).toMatchObject({ code: 0 });
  expect(await left.run('stop')).toMatchObject({ code: 0 });
  expect(await here.run('lock')).toMatchObject({ code: 3, output: 'a is not locked.\n' });
});

test('a QEMU whose lock was broken while it was started is ended', async () => {
  const [here, left] = (await hostsNamed(undefined, 'left')) as [LockHost, LockHost];
  const [hook, asked, answered] = ['hook.sh', 'asked', 'answered'].map(name => path.join(shared, name)) as [
    string,
    string,
    string,
  ];
  const wait = `trap - DEBUG; : >${asked}; until [[ -e ${answered} ]]; do sleep 0.05; done`;
  writeFileSync(hook, `set -o functrace\ntrap '[[ $BASH_COMMAND != "lock_running "* ]] || { ${wait}; }' DEBUG\n`);

  const starting = left.runWith({ BASH_ENV: hook }, 'start');
  await expect.poll(() => existsSync(asked)).toBe(true);
  // Whoever says that it is dead errs: it is about to write down that QEMU runs.
  expect(await here.run('lock', 'break', '--fenced', 'left')).toMatchObject({ code: 0 });
  writeFileSync(answered, '');
  const start = await starting;

  expect(start).toMatchObject({ code: 1 });
  expect(start.output).toContain('a did not start: its lock was taken away meanwhile, so QEMU was ended.');
  expect(openers()).toEqual([]);
  expect(await here.run('start')).toMatchObject({ code: 0 });
});

test('without its folder of locks no VM starts, as the storage may not be there', async () => {
  const [here] = (await hostsNamed(undefined)) as [LockHost];
  endAndRemove(path.join(shared, 'locks'));

  const refused = await here.run('start');

  expect(refused).toMatchObject({ code: 1 });
  expect(refused.output).toContain(
    `a did not start: the folder of locks ${shared}/locks is not there. Is the storage mounted?`,
  );
  expect(openers()).toEqual([]);
});
