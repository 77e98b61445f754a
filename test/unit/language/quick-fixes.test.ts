import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import { checkFiles } from '../../../extension/lab/files.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { fixAll, quickFixes, type FixedFile } from '../../../extension/language/quick-fixes.ts';

function fileOf(text: string, usedIds: readonly number[] = []): FixedFile {
  const { lab, problems } = readLab(text, { fileName: 'dmz.lab.yaml' });
  const missing = lab ? checkFiles(lab, () => false) : [];
  return { text, lab, problems: [...problems, ...missing], usedIds };
}

/** Every fix that is offered for a text, as title and resulting text. */
function fixesIn(text: string, usedIds: readonly number[] = []): readonly (readonly [string, string])[] {
  const file = fileOf(text, usedIds);
  return file.problems
    .flatMap(problem => quickFixes(problem, file))
    .map(({ title, edits }) => [title, applyEdits(text, edits)] as const);
}

describe('quick fixes', () => {
  test('change the name of an unknown switch to the nearest one, or add it', () => {
    const text = 'switches:\n  lan: {}\nvms:\n  fw: { id: 1, nics: [{ switch: lam }] } # mine\n';

    expect(fixesIn(text)).toEqual([
      ['Change to lan', text.replace('lam', 'lan')],
      ['Add a switch lam with a free network', text.replace('lan: {}', 'lan: {}\n  lam: { network: 192.168.1.0/24 }')],
    ]);
  });

  test('change an unknown key to the nearest one', () => {
    const text = 'vms:\n  fw:\n    id: 1\n    memroy: 512M\n';

    expect(fixesIn(text)).toEqual([['Change to memory', text.replace('memroy', 'memory')]]);
  });

  test('give a row as many free IDs as it has VMs, in its one entry, but no address that only one could have', () => {
    const text = `switches: { lan: { network: 10.0.0.0/24 } }
vms:
  fw: { id: 3, nics: [{ switch: lan, address: 10.0.0.2/24 }] }
  web: { id: 2, count: 3, nics: [{ switch: lan, address: 10.0.0.1/24 }] }
`;

    expect(fixesIn(text, [2, 3, 4, 8])).toEqual([
      ['Give row web the free IDs from 5 on', text.replace('id: 2', 'id: 5')],
    ]);
  });

  test('give a VM without an ID a free one, and leave the rest as it is', () => {
    const text = 'vms:\n  # the wall\n  fw:\n    cpus: 2 # enough\n';

    expect(fixesIn(text, [1, 2])).toEqual([
      ['Give fw the free ID 3', 'vms:\n  # the wall\n  fw:\n    id: 3\n    cpus: 2 # enough\n'],
    ]);
  });

  test('give one of two VMs with the same ID another one', () => {
    expect(fixesIn('vms:\n  a: { id: 7 }\n  b: { id: 7 }\n', [7]).map(([title]) => title)).toContain(
      'Give b the free ID 8',
    );
  });

  test('take the next free address for one that is there twice or outside', () => {
    const lab = (address: string) =>
      `switches:\n  lan: { network: 10.1.0.0/24 }\nvms:\n  a: { id: 1, nics: [{ switch: lan, address: 10.1.0.1/24 }] }\n  b: { id: 2, nics: [{ switch: lan, address: ${address} }] }\n`;
    const free = ['Change to 10.1.0.2/24, the next free address of lan', lab('10.1.0.2/24')];

    expect(fixesIn(lab('10.1.0.1/24'))).toEqual([free]);
    expect(fixesIn(lab('10.9.0.1/24'))).toEqual([free]);
    expect(fixesIn(lab('10.1.0.7/16'))).toEqual([['Change to 10.1.0.7/24', lab('10.1.0.7/24')], free]);
  });

  test('have a missing disk made, unless it is no plain path', () => {
    const text = 'vms:\n  a:\n    id: 1\n    disks:\n      - images/a.qcow2 # big\n';

    expect(fixesIn(text)).toEqual([
      [
        'Give it a size (4G), so that it is made before the first start',
        text.replace('images/a.qcow2', '{ file: images/a.qcow2, size: 4G }'),
      ],
    ]);
    expect(fixesIn('vms:\n  a: { id: 1, disks: [{ file: a.qcow2 }] }\n')).toEqual([]);
    expect(fixesIn('vms:\n  a: { id: 1, cdrom: a.iso }\n')).toEqual([]);
  });

  test('are not offered where nothing sensible is known', () => {
    expect(fixesIn('vms:\n  fw: { id: 1, colour: 3 }\n')).toEqual([]);
  });
});

describe('all at once', () => {
  test('IDs become different ones, and names the nearest ones', () => {
    const text =
      'switches: { lan: {} }\nvms:\n  a: { cpus: 1 }\n  b: { id: 7 }\n  c: { id: 7, nics: [{ switch: lam }] }\n';
    const fix = fixAll(fileOf(text, [1, 7]));

    const fixed = applyEdits(text, fix?.edits ?? []);

    expect(fix?.title).toBe('Fix all 3 with free IDs and nearest names');
    expect(fixed).toBe(
      'switches: { lan: {} }\nvms:\n  a: { id: 8, cpus: 1 }\n  b: { id: 7 }\n  c: { id: 9, nics: [{ switch: lan }] }\n',
    );
    expect(readLab(fixed).problems).toEqual([]);
  });

  test('is not offered for one problem', () => {
    expect(fixAll(fileOf('vms:\n  a: { cpus: 1 }\n'))).toBeUndefined();
  });
});
