import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockModel, type Steps } from '../../support/lock-model.ts';
import { LockScript, type HostWords } from '../../support/lock-script.ts';

let lock: LockScript;

beforeEach(() => {
  lock = new LockScript();
});

afterEach(() => {
  lock.dispose();
});

const right: Partial<HostWords> = { name: 'right', machine: '7'.repeat(32) };

const left = { name: 'left', boot: 1, isUp: true };

/** What the model does step by step, while nobody disturbs it. */
class Played {
  readonly model = new LockModel();

  start(run: string, meanwhile?: { readonly at: string; readonly run: string }): readonly string[] {
    const script = this.model.begin('script', left, run, 'running');
    return this.play(this.model.start(script), meanwhile);
  }

  stop(run: string): readonly string[] {
    return this.play(this.model.stop(this.model.begin('script', left, run, 'running')));
  }

  handOver(from: string, to: string): readonly string[] {
    const [source, target] = [this.model.qemu(left, from)!, this.model.begin('QEMU', left, to, 'waiting')];
    return this.play(this.model.migrate(source, target));
  }

  end(run: string): void {
    this.model.qemu(left, run)!.isAlive = false;
  }

  private play(steps: Steps<boolean>, meanwhile?: { readonly at: string; readonly run: string }): readonly string[] {
    const seen: string[] = [];
    for (let next = steps.next(); !next.done; next = steps.next({ back: 0, isAnswerLost: false })) {
      if (next.value === meanwhile?.at) this.start(meanwhile.run);
      if (next.value === 'go on') break;
      for (const one of this.model.processes) if (one.phase === 'coming') one.phase = 'running';
      if (next.value !== 'launch' && next.value !== 'wait') seen.push(next.value);
    }
    for (const one of this.model.processes) if (one.kind === 'script') one.isAlive = false;
    return seen;
  }
}

test('the steps of the scripts are those of the model, one by one', async () => {
  const model = new Played();

  const first = await lock.call('start');
  expect(first).toMatchObject({ code: 0, steps: model.start('run') });
  const refused = await lock.call('start', { run: 'other' });
  expect(refused).toMatchObject({ code: 3, steps: model.start('other') });
  await lock.kill();
  model.end('run');
  const released = await lock.call('lock_release');
  expect(released).toMatchObject({ code: 0, steps: model.stop('run') });
  const again = await lock.call('start');
  expect(again).toMatchObject({ code: 0, steps: model.start('run') });
  await lock.kill();
  model.end('run');
  const takenOver = await lock.call('start', { run: 'other' });
  expect(takenOver).toMatchObject({ code: 0, steps: model.start('other') });
  const offer = await lock.call('lock_me; lock_offer "$PPID"');
  const passed = await lock.call(`lock_hand_over '${offer.output.trim()}'`, { run: 'other' });
  expect(passed).toMatchObject({ code: 0, steps: model.handOver('other', 'run') });
  expect(first.steps.length + passed.steps.length).toBe(13);
});

test('whoever loses a race does the steps of the model too', async () => {
  const model = new Played();
  await lock.call('start');
  model.start('run');
  await lock.kill();
  model.end('run');

  const race = await lock.call('start', { at: 3, meanwhile: { body: 'start', run: 'other' } });

  expect(race).toMatchObject({ code: 3, steps: model.start('run', { at: 'write record', run: 'other' }) });
  expect(lock.qemus()).toEqual(['other']);
});

const situations = {
  'nobody ever had it': [],
  'it is free': ['start', 'kill', 'lock_release'],
  'whoever had it has ended': ['start', 'kill'],
};

async function bring(about: readonly string[]): Promise<void> {
  for (const one of about) await (one === 'kill' ? lock.kill('first') : lock.call(one, { run: 'first' }));
}

test.each(Object.entries(situations))(
  'of two who start it exactly one wins, at whatever step they meet: %s',
  async (_, about) => {
    await bring(about);
    const count = (await lock.call('start')).steps.length;
    for (let at = 1; at <= count; at += 1) {
      lock.dispose();
      lock = new LockScript();
      await bring(about);

      const race = await lock.call('start', { at, meanwhile: { body: 'start; echo won', run: 'other' } });

      const winner = race.output.includes('won') ? 'other' : 'run';
      expect([race.code, winner], `met at step ${at}: ${race.output}`).toEqual(
        winner === 'run' ? [0, 'run'] : [3, 'other'],
      );
      expect(lock.qemus()).toEqual([winner]);
    }
  },
);

test.each(Object.entries(situations).slice(1))(
  'a start that is killed at any step leaves a lock that is taken over when QEMU is gone: %s',
  async (_, about) => {
    await bring(about);
    const count = (await lock.call('start')).steps.length;
    for (let at = 1; at <= count; at += 1) {
      lock.dispose();
      lock = new LockScript();
      await bring(about);
      await lock.call('start', { at, meanwhile: 'kill' });
      const runs = lock.qemus();

      const elsewhere = await lock.call('start', { run: 'other', host: right });
      if (elsewhere.code === 0) {
        await lock.kill('other');
        await lock.call('lock_release', { run: 'other', host: right });
      } else {
        expect(elsewhere.output, `killed at step ${at}`).toContain('it is locked by');
      }
      const here = await lock.call('start', { run: 'third' });

      expect([here.code, lock.qemus()], `killed at step ${at}: ${here.output}`).toEqual(
        runs.length === 0 ? [0, ['third']] : [3, ['run']],
      );
      if (runs.length > 0) await lock.call(`lock_adopt ${lock.qemu('run')}`);
      await lock.kill(runs[0] ?? 'third');
      expect((await lock.call('start', { run: 'fourth' })).code).toBe(0);
    }
  },
);

const [machine, boot] = ['1'.repeat(32), '00000000-0000-4000-8000-000000000001'];
const host: HostWords = { name: 'left', machine, boot, pidns: '7' };
const laterBoot = boot.replace(/1$/, '2');

test.each([
  ['its process is gone', true, {}, 'stale'],
  ['its process lives', false, {}, 'held'],
  ['the host was booted since', false, { boot: laterBoot }, 'stale'],
  ['another host, of the same name', true, { machine: '2'.repeat(32), boot: laterBoot }, 'held'],
  ['a copy of its machine, with another name', true, { name: 'right', boot: laterBoot }, 'held'],
  ['another container of the same host', true, { pidns: '8' }, 'held'],
] as const)('what proves that a lock is over: %s', async (_, isKilled, other, verdict) => {
  await lock.call('start', { host });
  if (isKilled) await lock.kill();

  const told = await lock.call('lock_tell', { run: 'other', host: { ...host, ...other } });

  expect(told.output).toMatch(new RegExp(`^${verdict} state=running host=left machine=1{32} `));
});

test('a pid that was used again does not keep a lock', async () => {
  await lock.call('start');
  const file = lock.record();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/ ticks=\d+/, ' ticks=1'));

  expect((await lock.call('lock_tell', { run: 'other' })).output).toMatch(/^stale /);
});

test.each(['', 'state=running host=$(id)', '\u001b]0;x\u0007'])(
  'a record that is none is nobody’s word, and nothing is started: %#',
  async text => {
    await lock.call('start');
    writeFileSync(lock.record(), text);

    const refused = await lock.call('start', { run: 'other' });

    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('a: its lock in ') as string });
    expect(refused.output).toContain('cannot be read. Look at the storage.');
    expect(lock.qemus()).toEqual(['run']);
  },
);
