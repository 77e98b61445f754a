import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GuestConsole } from '../support/guest-console.ts';
import { MigrationLab, type Side } from '../support/migration-lab.ts';
import { killIfAlive } from '../support/own-processes.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { until } from '../support/vscode/until.ts';

let lab: MigrationLab;
let pc: GuestConsole;
/** Where fw is now. */
let side: Side;

beforeAll(async () => {
  lab = await MigrationLab.make();
  side = lab.here;
  await lab.start();
  pc = await lab.pc();
  await lab.count(pc);
});
afterAll(() => lab.dispose());

const journal = (of: Side): string => path.join(lab.run(of), 'fw.migrating');

/** fw runs at this side and at no other, nothing is left of a migration, and no number is lost. */
async function runsOnlyAt(of: Side): Promise<void> {
  expect(lab.processes(of)).toHaveLength(1);
  expect(lab.state(of)).toBe('running');
  expect(lab.processes(lab.other(of))).toEqual([]);
  for (const one of [of, lab.other(of)]) expect(existsSync(journal(one))).toBe(false);
  await lab.countsOn();
  expect(lab.numbers().findIndex((number, at) => number !== at + 1)).toBe(-1);
}

/** Begins a migration that takes long, and waits until it sends. */
async function slowly(): Promise<ReturnType<typeof lab.scripts.spawn>> {
  const engine = lab.scripts.spawn('fw.sh', ...lab.migrateWords(side, '--bandwidth', '1'));
  await until('fw to be sent', () => Promise.resolve(lab.journalOf(side).includes('step=sending')));
  return engine;
}

test('a VM under load goes there and back, again and again, and runs at one place only', async () => {
  for (let times = 0; times < 6; times++) {
    const { code, output } = await lab.migrate(side);
    expect(code, output).toBe(0);
    side = lab.other(side);
    await runsOnlyAt(side);
  }
  const { sent, lost } = await lab.pings(pc);
  console.log(`${lost} of ${sent} pings lost in 6 migrations`);
});

describe.runIf(hasSshServer)('to another host, over ssh', () => {
  let ssh: SshHost;
  beforeAll(async () => {
    ssh = await SshHost.start(lab.there.root);
  });
  afterAll(() => ssh.dispose());

  const begin = (...more: readonly string[]): ReturnType<typeof lab.scripts.spawn> => {
    const [root = '', migrate = '', ...target] = lab.migrateWords(side, ...more);
    const far = ['--ssh', 'other', '--scripts', lab.scripts.folder];
    return lab.scripts.spawn('fw.sh', root, migrate, ...far, ...target);
  };
  /** The scripts find the test's own ssh. */
  const withSsh = async (work: () => Promise<void>): Promise<void> => {
    const path = process.env['PATH'] ?? '';
    process.env['PATH'] = `${ssh.programs()}:${path}`;
    await work().finally(() => (process.env['PATH'] = path));
  };

  test('it goes there', () =>
    withSsh(async () => {
      const { code, output } = await begin().done;
      expect(code, output).toBe(0);
      side = lab.other(side);
      await runsOnlyAt(side);
    }));

  test('the connection is cut while it is sent: it goes on where it was', () =>
    withSsh(async () => {
      const engine = begin('--bandwidth', '1');
      await until('fw to be sent', () => Promise.resolve(lab.journalOf(side).includes('step=sending')));
      for (const pid of ssh.clients()) killIfAlive(pid);
      expect((await engine.done).code).toBe(1);
      await runsOnlyAt(side);
    }));
});

