import { expect, test } from 'vitest';
import { ImageActions } from '../../../extension/runtime/images/image-actions.ts';
import type { RunEnd } from '../../../extension/runtime/installs/script-run.ts';
import { AlreadySo, VmInstaller } from '../../../extension/runtime/installs/vm-installer.ts';
import type { LabControl, Outcome, RunOptions, Verb } from '../../../extension/runtime/lab-control.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { FakeImages, qcow2Header } from '../../support/fake-images.ts';
import { FakeInstalls } from '../../support/fake-installs.ts';
import { lab, vm } from '../../support/lab-builder.ts';

const install = { script: 'box.install.yaml', vars: [], kernel: 'guest/k', append: 'quiet' };
const finished: RunEnd = { kind: 'finished' };

class World implements LabControl {
  readonly images = new FakeImages();
  readonly files = new FakeFiles({});
  readonly installs = new FakeInstalls();
  readonly orders: string[] = [];
  start: Outcome['kind'] = 'done';
  readonly box = vm('box', 7, { disks: [{ file: 'box.qcow2', format: 'qcow2', size: '1G' }] });
  readonly place = { labPath: '/l/one.lab.yaml', lab: lab({ name: 'one', vms: [this.box] }), vm: this.box };
  readonly installer = new VmInstaller({
    control: this,
    actions: new ImageActions({ images: this.images, files: this.files, tool: this.images, downloads: this.images }),
    ...{ images: this.images, files: this.files, installs: this.installs.files, clock: new FakeClock(5), home: '/h' },
  });

  run(verb: Verb, things: readonly { readonly name: string }[], options?: RunOptions): Promise<readonly Outcome[]> {
    this.orders.push([verb, ...things.map(({ name }) => name), ...(options?.settings ?? [])].join(' '));
    const thing = { lab: '/l/one.lab.yaml', kind: 'vm', name: 'box' } as const;
    return Promise.resolve([{ thing, kind: verb === 'start' ? this.start : 'done', message: 'as told' }]);
  }

  generate(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  /** The VM starts and writes; then the script has this end. */
  install(end: RunEnd = finished, place = this.place): Promise<RunEnd> {
    return this.installer.install(place, install, async start => {
      await start();
      const under = this.images.held.has('/l/box.qcow2') ? { backing: '/l/box.qcow2', backingFormat: 'qcow2' } : {};
      this.images.add('/l/box.qcow2.installing', qcow2Header({ ...under, size: 99n }));
      this.installs.identities.set('/l/box.qcow2', 'new');
      return end;
    });
  }
}

test('a VM is installed beside its disk, with its installer, and that is remembered', async () => {
  const world = new World();

  expect(await world.install()).toEqual(finished);
  expect(world.orders).toEqual([
    'start box DISK1=/l/box.qcow2.installing KERNEL=/l/guest/k APPEND=quiet',
    'stop box',
    'kill box',
  ]);
  expect(world.images.runs[0]?.join(' ')).toContain('create -q -f qcow2 -- /l/box.qcow2.installing.new 1G');
  expect([...world.images.held.keys()]).toEqual(['/l/box.qcow2']);
  expect(await world.installer.installed(world.place)).toEqual({ disk: 'new', script: 'box.install.yaml', when: 5 });
  world.installs.identities.set('/l/box.qcow2', 'another');
  expect(await world.installer.installed(world.place)).toBeUndefined();
  expect(world.installs.locked).toEqual(new Set());
});

test('over a disk that is there it takes what is under that, and then its place', async () => {
  const world = new World();
  world.images.add('/l/base.qcow2', qcow2Header());
  world.images.add('/l/box.qcow2', qcow2Header({ backing: 'base.qcow2', backingFormat: 'qcow2' }));
  await world.install();

  expect(world.images.runs.map(args => args.join(' '))).toEqual([
    'create -q -f qcow2 -b /l/box.qcow2 -F qcow2 -- /l/box.qcow2.installing.new',
    'rebase -p -f qcow2 -b base.qcow2 -F qcow2 -- /l/box.qcow2.installing',
  ]);
  expect([...world.images.held.keys()].sort()).toEqual(['/l/base.qcow2', '/l/box.qcow2']);
});

test.each([{ kind: 'cancelled' } as const, { kind: 'unconnected', reason: 'nobody answers' } as const])(
  'a script that does not come to its end ($kind) leaves all as it was',
  async end => {
    const world = new World();

    expect(await world.install(end)).toEqual(end);
    expect(world.orders.at(-1)).toBe('kill box');
    expect([...world.images.held.keys()]).toEqual([]);
    expect(await world.installer.installed(world.place)).toBeUndefined();
  },
);

test('a disk that somebody has open meanwhile is not replaced', async () => {
  const world = new World();
  world.images.add('/l/box.qcow2', qcow2Header());
  const before = world.images.held.get('/l/box.qcow2');
  world.images.busy.add('/l/box.qcow2');

  await expect(world.install()).rejects.toThrow('in use');
  expect(world.images.held.get('/l/box.qcow2')).toBe(before);
  expect(await world.installer.installed(world.place)).toBeUndefined();
});

test('what runs, or is being installed, is left alone', async () => {
  const running = new World();
  running.start = 'already';
  await expect(running.install()).rejects.toBeInstanceOf(AlreadySo);
  expect(running.orders.map(order => order.split(' ')[0])).toEqual(['start']);

  const busy = new World();
  busy.installs.locked.add('/l/one/disks/box.installed.json.lock');
  await expect(busy.install()).rejects.toThrow('being installed by another process');
  expect(busy.orders).toEqual([]);
});

test.each([
  [[], 'no disk to be installed on'],
  [[{ file: 'a.img', format: 'raw', size: '1G' }] as const, 'raw image'],
  [[{ file: 'gone.qcow2', format: 'qcow2', size: undefined }] as const, 'is not there'],
])('a disk that is of no use is told of: %j', async (disks, words) => {
  const world = new World();

  await expect(world.install(finished, { ...world.place, vm: { ...world.box, disks } })).rejects.toThrow(words);
});

test('snapshots in a disk are not lost', async () => {
  const world = new World();
  world.images.add('/l/box.qcow2', qcow2Header({ snapshots: 2 }));

  await expect(world.install()).rejects.toThrow('has snapshots');
});
