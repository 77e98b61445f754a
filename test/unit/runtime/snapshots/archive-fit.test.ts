import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lab } from '../../../../extension/lab/model.ts';
import { readLab } from '../../../../extension/lab/reading/reader.ts';
import { fitPoint } from '../../../../extension/runtime/snapshots/archive-fit.ts';
import {
  readManifest,
  writeManifest,
  type ArchiveManifest,
} from '../../../../extension/runtime/snapshots/archive-manifest.ts';
import {
  filesToPack,
  pointElsewhere,
  type Packing,
  type PackingPlaces,
} from '../../../../extension/runtime/snapshots/packed-files.ts';
import type { SnapshotPoint } from '../../../../extension/runtime/snapshots/snapshot-point.ts';
import type { FolderTree } from '../../../../extension/runtime/snapshot-ports.ts';

const text = `name: dmz
switches: { lan: { pxe: { root: pxe/, file: boot.ipxe } } }
vms:
  web: { id: 1, guest: tiny, disks: [web.qcow2, /vm/data.qcow2], nics: [{ switch: lan }] }
  pc: { id: 2, cdrom: /iso/debian.iso, install: { script: pc.install.yaml }, nics: [{ switch: lan }] }
`;

const labOf = (of: string): Lab => {
  const { lab } = readLab(of, { fileName: 'dmz.lab.yaml' });
  if (!lab) throw new Error('no lab');
  return lab;
};

const sha256 = 'ab'.repeat(32);
const point: SnapshotPoint = {
  ...{ name: 'one', note: '', takenMs: 1, parent: 'zero', qemu: '7.2.22', switches: [], wires: [] },
  places: { folder: '/there', run: '/run/dmz' },
  files: [{ name: 'dmz.lab.yaml', text }],
  vms: [
    {
      ...{ name: 'web', state: 'running', memory: { bytes: 5, sha256 } },
      command: ['qemu', 'file=/vm/data.qcow2,if=virtio', '-kernel', '/cache/guest/vmlinuz', 'file=/there/web.qcow2'],
      disks: [
        { file: 'web.qcow2', allocatedBytes: 1 },
        { file: '/vm/data.qcow2', allocatedBytes: 1 },
      ],
    },
    { name: 'pc', state: 'stopped', memory: undefined, command: [], disks: [] },
  ],
};

const tree: FolderTree = { files: ['boot.ipxe', 'deep/kernel', 'hook.sh', '.hidden'], others: ['link'] };
const places = { home: '/home/u', cache: '/cache' };

const pack = (trees: PackingPlaces['trees'] = new Map([['pxe/', tree]])): Packing =>
  filesToPack({ path: '/there/dmz.lab.yaml', lab: labOf(text) }, point, { places, guest: '/cache/guest', trees });

/** As it comes out of an archive that was made of it. */
function archived(): ArchiveManifest {
  const packing = pack();
  const files = [
    { name: 'web.state', place: 'dmz/snapshots/one/web.state', bytes: 5, sha256 },
    ...packing.files.map(({ place }, at) => ({ name: `file-${at}`, place, bytes: 1, sha256 })),
  ];
  const moved = pointElsewhere('/there/dmz.lab.yaml', point, packing);
  const read = readManifest(writeManifest({ ...packing, lab: 'dmz', point: moved, files }));
  if (typeof read === 'string') throw new Error(read);
  return read;
}

const fit = (manifest: ArchiveManifest, of = text) =>
  fitPoint(manifest, { path: '/here/dmz.lab.yaml', lab: labOf(of) }, { places, guest: '/here/cache/guest' }, 'two');

