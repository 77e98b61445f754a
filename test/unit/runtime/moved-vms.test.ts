import { beforeEach, describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { consoleOfVm } from '../../../extension/runtime/console/console-lookup.ts';
import { hasComeFrom, readMove } from '../../../extension/runtime/moved-vms.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { hostTree } from '../../../extension/runtime/views/host-tree.ts';
import { labTree } from '../../../extension/runtime/views/lab-tree.ts';
import { HostWatcher } from '../../../extension/runtime/watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFolders } from '../../support/fake-folders.ts';
import { FakeProcesses, vmProcess } from '../../support/fake-processes.ts';

const root = '/run/u/kvmlab';
const path = '/labs/two.lab.yaml';
const moved = (run: string, ssh = ''): string => `role=sender\nssh=${ssh}\nrun=${run}\nconsole=10032\nstep=moved\n`;

describe('what a script has written down of a VM that left', () => {
  test('is a place on this host or behind ssh, or nothing', () => {
    expect(readMove(moved('/there/two'))).toEqual({ ssh: '', run: '/there/two' });
    expect(readMove(moved('/run/two', 'right'))).toEqual({ ssh: 'right', run: '/run/two' });
    for (const text of ['', 'ssh=right\n', 'run=relative\n']) expect(readMove(text)).toBeUndefined();
  });

  test('leads on to where the VM is now, and not round in circles', () => {
    const moves = new Map([
      [`${root}/two`, new Map([['fw', moved('/a/two')]])],
      ['/a/two', new Map([['fw', moved('/b/two')]])],
      ['/b/two', new Map([['fw', moved('/a/two')]])],
    ]);
    const isFrom = (run: string, name = 'fw'): boolean =>
      hasComeFrom([`${root}/`], run, name, one => moves.get(one) ?? new Map());

    expect(['/a/two', '/b/two', '/c/two'].map(run => isFrom(run))).toEqual([true, true, false]);
    expect(isFrom('/a/two', 'pc')).toBe(false);
  });
});

describe('a VM that was migrated', () => {
  let store: LabStore;
  let folders: FakeFolders;
  let processes: FakeProcesses;
  const look = (): Promise<void> =>
    new HostWatcher({ processes, store, clock: new FakeClock(), runRoots: [root], folders }).poll();
  const thing = { lab: path, kind: 'vm', name: 'fw' } as const;
  const rowWords = (): string | undefined => labTree(store.lab(path)!).children[0]?.children[0]?.description;

  beforeEach(() => {
    store = new LabStore();
    folders = new FakeFolders();
    processes = new FakeProcesses();
    store.setReading(
      path,
      readLab('name: two\nhosts: { right: { ssh: me@right.example } }\nvms: { fw: { id: 31 } }\n'),
    );
  });

  test('to another folder of this host is one of its lab, with the ID and the console that it has there', async () => {
    folders.moves.set(`${root}/two`, new Map([['fw', moved('/there/two')]]));
    processes.set(vmProcess(7, '/there/two', 'fw', 32));

    await look();

    expect(store.stateOf(thing)).toEqual({ kind: 'running', pid: 7, id: 32, folder: '/there/two' });
    expect(rowWords()).toBe('running · moved to /there · ID 32 · 256M');
    expect(consoleOfVm(thing, 'serial', store.labs, lab => `${root}/${lab}`)).toMatchObject({
      port: 10_032,
      logPath: '/there/two/fw.console.log',
    });
    const rows = hostTree(store.host, store.labs, one => store.labOf(one));
    expect(rows[0]?.children[0]?.description).toBe('lab two · moved to /there · pid 7 · 256M');
  });

  test('is somebody else’s where nothing says that it came from here', async () => {
    processes.set(vmProcess(7, '/there/two', 'fw', 32));

    await look();

    expect([store.stateOf(thing), store.host.vms[0]?.lab]).toEqual([{ kind: 'stopped' }, undefined]);
  });

  test('to another host is said to have gone there until that host tells of it', async () => {
    folders.moves.set(`${root}/two`, new Map([['fw', moved('/run/two', 'me@right.example')]]));

    await look();

    expect(rowWords()).toBe('stopped · moved to right · ID 31 · 256M');
    expect(consoleOfVm(thing, 'serial', store.labs, lab => lab)?.host?.name).toBe('right');
    const far = { host: 'right', pid: 9 };
    const things = { vms: [{ name: 'fw', pid: 0, id: 33, far }], switches: [], wires: [] };
    store.setFar(path, 'right', { kind: 'seen', things });
    expect(rowWords()).toBe('running · on right · ID 33 · 256M');
    store.setFar(path, 'right', { kind: 'seen', things: { ...things, vms: [] } });
    expect(rowWords()).toBe('stopped · ID 31 · 256M');
    store.setFar(path, 'right', { kind: 'unknown', brief: 'right does not answer', reason: 'Look at it.' });
    expect(rowWords()).toBe('unknown: right does not answer · ID 31 · 256M');
  });
});
