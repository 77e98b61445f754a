import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { ImageActions } from '../../../extension/runtime/images/image-actions.ts';
import { readChain } from '../../../extension/runtime/images/image-chain.ts';
import { listImages, sizeWords } from '../../../extension/runtime/images/image-list.ts';
import { imageTree } from '../../../extension/runtime/images/image-tree.ts';
import { usedImages } from '../../../extension/runtime/images/lab-images.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { FakeImages, qcow2Header } from '../../support/fake-images.ts';

const places = { home: '/home/u', cache: '/cache' };
const sum = 'ab'.repeat(32);
const text = `
images:
  debian: { url: https://example.org/d.qcow2, sha256: ${sum} }
vms:
  web: { id: 1, image: debian, disks: [{ file: data.qcow2, size: 1G }] }
  db: { id: 2, image: debian }
  old: { id: 3, disks: ~/old.img }
`;
const lab = readLab(text, { fileName: 'dmz.lab.yaml' }).lab!;
const labPath = '/labs/dmz.lab.yaml';
const cached = `/cache/${sum}.qcow2`;

function world() {
  const images = new FakeImages();
  const actions = new ImageActions({ images, files: new FakeFiles(), tool: images, downloads: images });
  return { images, actions };
}

test('the images of a lab, and which of them are there', async () => {
  const { images } = world();
  images.add(cached, qcow2Header({ size: 2n << 30n }));
  images.add('/labs/dmz/disks/web.qcow2', qcow2Header({ backing: cached, backingFormat: 'qcow2' }));
  images.add('/labs/dmz/disks/gone.qcow2', qcow2Header());
  images.add('/home/u/old.img', Buffer.alloc(512));

  const listed = { path: labPath, lab, isRunning: (vm: string) => vm === 'web' };
  const found = await listImages([listed], places, images);

  expect(found.map(({ label, role, state, users }) => [label, role, state, users.map(one => one.vm).join()])).toEqual([
    ['debian', 'image', 'there', 'web,db'],
    ['disks/web.qcow2', 'overlay', 'there', 'web'],
    ['labs/data.qcow2', 'disk', 'not-made', 'web'],
    ['disks/db.qcow2', 'overlay', 'not-made', 'db'],
    ['u/old.img', 'disk', 'there', 'old'],
    ['disks/gone.qcow2', 'unused', 'there', ''],
  ]);
  expect(found[1]?.chain.links.map(({ path }) => path)).toEqual(['/labs/dmz/disks/web.qcow2', cached]);
  expect(found[0]?.users).toEqual([
    { lab: labPath, vm: 'web', isRunning: true },
    { lab: labPath, vm: 'db', isRunning: false },
  ]);
});

test('the tree says what each image is, and offers only what can be done', async () => {
  const { images } = world();
  images.add('/labs/dmz/disks/web.qcow2', qcow2Header());
  images.add('/labs/dmz/disks/db.qcow2', qcow2Header({ backing: '/etc/shadow' }));
  const listed = { path: labPath, lab, isRunning: (vm: string) => vm === 'old' };
  images.add('/home/u/old.img', Buffer.alloc(512));

  const rows = imageTree(await listImages([listed], places, images));

  expect(rows.map(({ label, description, contextValue }) => [label, description, contextValue])).toEqual([
    ['debian', 'not fetched · only read by web, db · qcow2', 'image.remote'],
    ['disks/web.qcow2', '4.0 KiB of 1.0 GiB · web · qcow2', 'image.qcow2'],
    ['labs/data.qcow2', 'made at the first start · web · qcow2', 'image.fixed'],
    ['disks/db.qcow2', 'cannot be used · 4.0 KiB of 1.0 GiB · db · qcow2', 'image.fixed'],
    ['u/old.img', '512 B of 512 B · old (running) · raw', 'image.fixed'],
  ]);
  expect(rows.at(-1)?.tooltip).toBe('/home/u/old.img\nTakes 512 B here; a guest sees 512 B\nold (running)');
});

