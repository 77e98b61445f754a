import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backingPath, readImageHeader, refusalOf } from '../../../extension/images/image-header.ts';
import { qcow2Header } from '../../support/fake-images.ts';

describe('the header of an image', () => {
  test('tells size, snapshots and what lies under it', () => {
    const header = qcow2Header({ size: 5n << 30n, backing: 'näher.img', backingFormat: 'raw', snapshots: 2 });

    expect(readImageHeader(header, 4096, 'qcow2')).toEqual({
      kind: 'qcow2',
      virtualSize: 5 * 2 ** 30,
      backing: { name: 'näher.img', format: 'raw' },
      hasDataFile: false,
      snapshots: 2,
    });
  });

  test('of a raw image is not looked at, whatever a guest wrote there', () => {
    expect(readImageHeader(qcow2Header({ backing: '/etc/shadow' }), 4096, 'raw')).toEqual({
      kind: 'raw',
      virtualSize: 4096,
    });
  });

  test.each([
    ['of another format', Buffer.from('RAWRAWRAW')],
    ['that is cut off', qcow2Header().subarray(0, 50)],
    ['of a version to come', Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x09', 'latin1'), Buffer.alloc(200)])],
    ['that names what lies far away', qcow2Header({ backing: 'x', backingOffset: 1 << 30 })],
    ['of nothing', Buffer.alloc(0)],
  ])('%s is broken', (_what, head) => {
    expect(readImageHeader(head, head.length, 'qcow2').kind).toBe('broken');
  });

  test('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isQcow) => {
        const head = isQcow ? Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), bytes]) : bytes;
        readImageHeader(head, head.length, 'qcow2');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an image from outside is refused', () => {
  const refusal = (head: Buffer, format: 'qcow2' | 'raw'): string | undefined =>
    refusalOf(readImageHeader(head, head.length, format), head);

  test.each([
    ['that would read a file of the host', qcow2Header({ backing: '/etc/shadow', backingFormat: 'raw' }), 'qcow2'],
    ['that would keep its data elsewhere', qcow2Header({ hasDataFile: true }), 'qcow2'],
    ['that is not what the lab says', Buffer.alloc(4096), 'qcow2'],
    ['that is more than the lab says', qcow2Header(), 'raw'],
  ] as const)('%s', (_what, head, format) => {
    expect(refusal(head, format)).toBeTypeOf('string');
  });

  test('but not one that stands alone', () => {
    expect([refusal(qcow2Header(), 'qcow2'), refusal(Buffer.alloc(512), 'raw')]).toEqual([undefined, undefined]);
  });
});

test.each([
  ['base.qcow2', '/labs/dmz/disks/base.qcow2'],
  ['../../images/base.qcow2', '/labs/images/base.qcow2'],
  ['/srv/base.qcow2', '/srv/base.qcow2'],
  ['./a:b', '/labs/dmz/disks/a:b'],
  ['nbd://example.org/x', undefined],
  ['json:{"driver":"file","filename":"/etc/shadow"}', undefined],
  ['file:/etc/shadow', undefined],
  ['', undefined],
  ['a\nb', undefined],
])('%s under an overlay is %s', (name, path) => {
  expect(backingPath('/labs/dmz/disks/fw.qcow2', name)).toBe(path);
});