describe('what goes into an archive', () => {
  test('is all that VMs need, and the folders that they boot from over the network', () => {
    const { files, moved, leftOut } = pack();

    expect(files.map(({ place }) => place)).toEqual([
      ...['web.qcow2', 'from-outside/data.qcow2', 'from-outside/debian.iso', 'pxe/boot.ipxe', 'pxe/deep/kernel'],
      ...['guest/vmlinuz', 'guest/initrd'],
    ]);
    expect(files.map(({ path }) => path)).toContain('/there/pxe/deep/kernel');
    expect(moved).toEqual([
      { from: '/vm/data.qcow2', to: 'from-outside/data.qcow2' },
      { from: '/iso/debian.iso', to: 'from-outside/debian.iso' },
    ]);
    expect(leftOut).toEqual(['pxe/hook.sh', 'pxe/.hidden', 'pxe/link', 'pc.install.yaml']);
  });

  test('is no mirror of a distribution, and nothing if such a folder is missing', () => {
    const many = Array.from({ length: 10_001 }, (_, at) => `file-${at}`);

    expect(pack(new Map([['pxe/', { files: many, others: [] }]])).leftOut).toContain('pxe/');
    expect(() => pack(new Map())).toThrow('pxe/, which VMs boot from over the network, is not there.');
  });
});

describe('an archive that comes into a lab that is there', () => {
  test('gives back the point as it was, where that lab has its files', () => {
    const { point: here, files, misfits } = fit(archived());

    expect(misfits).toEqual([]);
    expect(here).toMatchObject({ name: 'two', parent: undefined, files: [{ name: 'dmz.lab.yaml', text }] });
    expect(here.vms[0]?.disks.map(({ file }) => file)).toEqual(['web.qcow2', '/vm/data.qcow2']);
    expect(here.vms[0]?.command).toEqual([
      ...['qemu', 'file=/vm/data.qcow2,if=virtio', '-kernel', '/here/cache/guest/vmlinuz', 'file=/there/web.qcow2'],
    ]);
    expect(files.map(({ kind, goal }) => `${kind} ${goal}`)).toEqual([
      ...['memory web.state', 'disk /here/web.qcow2', 'disk /vm/data.qcow2', 'part /iso/debian.iso'],
      ...['part /here/pxe/boot.ipxe', 'part /here/pxe/deep/kernel'],
      ...['part /here/cache/guest/vmlinuz', 'part /here/cache/guest/initrd'],
    ]);
  });

  test.each([
    ['another lab', text.replace('name: dmz', 'name: other'), ['it is of lab dmz']],
    ['no such VM', text.replace('web:', 'www:'), ['the lab has no VM web']],
    ['another disk', text.replace('web.qcow2', 'www.qcow2'), ['web has no disk web.qcow2 here']],
    [
      'a disk that is raw',
      text.replace('web.qcow2', '{ file: web.qcow2, format: raw }'),
      ['web.qcow2 of web is raw here, and only qcow2 disks keep snapshots'],
    ],
    ['no such CD', text.replace('cdrom: /iso/debian.iso, ', ''), ['the lab names no file from-outside/debian.iso']],
    [
      'another folder to boot from',
      text.replace('pxe/', 'tftp'),
      ['the lab names no file pxe/boot.ipxe', 'the lab names no file pxe/deep/kernel'],
    ],
  ])('is refused by %s', (_what, of, misfits) => {
    expect(fit(archived(), of).misfits).toEqual(misfits);
  });

  test('puts nothing where the lab names nothing, whatever it says of itself', () => {
    const path = fc.constantFrom('/etc/passwd', '../x', 'dmz/fw.sh', '~/.profile', 'web.qcow2', '/vm', 'pxe', '/iso');
    const place = fc.constantFrom('from-outside', 'from-outside/data.qcow2', 'pxe', 'guest', 'other', 'web.qcow2');
    const named =
      /^\/here\/(pxe\/|web\.qcow2$|cache\/guest\/(vmlinuz|initrd)$)|^\/vm\/data\.qcow2$|^\/iso\/debian\.iso$/;
    fc.assert(
      fc.property(fc.array(fc.record({ from: path, to: place }), { maxLength: 4 }), place, (moved, more) => {
        const { files, ...others } = archived();
        const added = { name: 'file-99', place: `${more}/x`, bytes: 1, sha256 };
        const read = readManifest(writeManifest({ ...others, files: [...files, added], moved }));
        if (typeof read === 'string') return;
        const found = fit(read);
        const goals = found.files.filter(({ kind }) => kind !== 'memory').map(({ goal }) => goal);
        expect(found.misfits.length > 0 || goals.every(goal => named.test(goal))).toBe(true);
      }),
    );
  });
});
