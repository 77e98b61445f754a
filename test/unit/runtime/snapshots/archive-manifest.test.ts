import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readManifest,
  writeManifest,
  type ArchiveManifest,
} from '../../../../extension/runtime/snapshots/archive-manifest.ts';
import { movedText, movedWords } from '../../../../extension/runtime/snapshots/moved-words.ts';

const sha256 = 'ab'.repeat(32);
const memory = { bytes: 7, sha256 };
const file = (name: string, place: string) => ({ name, place, ...memory });

const manifest: ArchiveManifest = {
  lab: 'dmz',
  point: {
    ...{ name: 'one', note: 'now', takenMs: 1000, parent: undefined, qemu: '7.2.22' },
    places: { folder: '/labs/x', run: '/run/kvmlab/dmz' },
    files: [
      { name: 'dmz.lab.yaml', text: 'vms: {}\n' },
      { name: 'parts/web.lab-part.yaml', text: '{}\n' },
    ],
    vms: [
      {
        ...{ name: 'fw', state: 'running', memory, command: ['qemu', '-m', '96M'] },
        disks: [{ file: 'dmz/disks/fw.qcow2', allocatedBytes: 4096 }],
      },
    ],
    ...{ switches: [], wires: [] },
  },
  files: [
    file('fw.state', 'dmz/snapshots/one/fw.state'),
    file('disk-1', 'dmz/disks/fw.qcow2'),
    file('file-2', 'guest/vmlinuz'),
  ],
  moved: [{ from: '/iso/x.iso', to: 'from-outside/x.iso' }],
  leftOut: ['pxe/boot.sh'],
};

/** As it comes out of an archive whose maker changed it. */
const changed = (change: object): string => JSON.stringify({ ...JSON.parse(writeManifest(manifest)), ...change });

describe('what an archive says of itself', () => {
  test('is read as it was written', () => {
    expect(readManifest(writeManifest(manifest))).toEqual(manifest);
  });

  test.each([
    ['no JSON', 'x', 'is no archive of a snapshot'],
    ['something else', '{}', 'is no archive of a snapshot'],
    ['a newer format', changed({ format: 2 }), 'is of format 2'],
    ['a lab whose name leads out', changed({ lab: '../x' }), 'holds no snapshot'],
    ['a point of a newer format', changed({ point: { format: 2, name: 'one' } }), 'holds no snapshot'],
    ['a sum that is none', changed({ files: [{ ...manifest.files[0], sha256: 'x' }] }), 'does not say'],
    ['a length that is none', changed({ files: [{ ...manifest.files[0], bytes: -1 }] }), 'does not say'],
    ['no memory of a VM', changed({ files: manifest.files.slice(1) }), 'does not hold dmz/snapshots/one/fw.state'],
    ['no disk', changed({ files: [manifest.files[0]] }), 'does not hold dmz/disks/fw.qcow2'],
  ])('is refused with %s', (_what, text, words) => expect(readManifest(text)).toContain(words));

  test.each([
    ...['/etc/cron.d/x', '../x', 'a/../../x', '', 'a//b', '.vscode/tasks.json', 'x/.git/hooks/pre-commit'],
    ...['dmz/fw.sh', 'fw.sh', 'dmz/common', 'dmz/snapshots/one/other.state', 'dmz/snapshots/current', 'other.lab.yaml'],
    ...['a\nb', 'dmz.lab.yaml', 'guest/vmlinuz/x', 'guest'],
  ])('is refused with a file for %j', place => {
    const text = changed({ files: [...manifest.files, file('file-9', place)] });

    expect(readManifest(text)).toMatch(/^(would put a file where it is not taken|holds two files for one place)/);
  });

  test.each(['dmz/fw.sh', '.vscode/settings.yaml', '../x.lab.yaml', 'deep/x.lab.yaml'])(
    'is refused with a lab file %j',
    name => {
      const { point } = manifest;
      const text = writeManifest({ ...manifest, point: { ...point, files: [{ name, text: '' }] } });

      expect(readManifest(text)).toMatch(/holds no snapshot|holds a lab file of a name/);
    },
  );

  test('is read whatever is in it, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('lab', 'point', 'files', 'format'), (value, key) => {
        const read = readManifest(changed({ [key]: value }));
        expect(typeof read === 'string' || read.files.every(({ place }) => !place.includes('..'))).toBe(true);
      }),
    );
  });
});

describe('a lab that was moved', () => {
  test('has its paths in command lines where they are now, and nothing else is touched', () => {
    const words = [
      '-drive',
      'file=/w/a/web.qcow2,if=virtio',
      'unix:/run/x/dmz/fw.qmp,server=on',
      '/w/a',
      '/w/ab',
      '/v/w/a/x',
    ];

    expect(
      movedWords(words, [
        ['/w/a', '/new/place'],
        ['/run/x/dmz', '/w/a/run'],
      ]),
    ).toEqual([
      ...['-drive', 'file=/new/place/web.qcow2,if=virtio', 'unix:/w/a/run/fw.qmp,server=on', '/new/place'],
      ...['/w/ab', '/v/w/a/x'],
    ]);
  });

  test('has only that path changed, whatever letters are in it', () => {
    const path = fc
      .array(fc.stringMatching(/^[a-z $.*+(,]{1,8}$/), { minLength: 1, maxLength: 3 })
      .map(parts => `/old/${parts.join('/')}`);
    fc.assert(
      fc.property(path, path, fc.nat(9), (a, tail, number) => {
        const to = `/elsewhere/${number}`;
        const value = `file=${`${a}${tail}`.replaceAll(',', ',,')},if=none`;
        const moved = movedWords([value], [[a, to]]);
        expect(moved).toEqual([`file=${to}${tail.replaceAll(',', ',,')},if=none`]);
      }),
    );
  });

  test('has the new paths in its file, also in quotes and lists', () => {
    const text = "disks: ['/vm/x.qcow2', { file: /vm/x.qcow2 }] # /vm/x.qcow2\ncdrom: /vm/x.qcow2.iso\n";

    expect(movedText(text, '/vm/x.qcow2', 'in/$&.qcow2')).toBe(
      "disks: ['in/$&.qcow2', { file: in/$&.qcow2 }] # in/$&.qcow2\ncdrom: /vm/x.qcow2.iso\n",
    );
  });
});
