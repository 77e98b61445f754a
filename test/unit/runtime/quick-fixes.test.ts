import { describe, expect, test } from 'vitest';
import { applyEdit } from '../../../extension/lab/edits/edit.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { quickFixes } from '../../../extension/runtime/views/quick-fixes.ts';

/** Every fix that is offered for a text, as title and resulting text. */
function fixesIn(text: string, usedIds: readonly number[] = []): readonly (readonly [string, string])[] {
  const { lab, problems } = readLab(text, { fileName: 'dmz.lab.yaml' });
  return problems
    .flatMap(problem => quickFixes(problem, text, lab, usedIds))
    .map(({ title, edit }) => [title, applyEdit(text, edit)] as const);
}

describe('quick fixes', () => {
  test('change the name of an unknown switch to the nearest one', () => {
    const text = 'switches:\n  lan: {}\nvms:\n  fw: { id: 1, nics: [{ switch: lam }] } # mine\n';

    expect(fixesIn(text)).toEqual([['Change to lan', text.replace('lam', 'lan')]]);
  });

  test('change an unknown key to the nearest one', () => {
    const text = 'vms:\n  fw:\n    id: 1\n    memroy: 512M\n';

    expect(fixesIn(text)).toEqual([['Change to memory', text.replace('memroy', 'memory')]]);
  });

  test('give a VM without an ID a free one, and leave the rest as it is', () => {
    const text = 'vms:\n  # the wall\n  fw:\n    cpus: 2 # enough\n';

    expect(fixesIn(text, [1, 2])).toEqual([
      ['Give fw the free ID 3', 'vms:\n  # the wall\n  fw:\n    id: 3\n    cpus: 2 # enough\n'],
    ]);
  });

  test('give one of two VMs with the same ID another one', () => {
    const text = 'vms:\n  a: { id: 7 }\n  b: { id: 7 }\n';

    const fixed = fixesIn(text, [7]).map(([title]) => title);

    expect(fixed).toContain('Give b the free ID 1');
  });

  test('are not offered where the nearest name is not known', () => {
    expect(fixesIn('switches: { lan: {} }\nvms:\n  fw: { id: 1, nics: [{ switch: completely-else }] }\n')).toEqual([]);
  });
});
