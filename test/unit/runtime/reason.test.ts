import { describe, expect, test } from 'vitest';
import { reasonLines, shortReason } from '../../../extension/runtime/reason.ts';

describe('the reason of a failure', () => {
  test('is QEMU’s own words, without the name and the option before them', () => {
    const message =
      'Trying once whether Linux starts under KVM here (at most 20 seconds) …\n' +
      'web did not start. QEMU says: qemu-system-x86_64: -chardev socket,id=serial,port=10033: Address already in use\n' +
      'Process 21486 may hold the port: qemu-system-x86_64 -name web …\n';

    expect(reasonLines('web', message)).toEqual([
      'QEMU says: Address already in use',
      'Process 21486 may hold the port: qemu-system-x86_64 -name web …',
    ]);
  });

  test('is what QEMU said on the next line, if the first one only announces it', () => {
    expect(shortReason('fw', 'fw did not start.\nqemu-system-x86_64: no such machine')).toBe('no such machine');
  });

  test('is what the script said without what the row says already', () => {
    expect(shortReason('fw', 'fw did not start: its image a.qcow2 is not there.')).toBe(
      'its image a.qcow2 is not there.',
    );
  });

  test('stays as it is if nobody we know said it', () => {
    expect(shortReason('lan', 'vde_switch: cannot bind')).toBe('vde_switch: cannot bind');
  });

  test('is never empty', () => {
    expect(shortReason('fw', '\n')).toBe('no reason was given');
  });
});
