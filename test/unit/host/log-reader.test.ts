import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileLogReader } from '../../../extension/host/log-reader.ts';

let folder: string;
let log: string;
const reader = new FileLogReader();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kr-'));
  log = path.join(folder, 'fw.console.log');
  writeFileSync(log, '0123456789');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a part of a log', () => {
  test.each([
    ['in the middle', 2, 3, '234'],
    ['at the end, where less is left', 8, 5, '89'],
    ['behind the end', 10, 5, ''],
    ['of a log that became shorter', 99, 5, ''],
  ])('is read: %s', async (_, start, bytes, text) => {
    expect(new TextDecoder().decode(await reader.read(log, start, bytes))).toBe(text);
  });

  test('of a log that is not there is nothing, and has no size', async () => {
    const missing = path.join(folder, 'nobody');

    expect([await reader.read(missing, 0, 5), await reader.size(missing), await reader.size(log)]).toEqual([
      undefined,
      undefined,
      10,
    ]);
  });

  test('of what is no file is refused with its name', async () => {
    await expect(reader.read(folder, 0, 5)).rejects.toThrow(folder);
  });
});
