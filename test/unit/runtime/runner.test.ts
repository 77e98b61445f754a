import { beforeEach, describe, expect, test } from 'vitest';
import { CancelSource, type CancelSignal } from '../../../extension/base/cancel.ts';
import type { Problem } from '../../../extension/lab/problem.ts';
import type { ScriptResult, ScriptRunner } from '../../../extension/runtime/host.ts';
import type { Progress } from '../../../extension/runtime/lab-control.ts';
import { LabRunner } from '../../../extension/runtime/runner.ts';
import type { RemoteHosts } from '../../../extension/runtime/remote-ports.ts';
import type { ThingRef } from '../../../extension/runtime/state.ts';
import type { ReadyReport, VmRef } from '../../../extension/runtime/readiness/readiness.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { lab as aLab, networkSwitch as aSwitch, vm as aVm, wire as aWire } from '../../support/lab-builder.ts';

const path = '/x/dmz.lab.yaml';
const lab = aLab({
  name: 'dmz',
  switches: [aSwitch('lan'), aSwitch('out')],
  wires: [aWire('lan', 'out')],
  vms: [aVm('fw', 31), aVm('web', 32), aVm('pc', 33)],
  groups: [
    {
      name: 'office',
      vms: ['pc', 'web'],
      colour: undefined,
      nameSpan: { start: 0, end: 0 },
      span: { start: 0, end: 0 },
    },
  ],
});
const thing = (kind: ThingRef['kind'], name: string): ThingRef => ({ lab: path, kind, name });

class FakeScripts implements ScriptRunner {
  readonly calls: string[] = [];
  answer: (call: string) => ScriptResult | Promise<ScriptResult> = () => ({ code: 0, output: 'ok\n' });

  async run(script: string, args: readonly string[], signal?: CancelSignal): Promise<ScriptResult> {
    const call = `${script.slice(script.lastIndexOf('/') + 1)} ${args.join(' ')}`;
    this.calls.push(call);
    if (signal?.aborted) return { code: 143, output: '' };
    return this.answer(call);
  }
}

let scripts: FakeScripts;
let store: LabStore;
let files: FakeFiles;
let problems: Problem[];
let runner: LabRunner;
/** What was waited for, in order, and what is told of it. */
let waited: string[];
let readyKind: ReadyReport['kind'];

const remote = (): Promise<RemoteHosts> => Promise.reject(new Error('no lab here has other hosts'));

const waitUntilReady = async (vms: readonly VmRef[]): Promise<readonly ReadyReport[]> => {
  waited.push(...vms.map(({ vm }) => vm));
  scripts.calls.push(...vms.map(({ vm }) => `${vm} is ${readyKind}`));
  return Promise.resolve(vms.map(vm => ({ vm, kind: readyKind, message: `${vm.vm} is ${readyKind}.` })));
};

beforeEach(() => {
  waited = [];
  readyKind = 'ready';
  scripts = new FakeScripts();
  store = new LabStore();
  files = new FakeFiles();
  problems = [];
  const readLab = () => Promise.resolve({ lab: lab, problems });
  store.setReading(path, { lab, problems });
  runner = new LabRunner({ files, scripts, store, readLab, observe: () => Promise.resolve(), waitUntilReady, remote });
});

test('a lab starts its switches, then its wires, then its VMs', async () => {
  await runner.run('start', [thing('lab', 'dmz')]);

  expect(scripts.calls).toEqual([
    'switch-lan.sh start',
    'switch-out.sh start',
    'wire-lan-out.sh start',
    'fw.sh start',
    'web.sh start',
    'pc.sh start',
  ]);
});

test('a lab stops its VMs, then its wires, then its switches', async () => {
  await runner.run('stop', [thing('lab', 'dmz')]);

  expect(scripts.calls).toEqual([
    'fw.sh stop',
    'web.sh stop',
    'pc.sh stop',
    'wire-lan-out.sh stop',
    'switch-lan.sh stop',
    'switch-out.sh stop',
  ]);
});

test('a restart takes VMs down and up, and lets a switch do it on its own', async () => {
  await runner.run('restart', [thing('vm', 'fw'), thing('switch', 'lan')]);

  expect(scripts.calls).toEqual(['fw.sh stop', 'switch-lan.sh restart', 'fw.sh start']);
});

