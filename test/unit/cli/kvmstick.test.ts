import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

let dir: string;
const terminal = new FakeTerminal();
const at = (name: string): string => path.join(dir, name);
const kvmstick = (...words: readonly string[]): Promise<number> => terminal.run('kvmstick', ...words);
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'kvc-'));
  mkdirSync(at('src'));
  writeFileSync(at('src/a.txt'), 'a');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('kvmstick makes a stick, lists it, checks it and reads it', async () => {
  const stick = at('sticks/s.img');
  terminal.files.held.set(at('x.lab.yaml'), 'vms:\n  pc: { id: 7, sticks: other.img }\n');
  await kvmstick('pack', at('other.img'));
  expect(await kvmstick('pack', at('x.lab.yaml'), 's', at('src'), '--label', 'tools')).toBe(0);
  expect(terminal.out).toBe(`${stick} is made: 64.0 MiB, 1 item on it.\n`);
  expect(readFileSync(stick).indexOf('TOOLS      ')).toBeGreaterThan(0);

  expect(await kvmstick('list', at('x.lab.yaml'), '--json')).toBe(0);
  expect(terminal.json()).toMatchObject([{ path: at('other.img') }, { path: stick, fileSystem: 'FAT32', vm: null }]);
  await kvmstick('list', at('x.lab.yaml'));
  expect(terminal.out).toMatch(/^STICK +SIZE +TAKES +FORMAT +IN +STATE\n.*\n\S+s\.img +64\.0 MiB/);
  expect(await kvmstick('check', stick)).toBe(0);
  expect(await kvmstick('unpack', stick, at('out'))).toBe(0);
  expect(readFileSync(at('out/a.txt'), 'utf8')).toBe('a');
  expect([await kvmstick('remove', stick), terminal.out]).toEqual([3, `${stick} is in no VM.\n`]);
});

test('kvmstick tells of faults by its exit code', async () => {
  const stick = at('s.img');
  await kvmstick('pack', stick);
  const bytes = readFileSync(stick);
  bytes[1_048_576 + 0x41] = 1;
  writeFileSync(stick, bytes);

  expect(await kvmstick('check', stick, '--json')).toBe(1);
  expect(terminal.json()).toMatchObject({ stick, faults: [expect.stringContaining('not unmounted')] });
  expect(await kvmstick('unpack', stick, at('out'))).toBe(1);
});

test.each([
  [[], 'kvmstick does one of: add, remove, list, pack, unpack, check.'],
  [['eat'], 'kvmstick does one of'],
  [['add'], 'Which stick?'],
  [['add', 's'], 'Into which VM?'],
  [['unpack', 's'], 'Into which folder?'],
  [['remove', 's', 'pc', 'more'], 'can do nothing with more'],
  [['pack', 's', '--size', '3'], '--size 3: say a size from 64.0 MiB to 1.0 TiB'],
  [['pack', 's', '--size', '1M'], '--size 1M'],
  [['pack', 's', '--label', 'a b'], '--label a b: at most 11 letters'],
])('kvmstick %j is wrong use', async (words, message) => {
  expect(await kvmstick(...words)).toBe(2);
  expect(terminal.err).toContain(message);
});