describe('whatever fails, it runs at one place', () => {
  test('the check list says what speaks against it, and does nothing', async () => {
    const good = await lab.scripts.script('fw.sh', ...lab.migrateWords(side, '--check'));
    const bad = await lab.scripts.script('fw.sh', ...lab.migrateWords(side, '--check', `ID=${side.id}`));

    expect(good).toMatchObject({ code: 0, output: expect.stringContaining('ok switches') as string });
    expect(bad).toMatchObject({ code: 1, output: expect.stringContaining('no consoles: ports in use:') as string });
    await runsOnlyAt(side);
  });

  test('called off, it goes on where it was', async () => {
    const engine = await slowly();
    expect((await lab.fw(side, 'start')).output).toContain('is being migrated to');
    expect(await lab.fw(lab.other(side), 'start')).toMatchObject({ code: 3 });

    await lab.fw(side, 'migrate', '--cancel');

    expect(await engine.done).toMatchObject({ code: 1, output: expect.stringContaining('called off') as string });
    await runsOnlyAt(side);
  });

  test('an engine that is told to end takes all back', async () => {
    const engine = await slowly();
    process.kill(engine.pid, 'SIGTERM');
    expect((await engine.done).code).toBe(1);
    await runsOnlyAt(side);
  });

  test('the QEMU that waits dies', async () => {
    const engine = await slowly();
    for (const pid of lab.processes(lab.other(side))) process.kill(pid, 'SIGKILL');
    expect((await engine.done).code).toBe(1);
    await runsOnlyAt(side);
  });

  test('there is no room for a run-time folder', async () => {
    const full = path.join(lab.scripts.root, 'full');
    mkdirSync(full);
    const words = [`RUN_ROOT=${side.root}`, 'migrate', '--run-root', full, `ID=${lab.other(side).id}`];
    const command = 'mount -t tmpfs -o size=4k none "$1" && head -c 4096 /dev/zero >"$1/x"; shift; exec "$@"';
    const engine = spawn(
      'unshare',
      [
        ...(process.getuid?.() === 0 ? [] : ['-r']),
        '-m',
        'bash',
        '-c',
        command,
        'full',
        full,
        path.join(lab.scripts.folder, 'fw.sh'),
        ...words,
      ],
      { env: { ...process.env, KVMLAB_ACCEL: 'tcg' }, stdio: 'ignore' },
    );
    expect(await new Promise(done => engine.once('exit', done))).toBe(1);
    await runsOnlyAt(side);
  });

  /** The engine is killed the moment that its journal says this step. */
  test.each(['preparing', 'prepared', 'sending', 'handing', 'handed'])('the engine is killed at "%s"', async step => {
    expect(await lab.migrateUntilKilled(side, step)).toBe('SIGKILL');

    const { code, output } = await lab.fw(side, 'status');

    if (step === 'handed') side = lab.other(side);
    expect(output).toContain(step === 'handed' ? 'finishing a migration' : 'taking back a migration');
    expect(code, output).toBe(step === 'handed' ? 3 : 0);
    await runsOnlyAt(side);
  });

  // A guest that is stopped at the beginning goes on while it is sent with QEMU up to 7 only.
  const [, qemu] = /version (\d+)/.exec(execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' })) ?? [];
  test.each(['order_here migrate-continue', ...(Number(qemu) < 8 ? ['order_here cont'] : [])])(
    'the engine is killed while fw stands still, before "%s"',
    async command => {
      expect(await lab.migrateUntilKilledBefore(side, command)).toBe('SIGKILL');
      expect(lab.state(side)).not.toBe('running');

      expect(await lab.fw(side, 'status')).toMatchObject({ code: 0 });

      await runsOnlyAt(side);
    },
  );

  test('what waits at the destination never goes on by itself, and asks the one that sends', async () => {
    const engine = await slowly();
    process.kill(-engine.pid, 'SIGKILL');
    await engine.done;
    await lab.fw(lab.other(side), 'status');
    await runsOnlyAt(side);
  });

  test('the QEMU that sends dies: fw is stopped, and starts again where it was', async () => {
    const engine = await slowly();
    for (const pid of lab.processes(side)) process.kill(pid, 'SIGKILL');
    expect((await engine.done).code).toBe(1);
    for (const one of [lab.here, lab.there]) {
      expect(lab.processes(one)).toEqual([]);
      expect(existsSync(journal(one))).toBe(false);
    }
    expect((await lab.fw(side, 'start')).code).toBe(0);
    expect(lab.state(side)).toBe('running');
  });
});