test('things chosen twice, alone and in a group, are done once', async () => {
  const outcomes = await runner.run('start', [thing('vm', 'pc'), thing('group', 'office')]);

  expect(scripts.calls).toEqual(['pc.sh start', 'web.sh start']);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done']);
});

test('exit codes become outcomes: 3 is already so, others failed with what the script said', async () => {
  scripts.answer = call => {
    if (call.startsWith('fw')) return { code: 3, output: 'fw runs already: process 4711.\n' };
    return { code: 1, output: 'web did not start. QEMU says: no\n' };
  };

  const outcomes = await runner.run('start', [thing('vm', 'fw'), thing('vm', 'web')]);

  expect(outcomes).toEqual([
    { thing: thing('vm', 'fw'), kind: 'already', message: 'fw runs already: process 4711.' },
    { thing: thing('vm', 'web'), kind: 'failed', message: 'web did not start. QEMU says: no' },
  ]);
  expect(store.stateOf(thing('vm', 'web'))).toEqual({ kind: 'failed', reason: 'web did not start. QEMU says: no' });
});

test('while a script runs the store says what is going on', async () => {
  const seen: string[] = [];
  scripts.answer = () => {
    seen.push(store.stateOf(thing('vm', 'fw')).kind);
    return { code: 0, output: '' };
  };

  await runner.run('start', [thing('vm', 'fw')]);
  await runner.run('kill', [thing('vm', 'fw')]);

  expect(seen).toEqual(['starting', 'stopping']);
  expect(store.stateOf(thing('vm', 'fw'))).toEqual({ kind: 'stopped' });
});

test('a lab file with errors starts nothing and writes nothing', async () => {
  problems.push({ code: 'id-missing', severity: 'error', message: 'VM web has no ID.', span: { start: 0, end: 0 } });

  await expect(runner.run('start', [thing('vm', 'fw')])).rejects.toThrow('VM web has no ID.');

  expect(scripts.calls).toEqual([]);
  expect(files.held.size).toBe(0);
});

test('a lab file with errors can still be stopped', async () => {
  problems.push({ code: 'id-missing', severity: 'error', message: 'VM web has no ID.', span: { start: 0, end: 0 } });

  const outcomes = await runner.run('stop', [thing('vm', 'fw')]);

  expect(outcomes.map(({ kind }) => kind)).toEqual(['done']);
});

test('cancelling ends what runs and begins nothing more', async () => {
  const source = new CancelSource();
  scripts.answer = () => {
    source.cancel();
    return { code: 143, output: '' };
  };

  const outcomes = await runner.run('start', [thing('switch', 'lan'), thing('vm', 'fw')], { signal: source.signal });

  expect(scripts.calls).toEqual(['switch-lan.sh start']);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['cancelled', 'cancelled']);
  expect(store.stateOf(thing('switch', 'lan'))).toEqual({ kind: 'stopped' });
});

test('progress counts to the end', async () => {
  const seen: Progress[] = [];

  await runner.run('start', [thing('lab', 'dmz')], { onProgress: progress => seen.push(progress) });

  expect(seen.filter(({ outcome }) => outcome).map(({ finished, total }) => `${finished}/${total}`)).toEqual([
    '1/6',
    '2/6',
    '3/6',
    '4/6',
    '5/6',
    '6/6',
  ]);
});

test('a script that cannot be run at all is a failure of that thing, not of the others', async () => {
  scripts.answer = call => {
    if (call.startsWith('fw')) throw new Error('EACCES');
    return { code: 0, output: 'ok' };
  };

  const outcomes = await runner.run('start', [thing('vm', 'fw'), thing('vm', 'web')]);

  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'failed']);
});

test('hundreds of VMs are started a few at a time', async () => {
  let running = 0;
  let most = 0;
  scripts.answer = async () => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running -= 1;
    return { code: 0, output: '' };
  };
  const many = aLab({ name: 'dmz', vms: Array.from({ length: 200 }, (_, at) => aVm(`v${at}`, at + 1)) });
  const readLab = () => Promise.resolve({ lab: many, problems: [] });
  runner = new LabRunner({ files, scripts, store, readLab, observe: () => Promise.resolve(), waitUntilReady, remote });

  const outcomes = await runner.run('start', [thing('lab', 'dmz')]);

  expect(outcomes).toHaveLength(200);
  expect(most).toBeLessThanOrEqual(8);
  expect(most).toBeGreaterThan(1);
});