describe('what lies under an image', () => {
  const problemOf = async (...heads: readonly (readonly [path: string, head: Buffer])[]) => {
    const { images } = world();
    for (const [path, head] of heads) images.add(path, head);
    const chain = await readChain('/a.qcow2', 'qcow2', images);
    return [chain.links.length, chain.problem];
  };

  test('is not opened if its format is not said', async () => {
    expect(await problemOf(['/a.qcow2', qcow2Header({ backing: 'b' })], ['/b', qcow2Header()])).toEqual([
      1,
      expect.stringContaining('does not say'),
    ]);
  });

  test('is not opened if it is no file of this host', async () => {
    expect(await problemOf(['/a.qcow2', qcow2Header({ backing: 'nbd://x/y', backingFormat: 'raw' })])).toEqual([
      1,
      expect.stringContaining('no file of this host'),
    ]);
  });

  test('may not be the image itself', async () => {
    const over = (backing: string): Buffer => qcow2Header({ backing, backingFormat: 'qcow2' });

    expect(await problemOf(['/a.qcow2', over('b')], ['/b', over('a.qcow2')])).toEqual([
      2,
      expect.stringContaining('over itself'),
    ]);
  });

  test('may be missing, which is said', async () => {
    expect(await problemOf(['/a.qcow2', qcow2Header({ backing: 'b', backingFormat: 'raw' })])).toEqual([
      1,
      '/b is not there.',
    ]);
  });
});

describe('what is done to images', () => {
  test('qemu-img is told every format, and nothing is done to a chain that is not sound', async () => {
    const { images, actions } = world();
    images.add('/a.qcow2', qcow2Header({ backing: 'b.raw', backingFormat: 'raw' }));
    images.add('/b.raw', Buffer.alloc(512));
    images.add('/bad.qcow2', qcow2Header({ backing: '/etc/shadow' }));

    await actions.compact({ path: '/a.qcow2', format: 'qcow2' });
    await actions.rebase('/a.qcow2', undefined);
    await expect(actions.compact({ path: '/bad.qcow2', format: 'qcow2' })).rejects.toThrow('It is not opened');
    await expect(actions.snapshots('/bad.qcow2')).rejects.toThrow('It is not opened');
    await expect(actions.rebase('/a.qcow2', { path: '/bad.qcow2', format: 'qcow2' })).rejects.toThrow('not opened');

    expect(images.runs.map(args => args.join(' '))).toEqual([
      'convert -p -U -t writeback -f qcow2 -O qcow2 -B /b.raw -F raw -- /a.qcow2 /a.qcow2.compact',
      'rebase -p -f qcow2 -b  -- /a.qcow2',
    ]);
  });

  test('an image that a VM has open is not written anew', async () => {
    const { images, actions } = world();
    images.add('/a.qcow2', qcow2Header());
    images.busy.add('/a.qcow2');

    await expect(actions.compact({ path: '/a.qcow2', format: 'qcow2' })).rejects.toThrow('is in use');
    expect(images.runs).toEqual([]);
  });

  test('an image with snapshots is not written anew, as they would be gone', async () => {
    const { images, actions } = world();
    images.add('/a.qcow2', qcow2Header({ snapshots: 1 }));

    await expect(actions.compact({ path: '/a.qcow2', format: 'qcow2' })).rejects.toThrow('has snapshots');
  });

  test('a local image with a sum is checked', async () => {
    const { images, actions } = world();
    const near = readLab(
      `images: { base: { file: b.qcow2, sha256: ${sum} } }\nvms: { a: { id: 1, image: base } }\n`,
    ).lab!;
    const [image] = usedImages(labPath, near, places);
    images.add('/labs/b.qcow2', qcow2Header());

    images.sums.set('/labs/b.qcow2', sum);
    expect(await actions.fetch(image!)).toContain('has its sum');
    images.sums.set('/labs/b.qcow2', 'cd'.repeat(32));
    await expect(actions.fetch(image!)).rejects.toThrow('is not the image that the lab names');
  });
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [10 * 2 ** 30, '10.0 GiB'],
  [undefined, '?'],
])('%s bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});
