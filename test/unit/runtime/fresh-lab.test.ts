import { describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import type { Vm } from '../../../extension/lab/model.ts';
import { perfectWire } from '../../../extension/lab/wire-faults.ts';
import { seededRandom } from '../../../extension/lab/networks/random.ts';
import { freshId, freshLab } from '../../../extension/runtime/installs/fresh-lab.ts';
import { FreshVm } from '../../../extension/runtime/installs/fresh-vm.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { lab as aLab, networkSwitch, nic, tap, vm, wire } from '../../support/lab-builder.ts';

const image = {
  text: 'debian',
  source: { place: { kind: 'file', path: 'debian.qcow2', sha256: undefined }, format: 'qcow2', size: undefined },
  overlay: 'dmz/disks/fw.qcow2',
} as const;
const slirp = {
  port: 31,
  forward: [{ protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 80, guestAddress: '10.0.0.2', guestPort: 80 }],
} as const;

const labWith = (fw: Vm) =>
  aLab({
    name: 'dmz',
    vms: [fw, vm('web', 2)],
    switches: [networkSwitch('lan', { slirp, tap: tap('tap0') }), networkSwitch('dmz')],
    wires: [wire('lan', 'dmz')],
  });

describe('a fresh VM', () => {
  test('has the same image with an overlay of its own, new empty disks, and switches that nobody else is on', () => {
    const faulty = nic(1, 'lan', { faults: { ...perfectWire, there: { loss: { value: 10 } } } });
    const fw = vm('fw', 1, {
      image,
      disks: [{ file: 'data.qcow2', format: 'qcow2', size: '1G' }],
      nics: [faulty],
      after: ['web'],
      vnc: true,
    });

    const fresh = freshLab(labWith(fw), fw, 77);

    expect([fresh.name, fresh.vms.map(one => [one.name, one.id, one.vnc, one.after])]).toEqual([
      'fresh-77',
      [['fw', 77, false, []]],
    ]);
    const [only] = fresh.vms;
    expect(only?.image).toEqual({ ...image, overlay: 'fresh-77/disks/fw.qcow2' });
    expect(only?.disks.map(({ file, size }) => [file, size])).toEqual([['fresh-77/disks/fw-1.qcow2', '1G']]);
    expect(only?.nics).toEqual([nic(1, 'lan')]);
    expect(fresh.switches).toEqual([networkSwitch('lan', { slirp: { port: 31, forward: [] } })]);
    expect(fresh.wires).toEqual([]);
  });

  test.each<[string, Partial<Vm>, RegExp]>([
    [
      'a disk that nobody knows the beginning of',
      { disks: [{ file: 'a.img', format: 'raw', size: undefined }] },
      /its disk a\.img has no image/,
    ],
    ['a file in an extra argument', { extra: ['-drive', 'file=/home/u/x.img'] }, /extra argument -drive/],
    ['a port in an extra argument', { extra: ['-nic', 'user,hostfwd=tcp::80-:80'] }, /extra argument user,hostfwd/],
  ])('is refused with %s', (_, parts, message) => {
    const fw = vm('fw', 1, parts);

    expect(() => freshLab(labWith(fw), fw, 77)).toThrow(UserError);
    expect(() => freshLab(labWith(fw), fw, 77)).toThrow(message);
  });
});

test('a fresh ID is one that nobody has, and not always the same', () => {
  const random = seededRandom(1);
  const all = Array.from({ length: 1000 }, (_, at) => 9000 + at);

  expect(
    freshId(
      all.filter(id => id !== 9512),
      random,
    ),
  ).toBe(9512);
  expect(freshId(all, random)).toBeUndefined();
  expect(new Set([1, 2, 3, 4].map(() => freshId([], random))).size).toBeGreaterThan(1);
});

class World {
  readonly files: FakeFiles;
  readonly runs: string[] = [];
  readonly removed: string[] = [];
  readonly codes: Record<string, number> = {};
  readonly vm: FreshVm;

  constructor(held: Readonly<Record<string, string>> = {}) {
    this.files = new FakeFiles(held);
    const run = (script: string, [verb = '']: readonly string[]) => {
      this.runs.push(`${script} ${verb}`);
      return Promise.resolve({ code: this.codes[verb] ?? 0, output: `${verb}: no` });
    };
    const removeFolder = (path: string) => Promise.resolve(void this.removed.push(path));
    const fw = vm('fw', 1, { image });
    this.vm = new FreshVm(
      { files: this.files, scripts: { run }, removeFolder },
      '/w/dmz.lab.yaml',
      freshLab(labWith(fw), fw, 77),
    );
  }
}

const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

describe('the life of a fresh VM', () => {
  test('is that of its scripts; nothing of it is left', async () => {
    const world = new World();

    await world.vm.start(never);
    expect(world.files.held.get('/w/fresh-77/fw.sh')).toContain('fresh-77/disks/fw.qcow2');
    await world.vm.stop();

    expect(world.runs).toEqual(['/w/fresh-77/lab.sh start', '/w/fresh-77/lab.sh kill']);
    expect(world.removed).toEqual(['/w/fresh-77']);
    expect(world.vm.console('/run')).toMatchObject({ vm: 'fw', port: 10_077, logPath: '/run/fresh-77/fw.console.log' });
  });

  test('does not begin where something is in its way, which stays', async () => {
    const world = new World({ '/w/fresh-77': 'mine' });

    await expect(world.vm.start(never)).rejects.toThrow('/w/fresh-77 is in the way');
    await world.vm.stop();

    expect([world.runs, world.removed]).toEqual([[], []]);
  });

  test('ends also if it did not start, and keeps the folder of what cannot be ended', async () => {
    const world = new World();
    world.codes['start'] = 1;
    world.codes['kill'] = 1;

    await expect(world.vm.start(never)).rejects.toThrow('The fresh VM did not start. start: no');
    await expect(world.vm.stop()).rejects.toThrow('/w/fresh-77 was not ended. kill: no');

    expect(world.removed).toEqual([]);
  });
});