describe('VMs that come after others', () => {
  const ordered = aLab({
    name: 'dmz',
    vms: [
      aVm('pc', 33, { after: ['web', 'fw'] }),
      aVm('web', 32, { after: ['fw'] }),
      aVm('fw', 31),
      aVm('log', 34, { after: ['absent'] }),
    ],
  });

  beforeEach(() => {
    store.setReading(path, { lab: ordered, problems: [] });
    const readLab = () => Promise.resolve({ lab: ordered, problems: [] });
    runner = new LabRunner({
      files,
      scripts,
      store,
      readLab,
      observe: () => Promise.resolve(),
      waitUntilReady,
      remote,
    });
  });

  test('a VM that was migrated to another folder of this host is stopped there', async () => {
    const fw = { pid: 7, startTicks: 1, uid: 0, name: 'fw', id: 41, lab: 'dmz', folder: '/there/dmz' };
    const ports = { memory: undefined, serialPort: 10_041, monitorPort: 20_041, displayPort: undefined };
    store.setHost({ vms: [{ ...fw, ...ports, pidFile: '/there/dmz/fw.pid' }], switches: [], wires: [] });

    await runner.run('stop', [thing('vm', 'fw'), thing('vm', 'web')]);

    expect(scripts.calls).toEqual(['fw.sh stop RUN_ROOT=/there ID=41', 'web.sh stop']);
  });

  test('are held back until those are ready, and everybody is waited for once', async () => {
    const told: string[] = [];
    const onProgress = ({ thing: { name }, waitsFor }: Progress): void => {
      if (waitsFor) told.push(`${name} waits for ${waitsFor.join(', ')}`);
    };

    const outcomes = await runner.run('start', [thing('lab', 'dmz')], { onProgress });

    expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true);
    expect(scripts.calls.filter(call => !call.startsWith('log'))).toEqual([
      ...['fw.sh start', 'fw is ready', 'web.sh start', 'web is ready', 'pc.sh start'],
    ]);
    expect(waited.sort()).toEqual(['fw', 'web']);
    expect(told).toEqual(['pc waits for web, fw', 'web waits for fw']);
  });

  test('start at once when those neither run nor are started with them', async () => {
    await runner.run('start', [thing('vm', 'pc')]);

    expect(scripts.calls).toEqual(['pc.sh start']);
  });

  test('are not started when those are not ready in time, nor are the ones behind them', async () => {
    readyKind = 'late';

    const outcomes = await runner.run('start', [thing('lab', 'dmz')]);

    expect(
      Object.fromEntries(outcomes.map(({ thing: { name }, kind, message }) => [name, `${kind}: ${message}`])),
    ).toEqual({
      fw: 'done: ok',
      log: 'done: ok',
      web: 'failed: web was not started. It comes after fw. fw is late.',
      pc: 'failed: pc was not started. It comes after web, which was not started either.',
    });
    expect(store.stateOf(thing('vm', 'web'))).toEqual({
      kind: 'failed',
      reason: 'web was not started. It comes after fw. fw is late.',
    });
  });

  test('are called off while they wait', async () => {
    const cancel = new CancelSource();
    scripts.answer = () => {
      cancel.cancel();
      return { code: 0, output: 'ok' };
    };

    const outcomes = await runner.run('start', [thing('vm', 'web'), thing('vm', 'fw')], { signal: cancel.signal });

    expect(outcomes.map(({ thing: { name }, kind }) => [name, kind])).toEqual([
      ['fw', 'done'],
      ['web', 'cancelled'],
    ]);
    expect(store.stateOf(thing('vm', 'web'))).toEqual({ kind: 'stopped' });
  });

  test('hold nobody up who does not come after them, however many they are', async () => {
    const many = aLab({
      name: 'dmz',
      vms: [...Array.from({ length: 20 }, (_, at) => aVm(`late${at}`, at + 1, { after: ['fw'] })), aVm('fw', 31)],
    });
    const readLab = () => Promise.resolve({ lab: many, problems: [] });
    runner = new LabRunner({
      files,
      scripts,
      store,
      readLab,
      observe: () => Promise.resolve(),
      waitUntilReady,
      remote,
    });

    const outcomes = await runner.run('start', [thing('lab', 'dmz')]);

    expect(outcomes).toHaveLength(21);
    expect(scripts.calls[0]).toBe('fw.sh start');
    expect(waited).toEqual(['fw']);
  });
});
