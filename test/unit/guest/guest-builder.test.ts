import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { buildGuest } from '../../../extension/host/guest-builder.ts';
import { defaultGuestDir } from '../../../extension/host/paths.ts';

describe('the folder for the guest of all labs', () => {
  test.each([
    [{ XDG_DATA_HOME: '/data', HOME: '/home/ada' }, '/data/kvmlab/guest'],
    [{ HOME: '/home/ada' }, '/home/ada/.local/share/kvmlab/guest'],
    [{ XDG_DATA_HOME: '', HOME: '/home/ada' }, '/home/ada/.local/share/kvmlab/guest'],
    [{ XDG_DATA_HOME: 'relative', HOME: '/home/ada' }, '/home/ada/.local/share/kvmlab/guest'],
  ])('with %j is %s', (env, dir) => {
    expect(defaultGuestDir(env)).toBe(dir);
  });
});

describe('a system that cannot make the guest', () => {
  let folder: string;
  const path = process.env['PATH'];

  /** The system has these programs and no others. */
  const tools = (scripts: Readonly<Record<string, string>>): void => {
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
  };
  const build = (): Promise<unknown> => buildGuest(join(folder, 'guest'), { log: () => undefined });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kvg-'));
    process.env['PATH'] = folder;
  });

  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true });
  });

  const amd64 = { dpkg: 'echo amd64' };
  const knowsAll = {
    'apt-cache': 'printf "Package: %s\\nVersion: 1-1\\nDepends: linux-image-6\\n" "$3"',
  };

  test.each([
    ['is not Debian', {}, /no dpkg\. Make it on a Debian machine/],
    ['has another processor', { dpkg: 'echo arm64' }, /this system is arm64/],
    [
      'has no package lists',
      { ...amd64, 'apt-cache': 'exit 100' },
      /linux-image-cloud-amd64, and apt knows none.*sudo apt-get update/s,
    ],
    [
      'has no network',
      { ...amd64, ...knowsAll, 'apt-get': 'echo "E: Failed to fetch http://x" >&2; exit 100' },
      /linux-image-6 could not be downloaded: E: Failed to fetch.*sudo apt-get update/s,
    ],
    ['has no dpkg-deb', { ...amd64, ...knowsAll, 'apt-get': 'echo >x.deb' }, /sudo apt-get install dpkg/],
    [
      'has packages that cannot be unpacked',
      {
        ...amd64,
        ...knowsAll,
        'apt-get': 'echo >x.deb',
        'dpkg-deb': 'echo "dpkg-deb: error: not a Debian archive" >&2; exit 2',
      },
      /linux-image-6 could not be unpacked: dpkg-deb: error: not a Debian archive/,
    ],
  ])('because it %s says what it needs', async (_why, scripts, message) => {
    tools(scripts);

    const failure = await build().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toMatch(message);
    expect(readdirSync(folder).sort()).toEqual(Object.keys(scripts).sort());
  });
});
