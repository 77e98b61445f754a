import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MigrationLab, type Side } from '../support/migration-lab.ts';

let storage: string;
let lab: MigrationLab;
/** Where fw is now. */
let side: Side;

beforeAll(async () => {
  storage = mkdtempSync(path.join(tmpdir(), 'kls-'));
  const locks = path.join(storage, 'locks');
  mkdirSync(locks);
  lab = await MigrationLab.make(locks);
  side = lab.here;
  await lab.start();
  const pc = await lab.pc();
  await lab.count(pc);
});
afterAll(() => {
  lab.dispose();
  rmSync(storage, { recursive: true, force: true });
});

/** fw runs at this side, which has its lock, and starts at neither; no number is lost. */
async function isLockedAt(of: Side): Promise<void> {
  const other = lab.other(of);
  const lock = expect.stringMatching(
    new RegExp(
      `^fw is locked by .* \\(running, process ${lab.processes(of).join()}, .* run-time folder ${lab.run(of)}\\)`,
    ),
  ) as string;
  for (const one of [of, other]) expect(await lab.fw(one, 'lock')).toMatchObject({ code: 0, output: lock });
  expect(await lab.fw(of, 'lock', 'mine')).toMatchObject({ code: 0 });
  expect(await lab.fw(of, 'start')).toMatchObject({
    code: 3,
    output: expect.stringContaining('runs already') as string,
  });
  expect(await lab.fw(other, 'start')).toMatchObject({
    code: 3,
    output: expect.stringContaining('fw did not start: it is locked by') as string,
  });
  expect(lab.processes(of)).toHaveLength(1);
  expect(lab.processes(other)).toEqual([]);
  expect(lab.state(of)).toBe('running');
  for (const one of [of, other]) expect(existsSync(path.join(lab.run(one), 'fw.migrating'))).toBe(false);
  await lab.countsOn();
  expect(lab.numbers().findIndex((number, at) => number !== at + 1)).toBe(-1);
}

test('the lock goes along with the VM, there and back, and nobody else starts it', async () => {
  await isLockedAt(side);
  for (let times = 0; times < 2; times += 1) {
    const { code, output } = await lab.migrate(side);
    expect(code, output).toBe(0);
    side = lab.other(side);
    await isLockedAt(side);
  }
});

test('called off, the lock stays', async () => {
  const engine = lab.scripts.spawn('fw.sh', ...lab.migrateWords(side, '--bandwidth', '1'));
  await expect.poll(() => lab.journalOf(side)).toContain('step=sending');
  expect(await lab.fw(lab.other(side), 'start')).toMatchObject({ code: 3 });

  expect(await lab.fw(side, 'migrate', '--cancel')).toMatchObject({ code: 0 });

  expect(await engine.done).toMatchObject({ code: 1 });
  await isLockedAt(side);
});

/** From "handing" on the other side has all of it: the next one who looks hands over the lock, if that was not done. */
test.each([
  { at: 'sending', moves: false },
  { at: 'handing', moves: true },
  { at: 'lock', moves: true },
  { at: 'handed', moves: true },
])('killed at "$at", it is finished or taken back by who looks next', async ({ at, moves }) => {
  expect(await lab.migrateUntilKilled(side, at)).toBe('SIGKILL');

  expect((await lab.fw(side, 'status')).code).toBe(moves ? 3 : 0);

  if (moves) side = lab.other(side);
  await isLockedAt(side);
});

test('the one to whom the lock has passed may be asked first: it goes on there', async () => {
  expect(await lab.migrateUntilKilled(side, 'lock')).toBe('SIGKILL');
  const [from, to] = [side, lab.other(side)];

  // Whoever starts it there finds it running; the side that has sent it ends its own.
  expect(await lab.fw(to, 'start')).toMatchObject({ code: 3 });
  expect(lab.state(to)).toBe('running');
  expect(await lab.fw(from, 'start')).toMatchObject({ code: 3 });

  side = to;
  await isLockedAt(side);
});

test('the lock can be taken again after a stop', async () => {
  expect((await lab.fw(side, 'kill')).code).toBe(0);
  expect(await lab.fw(side, 'lock')).toMatchObject({ code: 3, output: 'fw is not locked.\n' });
  side = lab.other(side);
  expect((await lab.fw(side, 'start')).code).toBe(0);
  expect(await lab.fw(side, 'lock', 'mine')).toMatchObject({ code: 0 });
});
