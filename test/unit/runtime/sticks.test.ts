import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { systemClock } from '../../../extension/host/clock.ts';
import { LocalStickFiles } from '../../../extension/host/stick-files.ts';
import { seededRandom } from '../../../extension/lab/networks/random.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { StickActions } from '../../../extension/runtime/sticks/stick-actions.ts';
import { listSticks, stickPath } from '../../../extension/runtime/sticks/stick-list.ts';
import { StickMaker, type StickOrder } from '../../../extension/runtime/sticks/stick-maker.ts';
import { StickElsewhere, StickMounted } from '../../../extension/runtime/sticks/stick-slots.ts';
import { FakeImages } from '../../support/fake-images.ts';
import { FakeUsbVm } from '../../support/fake-usb-vm.ts';
import { runningVm } from '../../support/running-vm.ts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(path.join(tmpdir(), 'kvu-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = new LocalStickFiles();
const at = (name: string): string => path.join(dir, name);
const order: StickOrder = { folder: undefined, bytes: undefined, label: undefined, replace: false };

describe('a stick for a VM that runs', () => {
  const pc = runningVm('pc', 11, { pidFile: '/run/dmz/pc.pid' });
  let vm: FakeUsbVm;
  let actions: StickActions;
  let stick: string;

  beforeEach(async () => {
    vm = new FakeUsbVm();
    const store = new LabStore();
    store.setHost({ vms: [pc], switches: [], wires: [] });
    const runDir = (lab: string): string => `/run/${lab}`;
    const parts = { store, files, qmp: vm, clock: systemClock, runDir };
    actions = new StickActions({ ...parts, look: () => Promise.resolve() });
    stick = at('a.img');
    await new StickMaker(files, new FakeImages(), seededRandom(1)).pack(stick, order);
  });

  test('brings a controller along where there is none, and goes without a trace', async () => {
    expect(await actions.plug(pc, stick)).toBe('done');
    expect([vm.hasController, ...vm.devices]).toEqual([true, 'stick1']);
    expect(await actions.plug(pc, stick)).toBe('already');
    expect(await actions.plugged()).toMatchObject([{ id: 'stick1', real: stick, isLocked: false }]);

    vm.busyFor = 3;
    expect(await actions.pull(stick, { isForced: false })).toEqual({ from: pc, faults: [] });
    expect([vm.nodes.size, vm.devices.size]).toEqual([0, 0]);
    expect(await actions.pull(stick, { isForced: false })).toBe('already');
  });

  test('takes any other USB controller if its machine takes none', async () => {
    vm.takesController = false;
    vm.hasOtherBus = true;

    expect(await actions.plug(pc, stick)).toBe('done');
  });

  test('is refused where there can be no controller, and nothing of it stays', async () => {
    vm.takesController = false;

    await expect(actions.plug(pc, stick)).rejects.toThrow(
      /^pc has no USB controller, .* "sticks: \[\]", and restart it\.$/,
    );
    expect(vm.nodes.size).toBe(0);
  });

  test('that another VM has is refused, and nothing of it stays', async () => {
    vm.elsewhere.add(stick);

    await expect(actions.plug(pc, stick)).rejects.toThrow(StickElsewhere);
    expect(vm.nodes.size).toBe(0);
  });

  test('takes the place of what an earlier try left behind', async () => {
    vm.nodes.set('stick1', '/gone.img');

    await actions.plug(pc, stick);

    expect([...vm.nodes]).toEqual([['stick1', stick]]);
  });

  test('stays in while the guest holds it, unless by force', async () => {
    await actions.plug(pc, stick);
    vm.locked.add('stick1');

    await expect(actions.pull(stick, { isForced: false })).rejects.toThrow(StickMounted);
    expect(vm.devices.size).toBe(1);
    expect(await actions.pull(stick, { vm: pc, isForced: true })).toMatchObject({ from: pc });
  });

  test('that is not there says how to make it', async () => {
    await expect(actions.plug(pc, at('none.img'))).rejects.toThrow(
      /none\.img is not there\. Make it: kvmlab kvmstick pack/,
    );
  });

  test('is found under another name of its file, too', async () => {
    symlinkSync(stick, at('link.img'));
    await actions.plug(pc, at('link.img'));

    expect([...vm.nodes.values()]).toEqual([stick]);
    expect(await actions.pull(at('link.img'), { isForced: false })).toMatchObject({ faults: [] });
  });
});

