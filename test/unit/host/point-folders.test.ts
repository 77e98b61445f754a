import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalPointFolders } from '../../../extension/host/point-folders.ts';

const folders = new LocalPointFolders();
let root = '';
const at = (name: string): string => path.join(root, name);
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'kl-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a folder is seen with all that lies below it, and links lead nowhere', async () => {
  mkdirSync(at('pxe/deep'), { recursive: true });
  for (const name of ['pxe/boot.ipxe', 'pxe/deep/kernel']) writeFileSync(at(name), '');
  symlinkSync('/etc', at('pxe/all'));
  symlinkSync('/etc/passwd', at('pxe/deep/users'));
  symlinkSync('pxe', at('same'));

  const seen = { files: ['boot.ipxe', 'deep/kernel'], others: ['all', 'deep/users'] };
  expect(await folders.tree(at('pxe'))).toEqual(seen);
  expect(await folders.tree(at('same'))).toEqual(seen);
  expect(await folders.tree(at('none'))).toBeUndefined();
  expect(await folders.tree(at('pxe/boot.ipxe'))).toBeUndefined();
});

test('a file gets a place where nothing is, not even a link', async () => {
  writeFileSync(at('new'), 'new');
  writeFileSync(at('old'), 'old');
  symlinkSync('nowhere', at('link'));

  for (const name of ['old', 'link'])
    await expect(folders.place(at('new'), at(name))).rejects.toThrow('is there already, and was left as it is.');
  await folders.place(at('new'), at('deep/below/it'));

  expect([readFileSync(at('deep/below/it'), 'utf8'), readFileSync(at('old'), 'utf8')]).toEqual(['new', 'old']);
});

test('files that nobody finished writing go, and no others', async () => {
  const kept = ['.lock', '.current.f9f7417010a7.tmp.new', '.f9f7417010a7.tmp', 'current', 'f9f7417010a7.tmp'];
  for (const name of [...kept, '.current.f9f7417010a7.tmp', '.restoring.000000000000.tmp']) writeFileSync(at(name), '');

  await folders.dropUnfinished(root);
  await folders.dropUnfinished(at('none'));

  expect(readdirSync(root).sort()).toEqual(kept.sort());
});
