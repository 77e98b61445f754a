import { expect, test } from 'vitest';
import type { Vm } from '../../../extension/lab/model.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { renewScript } from '../../../extension/script/renew/renew-script.ts';
import { lab as aLab, networkSwitch as aSwitch, nic as aNic, vm as aVm } from '../../support/lab-builder.ts';
import { cutScript } from '../../support/script-edits.ts';

const script = (parts: Partial<Vm> = {}): string =>
  renderLab(aLab({ name: 'dmz', switches: [aSwitch('lan')], vms: [aVm('fw', 31, parts)] }), {
    source: 'dmz.lab.yaml',
    base: '..',
  }).find(({ name }) => name === 'fw.sh')?.text ?? '';

const then = script({ nics: [aNic(1, 'lan')] });
const edit = (from: string | RegExp, to: string, text = then): string => {
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  return edited;
};
const settingsOf = (text: string): string => cutScript(text)[1];

test('what the user changed and what the lab file changed are both there afterwards', () => {
  const mine = edit('CPUS=1', "CPUS='4' # builds kernels");

  const renewed = renewScript(mine, script({ nics: [aNic(1, 'lan')], memory: '1G' }));

  expect(renewed).toMatchObject({
    kind: 'changed',
    clashes: [],
    taken: [{ name: 'RAM', from: '256M', to: '1G' }],
    kept: [{ name: 'CPUS', from: '1', to: "'4'" }],
  });
  expect(settingsOf(renewed.text)).toContain("\nRAM=1G\nCPUS='4' # builds kernels\n");
});

test('a setting that both changed is a clash, and stays as the user has it unless others depend on it', () => {
  const mine = edit('NIC1_PORT=1', 'NIC1_PORT=7', edit('RAM=256M', 'RAM=2G'));
  const lab = script({ nics: [aNic(1, 'lan', { port: 3 })], memory: '1G' });

  const renewed = renewScript(mine, lab);

  expect(renewed.clashes).toMatchObject([
    { kind: 'setting', name: 'RAM', then: '256M', mine: '2G', lab: '1G', suggestion: 'mine' },
    { kind: 'setting', name: 'NIC1_PORT', then: '1', mine: '7', lab: '3', suggestion: 'lab' },
  ]);
  expect(settingsOf(renewed.text)).toMatch(/RAM=2G\n[^]*NIC1_PORT=3\n/);
});

test('own lines stay as they are; what is new goes in front of those that are not understood', () => {
  const [first, second] = ['# mine\nSPEED=$(($RANDOM % 7))\n', 'if [[ -e /x ]]; then\n  RAM=2G\nfi\n'];
  const mine = edit('BOOT=', `${first}${second}BOOT=`);
  const lab = script({ nics: [aNic(1, 'lan'), aNic(2, 'lan')] });

  const renewed = renewScript(mine, lab);

  const added = /^NIC2[^]*(?=^EXTRA)/m.exec(settingsOf(lab))?.[0] ?? '';
  expect(settingsOf(renewed.text)).toBe(settingsOf(mine).replace(second, () => added + second));
  expect(renewed.notUnderstood.map(({ text }) => text)).toEqual(['if [[ -e /x ]]; then', 'fi']);
});

test('a new NIC gets its variables behind those of the last one, and the comment of an address is renewed', () => {
  const lab = script({ nics: [aNic(1, 'lan', { addresses: ['10.0.0.1/24'] }), aNic(2, 'lan', { port: 2 })] });

  const renewed = renewScript(edit('CPUS=1', 'CPUS=4'), lab);

  expect(settingsOf(renewed.text)).toBe(settingsOf(lab).replace('CPUS=1', 'CPUS=4'));
});

test('variables of a NIC that left the lab file go; one that was edited is a clash', () => {
  const renewed = renewScript(edit(/NIC1_MODEL=.*/, 'NIC1_MODEL=e1000 # old guest'), script());

  expect(settingsOf(renewed.text)).not.toMatch(/^NIC1/m);
  expect(renewed.clashes).toMatchObject([{ name: 'NIC1_MODEL', lab: undefined, suggestion: 'lab' }]);
  expect(settingsOf(renewed.text)).toContain('\n# old guest\n');
});

test('an edited line outside the settings stays while what is generated there stays', () => {
  const mine = edit('set -u\n', 'set -u\nulimit -n 99\n');

  const renewed = renewScript(mine, script({ nics: [aNic(1, 'lan')], memory: '1G' }));

  expect(renewed).toMatchObject({ kind: 'changed', clashes: [], keptCode: { changed: [7], removedBefore: [] } });
  expect(renewed.text).toContain('set -u\nulimit -n 99\n');
  expect(settingsOf(renewed.text)).toContain('RAM=1G\n');
});

test('an edited line outside the settings is a clash that names it, when something else is generated there', () => {
  const mine = edit('cpu=max\n', 'cpu=Nehalem\n');
  const line = mine.split('\n').indexOf('cpu=Nehalem') + 1;

  const kept = renewScript(mine, script(), () => 'mine');
  const replaced = renewScript(mine, script(), () => 'lab');

  expect(kept.clashes).toMatchObject([{ kind: 'code', edits: { changed: [line], removedBefore: [] } }]);
  expect(kept.text).toContain('cpu=Nehalem\n');
  expect(settingsOf(kept.text)).toMatch(/^NIC1=/m);
  expect(replaced.text).toBe(script());
  expect(renewScript(kept.text, script()).clashes).toEqual([]);
});

test('a script without its record says so: every difference is a clash, and its settings stay', () => {
  const old = edit(/\n# --- as generated[^]*$/, '', edit('RAM=256M', 'RAM=2G'));

  const renewed = renewScript(old, script({ nics: [aNic(1, 'lan')], cpus: 2 }));

  expect(
    renewed.clashes.map(clash => (clash.kind === 'setting' ? [clash.name, clash.suggestion] : clash.kind)),
  ).toEqual([
    ['RAM', 'mine'],
    ['CPUS', 'mine'],
  ]);
});

test('a settings block without an end is left alone as a whole', () => {
  const renewed = renewScript(edit('RAM=256M', "RAM='256M"), script({ memory: '1G' }), () => 'mine');

  expect(renewed.clashes).toMatchObject([{ kind: 'code', edits: undefined }]);
  expect(renewed.text).toContain("RAM='256M\n");
});

test('blank lines behind the record are no edit', () => {
  expect(renewScript(`${edit('CPUS=1', 'CPUS=2')}\n\n`, script({ nics: [aNic(1, 'lan')] })).keptCode).toBeUndefined();
});

test('a file that we did not make is foreign', () => {
  expect(renewScript('#!/bin/sh\necho mine\n', then).kind).toBe('foreign');
});
