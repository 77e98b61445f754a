import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../../extension/base/user-error.ts';
import { newGeometry, readGeometry, smallestVolume } from '../../../../extension/images/fat/geometry.ts';
import { nameKey, nameRefusal } from '../../../../extension/images/fat/names.ts';
import { readVolume, type VolumeContent } from '../../../../extension/images/fat/read.ts';
import type { ReadAt } from '../../../../extension/images/fat/table.ts';
import { planVolume, roomOf, type FatItem } from '../../../../extension/images/fat/write.ts';

const when = Date.UTC(2026, 10, 23, 7, 30, 58);
const file = (name: string, content = '', modified = when): FatItem => ({
  ...{ kind: 'file', name, modified, source: content },
  bytes: content.length,
});
const folder = (name: string, ...items: readonly FatItem[]): FatItem => ({
  ...{ kind: 'folder', name, modified: when, items },
});

/** A volume in memory; its contents are the `source` of the files. */
function made(items: readonly FatItem[], bytes = smallestVolume): Buffer {
  const image = Buffer.alloc(bytes);
  const { writes, contents } = planVolume({ bytes, label: 'STICK', serial: 0x12345678, items });
  for (const one of writes) image.set(one.bytes, one.offset);
  for (const one of contents) image.write(one.file.source, one.offset, 'latin1');
  return image;
}

const readerOf =
  (image: Buffer): ReadAt =>
  (offset, length) => {
    const bytes = new Uint8Array(length);
    bytes.set(image.subarray(offset, offset + length));
    return Promise.resolve(bytes);
  };

const read = (image: Buffer): Promise<VolumeContent> => readVolume(readGeometry(image)!, readerOf(image));

/** Path, content and time of everything on it. */
async function listed(image: Buffer): Promise<readonly unknown[]> {
  const { items } = await read(image);
  return items.map(({ kind, path, pieces, modified }) =>
    kind === 'folder'
      ? [`${path}/`, modified]
      : [
          path,
          pieces.map(({ offset, length }) => image.toString('latin1', offset, offset + length)).join(''),
          modified,
        ],
  );
}

const flat = (items: readonly FatItem[], where = ''): readonly unknown[] =>
  items.flatMap(item =>
    item.kind === 'folder'
      ? [[`${where}${item.name}/`, item.modified], ...flat(item.items, `${where}${item.name}/`)]
      : [[`${where}${item.name}`, item.source, item.modified]],
  );

const sorted = (list: readonly unknown[]): readonly string[] => list.map(one => JSON.stringify(one)).sort();

