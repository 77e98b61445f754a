import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiBytes, asciiText } from '../../../extension/guest/ascii.ts';
import { writeCpio, type CpioEntry } from '../../../extension/guest/cpio.ts';

interface ReadRecord {
  readonly name: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
  readonly device: readonly [number, number];
}

/** Reads the format by its description, not by the writer: 6 bytes of magic, 13 fields of 8 hex digits, name, content. */
function readCpio(archive: Uint8Array): readonly ReadRecord[] {
  const records: ReadRecord[] = [];
  for (let at = 0; at < archive.length;) {
    const header = asciiText(archive.subarray(at, at + 110));
    expect(header.slice(0, 6)).toBe('070701');
    const field = (index: number): number => parseInt(header.slice(6 + index * 8, 14 + index * 8), 16);
    const nameEnd = at + 110 + field(11);
    const name = asciiText(archive.subarray(at + 110, nameEnd - 1));
    expect(archive[nameEnd - 1]).toBe(0);
    const start = (nameEnd + 3) & ~3;
    records.push({
      name,
      mode: field(1),
      bytes: archive.subarray(start, start + field(6)),
      device: [field(9), field(10)],
    });
    at = (start + field(6) + 3) & ~3;
  }
  return records;
}

const entries: readonly CpioEntry[] = [
  { kind: 'folder', path: 'bin' },
  { kind: 'device', path: 'dev-console', major: 5, minor: 1 },
  { kind: 'file', path: 'bin/busybox', bytes: asciiBytes('12345'), isExecutable: true },
  { kind: 'link', path: 'bin/sh', target: 'busybox' },
  { kind: 'file', path: 'etc', bytes: new Uint8Array(0), isExecutable: false },
];

describe('an archive', () => {
  test('holds every entry with its type, mode and content, and a trailer', () => {
    const read = readCpio(writeCpio(entries)).map(one => ({ ...one, bytes: asciiText(one.bytes) }));

    expect(read).toEqual([
      { name: 'bin', mode: 0o040755, bytes: '', device: [0, 0] },
      { name: 'dev-console', mode: 0o020600, bytes: '', device: [5, 1] },
      { name: 'bin/busybox', mode: 0o100755, bytes: '12345', device: [0, 0] },
      { name: 'bin/sh', mode: 0o120777, bytes: 'busybox', device: [0, 0] },
      { name: 'etc', mode: 0o100644, bytes: '', device: [0, 0] },
      { name: 'TRAILER!!!', mode: 0, bytes: '', device: [0, 0] },
    ]);
  });

  test('reads back whatever the lengths of names and contents are', () => {
    const name = fc.stringMatching(/^[a-z0-9_.]{1,40}$/);
    const file = fc.record({ path: name, bytes: fc.uint8Array({ maxLength: 40 }) });
    fc.assert(
      fc.property(fc.array(file, { maxLength: 8 }), files => {
        const archive = writeCpio(files.map(one => ({ kind: 'file', isExecutable: false, ...one })));

        const read = readCpio(archive).slice(0, -1);

        expect(archive.length % 4).toBe(0);
        expect(read.map(one => [one.name, [...one.bytes]])).toEqual(files.map(one => [one.path, [...one.bytes]]));
      }),
    );
  });

  test.each([
    ['cpio', ['-t', '--quiet']],
    ['busybox', ['cpio', '-t']],
  ])('is read by %s', (program, args) => {
    const listed = spawnSync(program, args, { input: writeCpio(entries) });
    if (listed.error) return;

    expect(listed.status).toBe(0);
    expect(listed.stdout.toString().trim().split('\n')).toEqual(entries.map(entry => entry.path));
  });

  test('is the same for the same entries', () => {
    expect(writeCpio(entries)).toEqual(writeCpio(entries));
  });

  test('refuses a name that is not ASCII rather than garble it', () => {
    expect(() => writeCpio([{ kind: 'folder', path: 'é' }])).toThrow(/Not ASCII/);
  });
});
