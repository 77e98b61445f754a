import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseMarks } from '../../extension/runtime/console/console-marks.ts';
import { lab as aLab, vm } from '../support/lab-builder.ts';
import { freeIds } from '../support/free-ids.ts';
import { ScriptLab } from '../support/script-lab.ts';

const megabyte = 1_000_000;
let lab: ScriptLab;

// A VM without a disk or kernel, whose processor stands still: its console prints nothing.
beforeEach(async () => {
  const [id] = await freeIds(1);
  lab = new ScriptLab(aLab({ name: 'one', vms: [vm('fw', id, { memory: '16M', extra: ['-S'] })] }));
});

afterEach(() => lab.dispose());

const file = (name: string): string => path.join(lab.run, `fw.console.${name}`);
const marks = (name = 'marks') => parseMarks(readFileSync(file(name), 'utf8'));

async function startAndKill(): Promise<number> {
  await lab.script('fw.sh', 'start');
  const pid = lab.pid('fw.pid');
  await lab.script('fw.sh', 'kill');
  return pid;
}

test('each start leaves a mark beside the log: from which byte on, when, which process', async () => {
  const before = Math.floor(Date.now() / 1000) * 1000;
  const first = await startAndKill();
  writeFileSync(file('log'), 'printed\r\n', { flag: 'a' });

  const second = await startAndKill();

  expect(marks().map(({ offset, pid }) => [offset, pid])).toEqual([
    [0, first],
    [9, second],
  ]);
  expect(marks().every(({ at }) => at >= before && at <= Date.now())).toBe(true);
  expect(readFileSync(file('log'), 'utf8')).toBe('printed\r\n');
});

test('a log over ten megabytes is put aside at the next start, with its marks; three are kept', async () => {
  const contents = (): string[] =>
    ['log', 'log.1', 'log.2', 'log.3', 'log.4'].map(name =>
      existsSync(file(name)) ? readFileSync(file(name), 'utf8').slice(0, 1) : '-',
    );
  const seen: string[][] = [];
  for (const letter of ['a', 'b', 'c', 'd', 'e']) {
    await startAndKill();
    seen.push(contents());
    writeFileSync(file('log'), letter.repeat(10 * megabyte + 1));
  }

  expect(seen).toEqual([
    ['', '-', '-', '-', '-'],
    ['', 'a', '-', '-', '-'],
    ['', 'b', 'a', '-', '-'],
    ['', 'c', 'b', 'a', '-'],
    ['', 'd', 'c', 'b', '-'],
  ]);
  expect(['marks', 'marks.1', 'marks.2', 'marks.3'].map(name => marks(name).map(({ offset }) => offset))).toEqual([
    [0],
    [0],
    [0],
    [0],
  ]);
});

test('a log of ten megabytes stays, and goes on where it was', async () => {
  await startAndKill();
  writeFileSync(file('log'), 'x'.repeat(10 * megabyte));

  await startAndKill();

  expect([existsSync(file('log.1')), statSync(file('log')).size]).toEqual([false, 10 * megabyte]);
  expect(marks().map(({ offset }) => offset)).toEqual([0, 10 * megabyte]);
});

test('a start of what runs already leaves no mark', async () => {
  await lab.script('fw.sh', 'start');

  const again = await lab.script('fw.sh', 'start');

  expect([again.code, marks().length]).toEqual([3, 1]);
});
