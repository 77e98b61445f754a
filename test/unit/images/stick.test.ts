import { describe, expect, test } from 'vitest';
import { smallestVolume } from '../../../extension/images/fat/geometry.ts';
import { planVolume } from '../../../extension/images/fat/write.ts';
import { findVolume, partitionTable, readStickVolume, startBytes } from '../../../extension/images/stick.ts';

const bytes = smallestVolume + 1_048_576;
const place = { offset: 0, bytes };
const fat = (change: (start: Uint8Array) => void = () => undefined): Uint8Array => {
  const start = new Uint8Array(startBytes);
  const { writes } = planVolume({ bytes: smallestVolume, label: 'X', serial: 1, items: [] });
  for (const one of writes) if (one.offset + one.bytes.length <= startBytes) start.set(one.bytes, one.offset);
  change(start);
  return start;
};
const table = (change: (view: DataView) => void = () => undefined): Uint8Array => {
  const start = new Uint8Array(startBytes);
  start.set(partitionTable(bytes, 0xcafe));
  change(new DataView(start.buffer));
  return start;
};
const ext = (state: number, incompatible: number): Uint8Array => {
  const start = new Uint8Array(startBytes);
  const view = new DataView(start.buffer);
  view.setUint16(1024 + 56, 0xef53, true);
  view.setUint16(1024 + 58, state, true);
  view.setUint32(1024 + 96, incompatible, true);
  return start;
};

describe('where the volume of a stick is', () => {
  test.each([
    ['after the table that we write', table(), { offset: 1_048_576, bytes: smallestVolume }],
    ['on all of it, when FAT begins there', fat(), place],
    ['on all of it, when there is nothing', new Uint8Array(startBytes), place],
    ['not behind the end', table(view => view.setUint32(458, 0xffffffff, true)), place],
    ['in no partition of no type', table(view => view.setUint8(450, 0)), place],
  ])('%s', (_, start, found) => {
    expect(findVolume(start, bytes)).toEqual(found);
  });
});

describe('what is on a stick', () => {
  const dirty = fat(start => (start[0x41] = 1));
  const named = (name: string): Uint8Array =>
    fat(start => name.split('').forEach((one, at) => (start[3 + at] = one.charCodeAt(0))));

  test.each([
    [fat(), { fileSystem: 'FAT32', isClean: true }],
    [dirty, { fileSystem: 'FAT32', isClean: false }],
    [ext(1, 0x40), { fileSystem: 'ext4', isClean: true }],
    [ext(1, 0x44), { fileSystem: 'ext4', isClean: false }],
    [ext(0, 0), { fileSystem: 'ext2/3', isClean: false }],
    [named('NTFS    ').fill(0, 11, 64), { fileSystem: 'NTFS', isClean: undefined }],
    [new Uint8Array(startBytes), { fileSystem: undefined, isClean: undefined }],
    [new Uint8Array(0), { fileSystem: undefined, isClean: undefined }],
  ])('%#', (start, told) => {
    expect(readStickVolume(start, place)).toMatchObject(told);
  });

  test('FAT that claims to be larger than its stick is none', () => {
    expect(readStickVolume(fat(), { offset: 0, bytes: 1_048_576 }).geometry).toBeUndefined();
  });
});
