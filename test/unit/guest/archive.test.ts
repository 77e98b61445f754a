import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { asciiBytes, asciiText } from '../../../extension/guest/ascii.ts';
import { guestArchive, guestRecipe } from '../../../extension/guest/archive.ts';
import { dhcpScript, initScript, offScript, profile } from '../../../extension/guest/init.ts';

const parts = {
  kernelRelease: '6.1.0-1-cloud-amd64',
  busybox: asciiBytes('BUSYBOX'),
  applets: ['sh', '[', 'busybox', '', 'sh', '../x'],
  modules: [],
};

/** Names only: the format has its own test. */
function namesIn(archive: Uint8Array): readonly string[] {
  return [...asciiText(archive).matchAll(/070701[0-9a-f]{104}([^\0]+)\0/g)].map(match => match[1] ?? '');
}

describe("the guest's file system", () => {
  test('has every folder before what lies in it', () => {
    const names = namesIn(guestArchive(parts));

    const orphans = names.filter(
      (name, at) => name.includes('/') && !names.slice(0, at).includes(name.slice(0, name.lastIndexOf('/'))),
    );
    expect(orphans).toEqual([]);
  });

  test('has one link for each applet with a plain name, and never one over busybox itself', () => {
    const names = namesIn(guestArchive(parts));

    expect(names.filter(name => name.startsWith('bin/'))).toEqual(['bin/busybox', 'bin/[', 'bin/sh']);
  });

  test('has its modules where the running kernel looks for them', () => {
    const modules = [{ name: 'virtio', bytes: new Uint8Array(1), needs: [], aliases: ['x'] }];

    expect(namesIn(guestArchive({ ...parts, modules }))).toEqual(
      expect.arrayContaining([
        'lib/modules/6.1.0-1-cloud-amd64/virtio.ko',
        'lib/modules/6.1.0-1-cloud-amd64/modules.dep',
      ]),
    );
  });

  test('has a recipe that does not depend on the packages', () => {
    expect(asciiText(guestRecipe())).toContain(initScript);
    expect(guestRecipe()).toEqual(guestRecipe());
  });
});

describe.each([
  ['init', initScript],
  ['dhcp.sh', dhcpScript],
  ['off.sh', `#!/bin/sh\n${offScript}`],
  ['profile', `#!/bin/sh\n${profile}`],
])('the script %s', (_name, text) => {
  test('is clean for ShellCheck', () => {
    const checked = spawnSync('shellcheck', ['--shell=dash', '-'], { input: text, encoding: 'utf8' });
    if (checked.error) return;

    expect(checked.stdout).toBe('');
  });

  test('is a script for busybox', () => {
    const read = spawnSync('busybox', ['sh', '-n'], { input: text, encoding: 'utf8' });
    if (read.error) return;

    expect([read.status, read.stderr]).toEqual([0, '']);
  });
});