describe('sticks that are made', () => {
  const images = new FakeImages();
  const maker = new StickMaker(files, images, seededRandom(1));
  const folder = (): string => {
    mkdirSync(at('src/docs'), { recursive: true });
    writeFileSync(at('src/docs/read me.txt'), 'hello');
    utimesSync(at('src/docs/read me.txt'), 1_700_000_000, 1_700_000_000);
    symlinkSync('/etc/passwd', at('src/link'));
    return at('src');
  };

  test('have what is in a folder but for links, and give it back', async () => {
    const made = await maker.pack(at('sticks/s.img'), { ...order, folder: folder() });
    expect(made).toEqual({ bytes: 64 * 1_048_576, count: 2, leftOut: [at('src/link')] });

    expect(await maker.unpack(at('sticks/s.img'), at('out'))).toEqual({ count: 2, faults: [] });
    expect(readdirSync(at('out'))).toEqual(['docs']);
    expect(readFileSync(at('out/docs/read me.txt'), 'utf8')).toBe('hello');
    const [row] = await listSticks({ folders: [at('sticks')], more: [] }, [], files);
    expect(row).toMatchObject({ path: at('sticks/s.img'), fileSystem: 'FAT32', isClean: true, vm: null });
    expect(row!.allocatedBytes).toBeLessThan(1_048_576);
  });

  test('grow with what is put on them', async () => {
    mkdirSync(at('big'));
    writeFileSync(at('big/hole'), '');
    truncateSync(at('big/hole'), 60 * 1_048_576);

    expect(await maker.pack(at('b.img'), { ...order, folder: at('big') })).toMatchObject({ bytes: 128 * 1_048_576 });
  });

  test('never take the place of a file unless told so, nor while a VM has it', async () => {
    writeFileSync(at('s.img'), 'mine');

    await expect(maker.pack(at('s.img'), order)).rejects.toThrow('is there already, and nothing was made.');
    images.busy.add(at('s.img'));
    await expect(maker.pack(at('s.img'), { ...order, replace: true })).rejects.toThrow(StickElsewhere);
    expect(readFileSync(at('s.img'), 'utf8')).toBe('mine');
    images.busy.delete(at('s.img'));
    await maker.pack(at('s.img'), { ...order, replace: true });
    expect(await maker.check(at('s.img'))).toEqual([]);
    expect(readdirSync(dir)).toEqual(['s.img']);
  });

  test('are not unpacked over what is there', async () => {
    await maker.pack(at('s.img'), { ...order, folder: folder() });
    mkdirSync(at('empty'));

    await maker.unpack(at('s.img'), at('empty'));
    await expect(maker.unpack(at('s.img'), at('empty'))).rejects.toThrow('not an empty folder');
    expect(readdirSync(dir).filter(name => name.startsWith('.'))).toEqual([]);
  });

  test('that are called off leave nothing', async () => {
    const cancel = new CancelSource();
    cancel.cancel();

    const work = maker.pack(at('s.img'), { ...order, folder: folder() }, { signal: cancel.signal });
    await expect(work).rejects.toThrow('It was called off');
    expect(readdirSync(dir)).toEqual(['src']);
  });

  test('of another system say so', async () => {
    writeFileSync(at('raw.img'), Buffer.alloc(8192));

    await expect(maker.unpack(at('raw.img'), at('x'))).rejects.toThrow('has no file system that is known here');
    await expect(maker.check(at('none.img'))).rejects.toThrow('none.img is not there.');
  });
});

describe('the name of a stick in a command', () => {
  test.each([
    ['tools', '/lab/sticks/tools.img'],
    ['my.img', '/lab/my.img'],
    ['a/b', '/lab/a/b'],
    ['/x/y.img', '/x/y.img'],
  ])('%s is %s', (text, file) => {
    expect(stickPath(text, '/lab')).toBe(file);
  });
});