describe('a FAT volume', () => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'kvf-'))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** What the system's own program finds wrong; '' if nothing. */
  function checked(image: Buffer): string {
    const path = join(dir, 'volume');
    writeFileSync(path, '');
    truncateSync(path, image.length);
    const handle = openSync(path, 'r+');
    // All that there is lies at the start; the rest are holes.
    writeSync(handle, image, 0, Math.min(image.length, 16 * 1_048_576), 0);
    closeSync(handle);
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C.UTF-8' };
    const { status, stdout, error } = spawnSync('fsck.vfat', ['-n', path], { env, encoding: 'utf8' });
    if (error) throw error;
    return status === 0 ? '' : stdout;
  }

  const many = [
    file('README.TXT', 'plain'),
    file('a small name that is long.text', 'long'),
    file('.hidden', 'x'),
    file('empty'),
    file('ünïcode 日本語 😀 [1] {2}', 'y'.repeat(5000), Date.UTC(1999, 11, 31, 23, 59, 58)),
    file('UPPER.html', 'z'.repeat(512)),
    file('a'.repeat(255), 'longest'),
    folder('docs', folder('deep', file('f', 'deepest'), folder('empty')), file('README.TXT', 'other')),
    folder('many', ...Array.from({ length: 300 }, (_, at) => file(`one of many files ${at}.txt`, String(at)))),
  ];

  test('has what was put on it, with names and times, and nothing wrong by its own and the usual check', async () => {
    const image = made(many);

    expect(sorted(await listed(image))).toEqual(sorted(flat(many)));
    expect(await read(image)).toMatchObject({ problems: [], isClean: true });
    expect(checked(image)).toBe('');
  });

  test.each([63, 259, 261, 600])('of %d MiB is FAT32 and sound', size => {
    const bytes = size * 1_048_576;
    const image = made([file('x', 'y')], bytes);

    expect(readGeometry(image)).toEqual(newGeometry(bytes));
    expect(newGeometry(bytes).clusters).toBeGreaterThanOrEqual(65_525);
    expect(checked(image)).toBe('');
  });

  test.each([8191, 8193, 16_383, 16_385, 40_000, 1_048_575])(
    'of %d MiB would be FAT32 with tables that are long enough',
    size => {
      const { clusters, fat, dataStart, clusterBytes } = newGeometry(size * 1_048_576);

      expect(clusters).toBeGreaterThanOrEqual(65_525);
      expect(fat.length).toBeGreaterThanOrEqual((clusters + 2) * 4);
      expect(dataStart + clusters * clusterBytes).toBeLessThanOrEqual(size * 1_048_576);
    },
  );

  const name = fc
    .oneof(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), fc.stringMatching(/^[A-Za-z0-9.~ _-]{1,14}$/))
    .filter(text => nameRefusal(text) === undefined && text.isWellFormed());
  const uniquely = { selector: (item: FatItem) => nameKey(item.name), maxLength: 12 };
  const aFile = fc
    .tuple(name, fc.string({ maxLength: 2000, unit: 'binary-ascii' }), fc.integer({ min: 0, max: 60_000 }))
    .map(([called, content, days]) => file(called, content, Date.UTC(1980, 0, 1) + (days * 86_400_000) / 2));
  const tree: fc.Arbitrary<readonly FatItem[]> = fc.letrec<{ items: readonly FatItem[] }>(tie => ({
    items: fc.uniqueArray(
      fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        aFile,
        fc.tuple(name, tie('items')).map(([called, items]) => folder(called, ...items)),
      ),
      uniquely,
    ),
  })).items;

  test('gives back any tree as it was', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async items => {
        const image = made(items);
        expect(sorted(await listed(image))).toEqual(sorted(flat(items)));
        expect((await read(image)).problems).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('is read to an end, without leaving its folder, whatever a guest has written into it', async () => {
    const image = made(many.slice(0, 8));
    const used = 1_200_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(used), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 60 }),
        async bytes => {
          const before = bytes.map(([at]) => [at, image[at] ?? 0] as const);
          for (const [at, value] of bytes) image[at] = value;
          const geometry = readGeometry(image);
          const reading = geometry ? readVolume(geometry, readerOf(image)) : Promise.resolve({ items: [] });
          const { items } = await reading.catch((error: unknown) => {
            if (error instanceof UserError) return { items: [] };
            throw error;
          });
          for (const [at, value] of before.reverse()) image[at] = value;
          for (const { path } of items) expect(path.split('/').some(part => /^\.{0,2}$/.test(part))).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a volume that is not sound', () => {
  const two = [folder('docs', file('a name that is long', 'x'.repeat(2000))), file('B', 'y'.repeat(2000))];
  const geometry = newGeometry(smallestVolume);
  /** Root 2, docs 3, its file 4 to 7, B 8 to 11. */
  const cell = (image: Buffer, cluster: number, next: number): Buffer => {
    image.writeUInt32LE(next, geometry.fat.offset + cluster * 4);
    return image;
  };

  test.each([
    [
      'a chain that runs into another',
      (image: Buffer) => cell(image, 8, 4),
      [
        'B has more clusters than it needs.',
        'docs/a name that is long shares clusters with another file.',
        'long is cut off: 0 of 2000',
        '3 clusters are taken by no file.',
      ],
    ],
    ['a loop', (image: Buffer) => cell(image, 9, 8), ['B shares clusters', 'B is cut off: 1024', '2 clusters']],
    [
      'a chain out of the volume',
      (image: Buffer) => cell(image, 8, 0x0f00_0000),
      ['B leads to a cluster that does not exist.', 'B is cut off', '3 clusters'],
    ],
    [
      'clusters too many',
      (image: Buffer) => cell(cell(image, 11, 20), 20, 0x0fffffff),
      ['B has more clusters than it needs.'],
    ],
    ['lost clusters', (image: Buffer) => cell(image, 40, 0x0fffffff), ['1 cluster is taken by no file.']],
  ])('with %s is told so', async (_, harm, words) => {
    const { problems } = await read(harm(made(two)));

    expect(problems).toHaveLength(words.length);
    words.forEach((one, at) => expect(problems[at]).toMatch(one));
  });

  test.each(['../../evil', '..', 'a/b', '\0'])('gives no file the name %j', async evil => {
    const image = made([file(`name${'x'.repeat(evil.length)}`, 'bad'), file('good', 'good')]);
    const at = image.indexOf(Buffer.from('name', 'utf16le').subarray(0, 8));
    const units = Buffer.alloc(26, 0xff);
    units.fill(Buffer.from(`${evil}\0`, 'utf16le'), 0, evil.length * 2 + 2);
    const start = image.subarray(at - 1, at + 31);
    [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30].forEach((place, unit) =>
      units.copy(start, place, unit * 2, unit * 2 + 2),
    );

    const { items, problems } = await read(image);

    const [first] = items.map(({ path }) => path);
    expect(items.map(({ path }) => path)).toContain('good');
    if (items.length === 1) expect(problems[0]).toMatch(/^The root folder has a file with a name that cannot be/);
    else expect(first).toMatch(/^NAMEX[X~1]*$/);
  });

  test('says when it was not let go of', async () => {
    const image = made([]);
    image.writeUInt32LE(0x07ffffff, geometry.fat.offset + 4);

    expect((await read(image)).isClean).toBe(false);
  });
});

describe('what cannot be on FAT', () => {
  test.each([
    [[file('a?b')], 'a?b has the character "?", which FAT does not allow. Rename it.'],
    [[folder('docs', file('end.'))], 'docs/end. ends with a dot or a blank'],
    [[file('x'.repeat(256))], 'is longer than 255'],
    [[file('caf\ufffd')], 'is not written in UTF-8'],
    [[folder('d', file('Read'), file('READ'))], 'd/Read and d/READ are one name on FAT'],
    [[{ ...file('big'), bytes: 2 ** 32 } as FatItem], 'The content needs 4097 MiB, more than fits.'],
  ])('%# is refused with its place', (items, words) => {
    expect(() => made(items)).toThrow(words);
  });

  test('is a file of 4 GiB, however large the volume', () => {
    const items = [{ ...file('big'), bytes: 2 ** 32 } as FatItem];
    const plan = (): unknown => planVolume({ bytes: 2 ** 34, label: 'X', serial: 1, items });

    expect(plan).toThrow('big is larger than 4 GiB');
  });

  test('the room that contents take is counted in clusters', () => {
    const items = [file('a', 'x'), folder('b', file('c', 'y'.repeat(513)), file('none'))];

    expect(roomOf({ bytes: smallestVolume, items }).needs).toBe(5 * 512);
  });
});
