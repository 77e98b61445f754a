import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LogFile } from '../../../extension/host/console-log.ts';

let folder: string;
let file: string;
let log: LogFile;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
  file = path.join(folder, 'fw.console.log');
  log = new LogFile(file);
});

afterEach(() => {
  log.dispose();
  rmSync(folder, { recursive: true });
});

const textAt = async (offset: number, bytes = 100) => {
  const piece = await log.read(offset, bytes);
  return piece.kind === 'bytes' ? { text: Buffer.from(piece.bytes).toString(), left: piece.left } : piece.kind;
};

test('a log that is not there has no size and nothing in it, until it is', async () => {
  expect([await log.size(), await textAt(0)]).toEqual([undefined, 'end']);

  writeFileSync(file, 'abc');

  expect([await log.size(), await textAt(0)]).toEqual([3, { text: 'abc', left: 0 }]);
});

test('is read in pieces, and grows', async () => {
  writeFileSync(file, 'abcdef');

  expect([await textAt(0, 4), await textAt(4, 4), await textAt(6)]).toEqual([
    { text: 'abcd', left: 2 },
    { text: 'ef', left: 0 },
    'end',
  ]);
  appendFileSync(file, 'g');
  expect(await textAt(6)).toEqual({ text: 'g', left: 0 });
});

test('one that was put aside is read to its end before the new one', async () => {
  writeFileSync(file, 'old');
  await textAt(0, 1);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, '+');

  expect([await textAt(1), await textAt(4)]).toEqual([{ text: 'ld+', left: 0 }, 'end']);
  writeFileSync(file, 'new');

  expect([await textAt(4), await textAt(0)]).toEqual(['renewed', { text: 'new', left: 0 }]);
});

test('one that was made shorter says so', async () => {
  writeFileSync(file, 'abcdef');
  await textAt(0);
  truncateSync(file, 2);

  expect(await textAt(6)).toBe('cut');
});

test('calls once when something was written, and never after it was called off', async () => {
  writeFileSync(file, '');
  let [calls, others] = [0, 0];
  log.onceChanged(() => (calls += 1));
  log.onceChanged(() => (others += 1)).dispose();

  appendFileSync(file, 'a');
  await expect.poll(() => calls).toBe(1);
  appendFileSync(file, 'b');
  await textAt(0);

  expect([calls, others]).toEqual([1, 0]);
});

test('read and watched a thousand times, it leaves no descriptor', async () => {
  writeFileSync(file, 'x');
  const descriptors = () => readdirSync('/proc/self/fd').length;
  const before = descriptors();

  for (let round = 0; round < 1000; round += 1) {
    const one = new LogFile(file);
    const reading = one.read(0, 1);
    const watching = one.onceChanged(() => undefined);
    if (round % 2 === 0) await reading;
    watching.dispose();
    one.dispose();
    await reading;
  }

  // The first watch makes the one inotify of the process.
  expect(descriptors() - before).toBeLessThanOrEqual(2);
});
