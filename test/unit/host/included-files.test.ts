import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WorkspaceIncludes, workspaceOf } from '../../../extension/host/included-files.ts';

let outside: string;
let root: string;
let lab: string;

beforeEach(() => {
  outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'kl-')));
  root = path.join(outside, 'work');
  mkdirSync(path.join(root, 'labs'), { recursive: true });
  lab = path.join(root, 'labs/x.lab.yaml');
  writeFileSync(lab, 'vms: {}');
  writeFileSync(path.join(root, 'common.yaml'), 'switches: { lan: {} }');
  writeFileSync(path.join(outside, 'secret.yaml'), 'secret');
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

const read = async (name: string, openText?: (file: string) => string | undefined) =>
  new WorkspaceIncludes({ rootOf: () => root, ...(openText ? { openText } : {}) }).read(lab, name);

describe('included files', () => {
  test('are found from the folder of the lab file, within its workspace', async () => {
    const file = path.join(root, 'common.yaml');

    expect(await read('../common.yaml')).toEqual({ name: '../common.yaml', path: file, text: 'switches: { lan: {} }' });
  });

  test('are as an editor has them', async () => {
    const file = path.join(root, 'common.yaml');

    expect(await read('../common.yaml', one => (one === file ? 'typed' : undefined))).toMatchObject({ text: 'typed' });
  });

  test.each([
    ['above the workspace', '../../secret.yaml', 'outside'],
    ['above the workspace by a detour', '../labs/../../secret.yaml', 'outside'],
    ['by a link', 'link.yaml', 'outside'],
    ['by a link to a folder', 'folder/secret.yaml', 'outside'],
    ['that are not there', 'none.yaml', 'There is no file none.yaml'],
    ['that are folders', 'dir.yaml', 'no plain file'],
    ['that are pipes, without waiting for one who writes', 'pipe.yaml', 'no plain file'],
    ['that are large', 'large.yaml', 'at most 1 MB'],
    ['behind a file', 'x.lab.yaml/y.yaml', 'There is no file'],
    ['by a link in a circle', 'circle.yaml', 'cannot be read (ELOOP)'],
  ])('are not read: %s', async (_, name, refusal) => {
    const at = (file: string): string => path.join(root, 'labs', file);
    symlinkSync(path.join(outside, 'secret.yaml'), at('link.yaml'));
    symlinkSync(outside, at('folder'));
    symlinkSync('circle.yaml', at('circle.yaml'));
    mkdirSync(at('dir.yaml'));
    execFileSync('mkfifo', [at('pipe.yaml')]);
    writeFileSync(at('large.yaml'), Buffer.alloc(1_000_001, 32));

    const found = await read(name, () => 'typed');

    expect(found).not.toHaveProperty('text');
    expect('refusal' in found && found.refusal).toContain(refusal);
  });

  test('are read by a link within the workspace', async () => {
    symlinkSync('../common.yaml', path.join(root, 'labs/own.yaml'));

    expect(await read('own.yaml')).toMatchObject({ text: 'switches: { lan: {} }' });
  });
});

describe('the workspace of a lab file in a terminal', () => {
  test('is its repository, else the current folder around it, else its own folder', async () => {
    const labs = path.dirname(lab);

    expect(await workspaceOf(lab, root)).toBe(root);
    expect(await workspaceOf(lab, path.join(outside, 'other'))).toBe(labs);
    mkdirSync(path.join(root, '.git'));
    expect(await workspaceOf(lab, labs)).toBe(root);
  });
});
