import { describe, expect, test } from 'vitest';
import { startFolder } from '../../../extension/runtime/vm-import.ts';

describe('the folder where relative paths of a QEMU that runs start', () => {
  const folderOf = (args: readonly string[], folder: string | undefined): string | undefined =>
    startFolder({ pid: 7, args, startTicks: 1, uid: 0 }, { workingFolder: pid => (pid === 7 ? folder : undefined) });

  test('is the one it works in', () => {
    expect(folderOf(['kvm', '-hda', 'a.img'], '/srv/vms')).toBe('/srv/vms');
  });

  test('is not known of one that is not for us to see', () => {
    expect(folderOf(['kvm', '-hda', 'a.img'], undefined)).toBeUndefined();
  });

  test.each(['-daemonize', '--daemonize'])('is not known of one that left it: %s', option => {
    expect(folderOf(['kvm', '-hda', 'a.img', option], '/')).toBeUndefined();
  });
});
