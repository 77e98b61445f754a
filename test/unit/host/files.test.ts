import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NodeFiles } from '../../../extension/host/files.ts';

const files = new NodeFiles();
let folder: string;
const at = (...names: readonly string[]): string => path.join(folder, ...names);

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'kvmlab-files-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe('files', () => {
  test('come back as they were written', async () => {
    await files.write(at('a', 'b', 'x.sh'), 'größer\n');

    expect([await files.read(at('a', 'b', 'x.sh')), await files.exists(at('a', 'b'))]).toEqual(['größer\n', true]);
  });

  test('of bytes are written byte by byte', async () => {
    await files.write(at('x.png'), Uint8Array.of(0x89, 0x50, 0, 0xff));

    expect([...(await fs.readFile(at('x.png')))]).toEqual([0x89, 0x50, 0, 0xff]);
    expect(await fs.readdir(folder)).toEqual(['x.png']);
  });

  test('that are not there are undefined, also under a file', async () => {
    await files.write(at('file'), '');

    for (const missing of [at('nope'), at('no', 'pe'), at('file', 'below')]) {
      expect([await files.read(missing), await files.readTail(missing, 9), await files.exists(missing)]).toEqual([
        undefined,
        undefined,
        false,
      ]);
    }
  });

  test('leave nothing beside them', async () => {
    await files.write(at('x'), 'one');
    await files.write(at('x'), 'two');

    expect(await fs.readdir(folder)).toEqual(['x']);
  });

  test('get the mode asked for, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      await files.write(at('x.sh'), '', 0o755);
    } finally {
      process.umask(before);
    }

    expect((await fs.stat(at('x.sh'))).mode & 0o777).toBe(0o755);
  });

  test('keep the mode that they had', async () => {
    await files.write(at('x'), 'one', 0o640);
    await files.write(at('x'), 'two');

    expect((await fs.stat(at('x'))).mode & 0o777).toBe(0o640);
  });

  test('behind a link are replaced, the link stays', async () => {
    await files.write(at('real'), 'one');
    await fs.symlink('real', at('link'));
    await files.write(at('link'), 'two');

    expect([await fs.readFile(at('real'), 'utf8'), await fs.readlink(at('link'))]).toEqual(['two', 'real']);
  });

  test('that cannot be read or written say which and why', async () => {
    await fs.mkdir(at('folder'));

    await expect(files.read(at('folder'))).rejects.toThrow(
      /^Cannot read .*\/folder: illegal operation on a directory\.$/,
    );
    await expect(files.write(at('folder'), 'x')).rejects.toThrow(/^Cannot write .*\/folder: /);
    expect(await fs.readdir(folder)).toEqual(['folder']);
  });

  test('are never seen half written', async () => {
    const texts = ['a', 'b'].map(letter => letter.repeat(300_000));
    await files.write(at('x'), texts[0]!);
    const seen = new Set<string>();
    const writing = new AbortController();
    const reader = (async () => {
      while (!writing.signal.aborted) seen.add((await files.read(at('x')))!);
    })();

    for (let round = 1; round <= 40; round += 1) await files.write(at('x'), texts[round % 2]!);
    writing.abort();
    await reader;

    expect([...seen].every(text => texts.includes(text))).toBe(true);
  });

  test('written by several at once are one of them', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => files.write(at('x'), String(index).repeat(1000))));

    expect(await fs.readdir(folder)).toEqual(['x']);
    expect(await files.read(at('x'))).toMatch(/^(\d+)\1{999}$/);
  });
});

describe('the end of a file', () => {
  test.each([
    [3, 'xyz'],
    [100, 'äöüxyz'],
    [4, 'xyz'],
    [5, 'üxyz'],
    [0, ''],
  ])('of %i bytes is %j, without half a character', async (bytes, expected) => {
    await files.write(at('log'), 'äöüxyz');

    expect(await files.readTail(at('log'), bytes)).toBe(expected);
  });
});
