import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RecordedLabFolders } from '../../../extension/host/lab-folders.ts';

describe('the folder of the scripts that have a run-time folder', () => {
  let root: string;
  const folders = new RecordedLabFolders();
  const record = (folder: string): void => writeFileSync(path.join(root, 'folder'), `${folder}\n`);

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'kf-'));
    mkdirSync(path.join(root, 'dmz'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('is as the scripts have written it down', () => {
    record(path.join(root, 'dmz'));

    expect(folders.scriptsOf(root)).toBe(path.join(root, 'dmz'));
  });

  test('is not known if nothing was written down, or if the folder was moved', () => {
    expect(folders.scriptsOf(root)).toBeUndefined();

    record(path.join(root, 'moved'));
    expect(folders.scriptsOf(root)).toBeUndefined();
  });

  test('is the same through a link, and also where there is none', () => {
    symlinkSync(path.join(root, 'dmz'), path.join(root, 'link'));

    expect(folders.isSame(path.join(root, 'dmz'), path.join(root, 'link'))).toBe(true);
    expect(folders.isSame('/nowhere/dmz', '/nowhere/dmz')).toBe(true);
    expect(folders.isSame('/nowhere/dmz', path.join(root, 'dmz'))).toBe(false);
  });
});
