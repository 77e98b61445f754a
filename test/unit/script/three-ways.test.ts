import { expect, test } from 'vitest';
import type { Vm } from '../../../extension/lab/model.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { threeWays } from '../../../extension/script/renew/three-ways.ts';
import { originOf } from '../../../extension/script/script-file.ts';
import { lab as aLab, networkSwitch as aSwitch, nic as aNic, vm as aVm } from '../../support/lab-builder.ts';
import { difference } from '../../support/edited-lab.ts';

const script = (parts: Partial<Vm> = {}, source = 'dmz.lab.yaml'): string =>
  renderLab(
    aLab({ name: 'dmz', switches: [aSwitch('lan')], vms: [aVm('fw', 31, { nics: [aNic(1, 'lan')], ...parts })] }),
    { source, base: '..' },
  ).find(({ name }) => name === 'fw.sh')?.text ?? '';

const edit = (text: string, from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

/** What each side makes of the base. */
const changes = (existing: string, generated: string) => {
  const { base, mine, lab, suggested } = threeWays(existing, generated);
  return { mine: difference(base, mine), lab: difference(base, lab), suggested: difference(base, suggested) };
};

test('only what clashes differs: a clean change and a clean hand edit are in all of the texts', () => {
  const mine = edit(edit(script(), 'RAM=256M', 'RAM=2G'), 'CPUS=1', 'CPUS=4 # mine');
  const lab = script({ memory: '1G', vnc: true });

  expect(changes(mine, lab)).toEqual({
    mine: ['-RAM=256M', '+RAM=2G'],
    lab: ['-RAM=256M', '+RAM=1G'],
    suggested: ['-RAM=256M', '+RAM=2G'],
  });
  const { base } = threeWays(mine, lab);
  expect(base).toMatch(/\nCPUS=4 # mine\n[^]*\nVNC='yes'\n/);
  expect(base.slice(base.lastIndexOf('\n# --- as generated'))).toBe(lab.slice(lab.lastIndexOf('\n# --- as generated')));
});

test('code that was edited and is to be generated differently has the lines that were generated as its base', () => {
  const mine = edit(script(), 'cpu=max\n', 'cpu=qemu64\n');
  const lab = script({}, 'other.lab.yaml');

  expect(changes(mine, lab)).toEqual({
    mine: ['-cpu=max', '+cpu=qemu64'],
    lab: [expect.stringMatching(/^-# Made by .* dmz\.lab/), expect.stringMatching(/^\+# Made by .* other\.lab/)],
    suggested: [expect.stringContaining('dmz.lab'), expect.stringContaining('other.lab')],
  });
});

test('a setting that was not there before is in neither base nor record, and what is taken counts as renewed', () => {
  const mine = edit(script(), 'CDROM=', 'DISK1=mine.img\nCDROM=');
  const lab = script({ disks: [{ file: 'lab.img', format: 'raw', size: undefined }] });
  const ways = threeWays(mine, lab);

  expect(ways.base).not.toMatch(/^DISK1=/m);
  expect(ways.mine).toMatch(/^DISK1=mine.img$/m);
  expect(ways.lab).toMatch(/^DISK1='lab.img'$/m);
  expect(originOf(ways.lab).kind).toBe('untouched');
});

test('a script that does not tell what was generated has a base all the same', () => {
  const bare = script().replace(/\n# --- as generated[^]*/, '');
  const mine = edit(bare, 'RAM=256M', 'RAM=2G');

  expect(changes(mine, script({ memory: '1G' }))).toMatchObject({ mine: ['+RAM=2G'], lab: ['+RAM=1G'] });
});
