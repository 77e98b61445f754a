import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { TarPointArchives } from '../../../extension/host/point-archives.ts';
import type { ArchivedFile } from '../../../extension/runtime/snapshot-ports.ts';

const archives = new TarPointArchives();
let folder = '';
let archive = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
  archive = path.join(folder, 'point.tar');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const contents = {
  'disk-1': Buffer.alloc(1_500_000, 'disk'),
  'web.state': Buffer.from('memory'),
  'file-2': Buffer.alloc(0),
};

/** Writes them, and says what they are. */
function made(): readonly ArchivedFile[] {
  return Object.entries(contents).map(([name, content]) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return { name, path: file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  });
}

const elsewhere = (files: readonly ArchivedFile[]): readonly ArchivedFile[] =>
  files.map(file => ({ ...file, path: path.join(folder, 'out/deep', file.name) }));

describe('an archive of a snapshot', () => {
  test('gives back what was packed, and is a tar archive for everybody', async () => {
    const files = made();
    const told: number[] = [];

    await archives.write(archive, '{"a":1}', files, { onProgress: percent => told.push(percent) });
    await archives.unpack(archive, elsewhere(files));

    expect(await archives.manifest(archive)).toBe('{"a":1}');
    for (const { name, path: file } of elsewhere(files))
      expect(readFileSync(file).equals(contents[name as keyof typeof contents])).toBe(true);
    expect(told.at(-1)).toBe(100);
    expect(execFileSync('tar', ['-tf', archive], { encoding: 'utf8' })).toBe(
      'manifest.json\ndisk-1\nweb.state\nfile-2\n',
    );
    expect(execFileSync('tar', ['-xOf', archive, 'web.state'], { encoding: 'utf8' })).toBe('memory');
  });

  test('may have been packed again with tar', async () => {
    const files = made();
    writeFileSync(path.join(folder, 'manifest.json'), '{}');
    const names = ['manifest.json', ...files.map(({ name }) => name)];
    execFileSync('tar', ['--format=ustar', '-cf', archive, '-C', folder, ...names]);

    await archives.unpack(archive, elsewhere(files));

    expect(readdirSync(path.join(folder, 'out/deep')).sort()).toEqual(Object.keys(contents).sort());
  });

  test('takes the place of nothing, and is not there if a file is not what it was', async () => {
    const files = made();
    writeFileSync(path.join(folder, 'disk-1'), Buffer.alloc(1_500_000, 'other'));

    await expect(archives.write(archive, '{}', files)).rejects.toThrow('is not what it was');

    expect(readdirSync(folder).sort()).toEqual(Object.keys(contents).sort());
    writeFileSync(archive, 'mine');
    await expect(archives.write(archive, '{}', made())).rejects.toThrow('is there already');
    expect(readFileSync(archive, 'utf8')).toBe('mine');
  });

  test('takes the place of another one if it is told to, when it is whole', async () => {
    writeFileSync(archive, 'mine');
    const files = made();
    writeFileSync(path.join(folder, 'disk-1'), Buffer.alloc(1_500_000, 'other'));
    await expect(archives.write(archive, '{}', files, { replaces: true })).rejects.toThrow('is not what it was');
    expect(readFileSync(archive, 'utf8')).toBe('mine');

    await archives.write(archive, '{}', made(), { replaces: true });

    expect(await archives.manifest(archive)).toBe('{}');
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(contents), 'point.tar'].sort());
  });

  test('is not there after it was called off', async () => {
    const cancel = new CancelSource();
    const work = { signal: cancel.signal, onProgress: () => cancel.cancel() };

    await expect(archives.write(archive, '{}', made(), work)).rejects.toThrow('called off');

    expect(readdirSync(folder).sort()).toEqual(Object.keys(contents).sort());
  });

  test.each<[string, string, (bytes: Buffer) => Buffer]>([
    ['is cut off', 'ends too early', bytes => bytes.subarray(0, 1_000_000)],
    [
      'ends after the first file',
      'does not hold web.state',
      bytes => Buffer.concat([bytes.subarray(0, 1024 + 512 + 1_500_160), Buffer.alloc(1024)]),
    ],
    [
      'has another byte',
      'is damaged: disk-1',
      bytes => Buffer.concat([bytes.subarray(0, 5000), Buffer.from('!'), bytes.subarray(5001)]),
    ],
    [
      'holds a file more',
      'holds manifest.json, of which it says nothing',
      bytes => Buffer.concat([bytes.subarray(0, -1024), bytes]),
    ],
    ['is empty', 'ends too early', () => Buffer.alloc(0)],
    ['is something else', 'is no tar archive', () => Buffer.alloc(5000, 'x')],
  ])('is refused if it %s', async (_what, words, damage) => {
    const files = made();
    await archives.write(archive, '{}', files);
    writeFileSync(archive, damage(readFileSync(archive)));

    await expect(archives.unpack(archive, elsewhere(files))).rejects.toThrow(words);
  });

  test.each<[string, readonly string[]]>([
    ['links', ['-cf']],
    ['paths that lead out', ['-Pcf']],
  ])('is refused with %s', async (what, options) => {
    symlinkSync('/etc/passwd', path.join(folder, 'manifest.json'));
    const name = what === 'links' ? 'manifest.json' : '../../../etc/hostname';
    execFileSync('tar', [...options, archive, '-C', folder, name], { stdio: 'ignore' });

    await expect(archives.manifest(archive)).rejects.toThrow('holds something else than the files of a snapshot');
  });

  test('writes nothing over a file that is there', async () => {
    const files = made();
    await archives.write(archive, '{}', files);

    await expect(archives.unpack(archive, files)).rejects.toThrow('file already exists');
  });

  test('is a file, and not something that never ends', async () => {
    execFileSync('mkfifo', [archive]);

    await expect(archives.manifest(archive)).rejects.toThrow('is no file');
  });
});
