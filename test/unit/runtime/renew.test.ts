import { beforeEach, expect, test } from 'vitest';
import { handMarks } from '../../../extension/runtime/renew/hand-marks.ts';
import { planRenewal } from '../../../extension/runtime/renew/renew-plan.ts';
import { lineWords, scriptWords } from '../../../extension/runtime/renew/renew-words.ts';
import { restartNeeds, restartWords } from '../../../extension/runtime/renew/restart-needs.ts';
import { writeScripts } from '../../../extension/runtime/script-writer.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { lab as aLab, networkSwitch as aSwitch, nic as aNic, vm as aVm } from '../../support/lab-builder.ts';

const path = '/x/dmz.lab.yaml';
const nics = [aNic(1, 'lan', { port: 2 })];
const lab = aLab({ name: 'dmz', switches: [aSwitch('lan')], vms: [aVm('fw', 31, { nics }), aVm('pc', 32)] });
const changed = aLab({
  name: 'dmz',
  switches: [aSwitch('lan', { ports: 64 })],
  vms: [aVm('fw', 31, { memory: '1G', cpus: 2, nics: [aNic(1, 'lan', { port: 3 })] })],
});

let files: FakeFiles;
beforeEach(async () => {
  files = new FakeFiles();
  await writeScripts(files, path, lab);
});

const edit = (name: string, from: string | RegExp, to: string): void => {
  const text = files.held.get(`/x/dmz/${name}`) ?? '';
  files.held.set(`/x/dmz/${name}`, text.replace(from, to));
};

test('what runs learns the most at its next start, but NICs are plugged over while it runs', async () => {
  const plan = await planRenewal(files, path, changed);

  const needs = restartNeeds(plan, ({ name }) => (name === 'fw' ? { kind: 'running', pid: 7 } : { kind: 'stopped' }));

  expect(restartWords(needs)).toBe('fw runs: RAM and CPUS count after its next start.');
});

test('scripts of what left the lab are gone, those of strangers are not', async () => {
  files.held.set('/x/dmz/mine.sh', 'echo mine\n');
  edit('pc.sh', 'CPUS=1', 'CPUS=2');

  const { gone } = await planRenewal(files, path, changed);

  expect(gone).toEqual([{ name: 'pc.sh', path: '/x/dmz/pc.sh', isEdited: true }]);
});

test('rows are marked whose scripts were edited by hand', async () => {
  edit('fw.sh', 'CPUS=1', 'CPUS=3');
  edit('fw.sh', 'cpu=max', 'cpu=qemu64');
  edit('switch-lan.sh', 'PORTS=31', 'PORTS=32');
  edit('lab.sh', 'done=0', 'done=0 # mine');

  const marks = await handMarks(files, path, lab);

  expect([...marks.keys()].sort()).toEqual(['lab/dmz', 'switch/lan', 'vm/fw']);
  expect(marks.get('vm/fw')).toMatch(/^CPUS, line \d+$/);
  expect(marks.get('switch/lan')).toBe('PORTS');
});

test('a lab without scripts has no marks', async () => {
  expect(await handMarks(new FakeFiles(), path, lab)).toEqual(new Map());
});

test('an undecided clash is not told as decided', async () => {
  edit('fw.sh', 'RAM=256M', 'RAM=2G');
  const { scripts } = await planRenewal(files, path, changed);
  const script = scripts.find(({ name }) => name === 'fw.sh');
  if (!script) throw new Error('there is no fw.sh');

  expect(scriptWords(script, false)).toBe('fw.sh: CPUS 1 → 2, NIC1_PORT 2 → 3');
  expect(scriptWords(script, true)).toBe('fw.sh: CPUS 1 → 2, NIC1_PORT 2 → 3; your change stays: RAM 1G → 2G');
});

test('a script of which all is undecided is not told as written', async () => {
  edit('fw.sh', 'cpu=max', 'cpu=qemu64');
  const { scripts } = await planRenewal(files, '/x/other.lab.yaml', lab);
  const script = scripts.find(({ name }) => name === 'fw.sh');
  if (!script) throw new Error('there is no fw.sh');

  expect(script.renewal).toMatchObject({ kind: 'changed', clashes: [{ kind: 'code' }] });
  expect(scriptWords(script, false)).toBeUndefined();
  expect(scriptWords(script, true)).toBe('fw.sh: written anew');
});

test.each([
  [{ changed: [7, 40, 41, 42], removedBefore: [] }, 'lines 7, 40–42'],
  [{ changed: [], removedBefore: [9] }, 'what was before line 9'],
  [{ changed: [1], removedBefore: [9] }, 'line 1 and what was before line 9'],
  [undefined, 'lines that cannot be told'],
])('%j in words: %s', (edits, words) => {
  expect(lineWords(edits)).toBe(words);
});
