import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { readPattern } from '../../../extension/lab/console-pattern.ts';
import type { ReadySign } from '../../../extension/lab/ready.ts';
import { PromptSign } from '../../../extension/runtime/readiness/prompt-sign.ts';
import { Readiness, type ReadyReport } from '../../../extension/runtime/readiness/readiness.ts';
import { ReadinessWatch } from '../../../extension/runtime/readiness/readiness-watch.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { bootWords } from '../../../extension/runtime/views/boot-words.ts';
import { labTree } from '../../../extension/runtime/views/lab-tree.ts';
import type { TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { FakeLogs } from '../../support/fake-logs.ts';
import { lab, vm } from '../../support/lab-builder.ts';
import { FakeManagement } from '../../support/fake-management.ts';
import { runningVm } from '../../support/running-vm.ts';

const path = '/labs/dmz.lab.yaml';
const start = 1_700_000_000_000;
const ref = { lab: path, vm: 'web' };
let store: LabStore;
let clock: FakeClock;
let files: FakeFiles;
let logs: FakeLogs;
/** What the guest says to each command, in order. */
let answers: (string | undefined)[];
let asked: string[];
let readiness: Readiness;

beforeEach(() => {
  store = new LabStore();
  clock = new FakeClock(start);
  files = new FakeFiles({ '/run/dmz/web.console.marks': `0 ${start / 1000 - 500} 7\n9 ${start / 1000} 11\n` });
  logs = new FakeLogs();
  answers = [];
  asked = [];
  describeLab([{ kind: 'prompt', pattern: readPattern('login:') }]);
  readiness = new Readiness({
    ...{ store, clock, files, logs, management: new FakeManagement(), runDir: name => `/run/${name}` },
    sockets: { open: () => Promise.reject(new Error('nobody listens')) },
    plug: () => {
      throw new Error('no plug');
    },
    random: () => 1,
    look: () => Promise.resolve(),
    run: (guest, command) => {
      asked.push(`${guest.vm}: ${command}`);
      const answer = answers.shift();
      if (answer === undefined) return Promise.reject(new Error('VM web does not answer.'));
      return Promise.resolve({ status: answer === 'no' ? 1 : 0, output: `${answer}\n` });
    },
  });
});

function describeLab(signs: readonly ReadySign[], withinMs = 60_000): void {
  const web = vm('web', 31, { ready: { signs, withinMs } });
  store.setReading(path, { lab: lab({ name: 'dmz', vms: [web, vm('pc', 32)] }), problems: [] });
  store.setHost({ vms: [runningVm('web', 11), runningVm('pc', 12)], switches: [], wires: [] });
}

const print = (text: string): void =>
  void logs.held.set('/run/dmz/web.console.log', new TextEncoder().encode(`login: \nx${text}`));
const state = () => store.lab(path)?.vms.get('web');
const words = () => bootWords(state()!);
const settled = async (): Promise<void> => {
  for (let at = 0; at < 60; at += 1) await Promise.resolve();
};
/** Lets time pass as if somebody waited for it. */
async function pass(seconds: number): Promise<void> {
  for (let at = 0; at < seconds * 4; at += 1) {
    clock.advance(250);
    await settled();
  }
}

describe('a look', () => {
  test('takes only what this start has printed, and writes down who was ready, and after how long', async () => {
    print('SeaBIOS\r\n');
    await readiness.look(ref);
    expect(words()).toBe('booting');

    await pass(8);
    print('SeaBIOS\r\nDebian\r\nweb \u001b[1mlogin\u001b[0m: ');
    await readiness.look(ref);

    expect(state()).toMatchObject({ kind: 'running', boot: { kind: 'ready', seconds: 8 } });
    expect(files.held.get('/run/dmz/web.ready')).toBe('11 8\n');
    expect(files.held.get('/run/dmz/boot-times.json')).toBe('{"web":[8]}\n');
  });

  test('says nothing of how long it took when nobody saw it happen', async () => {
    clock.advance(100_000);
    print('login: ');

    expect(await readiness.look(ref)).toEqual({ kind: 'ready' });
    expect(files.held.get('/run/dmz/web.ready')).toBe('11 -\n');
    expect(files.held.has('/run/dmz/boot-times.json')).toBe(false);
  });

  test('believes what somebody else wrote down of this process, and of no other one', async () => {
    files.held.set('/run/dmz/web.ready', '7 3\n');
    expect(await readiness.look(ref)).toEqual({ kind: 'booting' });

    files.held.set('/run/dmz/web.ready', '11 42\n');
    await pass(1);

    expect(await readiness.look(ref)).toEqual({ kind: 'ready', seconds: 42 });
  });

  test('tells of what is slower than usual, while it boots and afterwards', async () => {
    files.held.set('/run/dmz/boot-times.json', '{"web":[20,19,25,20,21],"gone":[1,2,3]}');
    await readiness.look(ref);
    expect(words()).toBe('booting');
    await pass(32);
    await readiness.look(ref);
    expect(words()).toBe('booting, slower than usual (usually 20 s)');

    await pass(1);
    print('login: ');
    await readiness.look(ref);

    expect(words()).toBe('ready, slower than usual (33 s, usually 20 s)');
    expect(files.held.get('/run/dmz/boot-times.json')).toBe('{"web":[20,19,25,20,21,33]}\n');
    const all = (node: TreeNode): readonly TreeNode[] => [node, ...node.children.flatMap(all)];
    const row = all(labTree(store.lab(path)!)).find(({ label }) => label === 'web');
    expect(row?.description).toContain('running · ready, slower than usual');
    expect(row?.tooltip).toContain('ready after 33 s, usually 20 s');
  });

  test('is shared by all who ask at the same time, so that none of the words is passed over', async () => {
    print('SeaBIOS\r\n');
    await Promise.all([readiness.look(ref), readiness.look(ref), readiness.look(ref)]);
    await pass(1);
    print('SeaBIOS\r\nweb login: ');

    expect(await Promise.all([readiness.look(ref), readiness.look(ref)])).toMatchObject([
      { kind: 'ready' },
      { kind: 'ready' },
    ]);
  });

  test('asks the guest a question only when all that costs less has come, and not quietly', async () => {
    describeLab([
      { kind: 'prompt', pattern: readPattern('/login: $/') },
      { kind: 'command', command: 'systemctl is-system-running', answer: readPattern('running') },
    ]);
    answers = ['starting', 'no', 'running'];
    await readiness.look(ref);
    print('login: ');
    await pass(1);
    await readiness.look(ref, { isQuiet: true });
    expect(asked).toEqual([]);

    for (let look = 0; look < 3; look += 1) {
      await pass(3);
      await readiness.look(ref);
    }

    expect(asked).toHaveLength(3);
    expect(words()).toBe('ready');
  });

  test('is none of VMs that do not run, or of which nothing says when they are ready', async () => {
    expect(await readiness.look({ lab: path, vm: 'pc' })).toEqual({ kind: 'unknown' });
    expect(await readiness.look({ lab: path, vm: 'absent' })).toEqual({ kind: 'stopped' });
    expect(store.lab(path)?.vms.get('pc')).toEqual({ kind: 'running', pid: 12 });
  });
});

describe('waiting', () => {
  test('ends as each VM is ready', async () => {
    const told: string[] = [];
    const onReport = ({ message }: ReadyReport): void => void told.push(message);
    const waiting = readiness.waitUntilReady([ref, { lab: path, vm: 'pc' }], { onReport });
    await pass(12);
    expect(told).toEqual(['pc runs. Nothing says when it is ready: give it "ready:" in the lab file.']);
    print('login: ');
    await pass(1);

    expect((await waiting).map(({ kind }) => kind)).toEqual(['ready', 'unknown']);
    expect(told[1]).toBe('web is ready after 12 s.');
    expect(clock.pending).toBe(0);
  });

  test('ends in time, with what there was instead', async () => {
    print('SeaBIOS\r\nKernel panic - not syncing: VFS\r\n');
    const waiting = readiness.waitUntilReady([ref]);
    await pass(61);

    expect(await waiting).toEqual([
      {
        vm: ref,
        kind: 'late',
        message:
          'web was not ready within 60 s. Its serial console has not printed "login:". It printed last:\n' +
          '    SeaBIOS\n    Kernel panic - not syncing: VFS',
      },
    ]);
    await pass(1);
    await readiness.look(ref);
    expect(words()).toBe('not ready in time');
  });

  test('ends when a VM stops, and when it is called off', async () => {
    const waiting = readiness.waitUntilReady([ref]);
    await pass(2);
    store.setHost({ vms: [], switches: [], wires: [] });
    await pass(2);

    expect(await waiting).toMatchObject([{ kind: 'stopped', message: 'web does not run.' }]);
  });

  test('says of an agent and a port why they cannot be asked', async () => {
    describeLab([{ kind: 'agent' }]);
    const agent = readiness.waitUntilReady([ref], { withinMs: 2000 });
    await pass(3);
    expect((await agent)[0]?.message).toContain('channel for the guest agent cannot be opened');

    describeLab([{ kind: 'port', port: 22 }]);
    const port = readiness.waitUntilReady([ref], { withinMs: 2000 });
    await pass(3);
    expect((await port)[0]?.message).toContain('Port tcp/22 cannot be asked for: its lab gives it no IPv4 address.');
  });
});

describe('the watch', () => {
  test('looks while something boots, and then no more', async () => {
    const watch = new ReadinessWatch({ store, clock, readiness });
    watch.setSeen(true);
    await settled();
    expect(words()).toBe('booting');
    print('login: ');
    await pass(2);

    expect(words()).toBe('ready');
    expect(clock.pending).toBe(0);

    store.setHost({ vms: [runningVm('web', 21)], switches: [], wires: [] });
    await settled();
    expect(words()).toBe('booting');
    watch.dispose();
    expect(clock.pending).toBe(0);
  });

  test('looks less often while nobody sees it', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      return Promise.resolve({ kind: 'booting' } as const);
    };
    const watch = new ReadinessWatch({ store, clock, readiness: { look } });
    await pass(10);
    const unseen = looks;
    watch.setSeen(true);
    await pass(10);

    expect(unseen).toBeLessThanOrEqual(3);
    expect(looks - unseen).toBeGreaterThanOrEqual(9);
    watch.dispose();
  });
});

test('words on a console are found however its output is cut', async () => {
  const text = 'BIOS \u001b[2J\r\n[  1.0] ünit started\r\r\nDebian GNU/Linux 12 web ttyS0\r\n\r\nweb login: ';
  const bytes = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 6 }), async cuts => {
      const log = new FakeLogs();
      const source = { logs: log, log: 'l', from: () => Promise.resolve(0) };
      const [wanted, line, absent] = ['ünit started', '/^web login: $/', '/^login/'].map(
        pattern => new PromptSign(readPattern(pattern), source),
      );
      for (const end of [...cuts.sort((a, b) => a - b), bytes.length]) {
        log.held.set('l', bytes.slice(0, end));
        for (const sign of [wanted!, line!, absent!]) await sign.look();
      }

      expect([await wanted!.look(), await line!.look()]).toEqual([undefined, undefined]);
      expect(await absent!.look()).toContain('Its serial console has not printed /^login/. It printed last:');
    }),
  );
});
