import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdit, assignId } from '../../../extension/lab/edits/edit.ts';
import { freeId, nextId, nextIdOf } from '../../../extension/lab/free-id.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { randomLab } from '../../support/lab-generator.ts';

const assigned = (text: string, vm = 'fw'): string | undefined => {
  const edit = assignId(text, vm, 31);
  return edit && applyEdit(text, edit);
};

describe('assignId', () => {
  test.each([
    [
      'a block map',
      'vms:\n  fw:\n    # how much\n    memory: 1G # much\n',
      'vms:\n  fw:\n    # how much\n    id: 31\n    memory: 1G # much\n',
    ],
    [
      'a block map of Windows',
      'vms:\r\n  fw:\r\n    memory: 1G\r\n',
      'vms:\r\n  fw:\r\n    id: 31\r\n    memory: 1G\r\n',
    ],
    ['a flow map', 'vms: { fw: { memory: 1G } }', 'vms: { fw: { id: 31, memory: 1G } }'],
    ['a tight flow map', 'vms: {fw: {memory: 1G}}', 'vms: {fw: {id: 31, memory: 1G}}'],
    ['an empty flow map', 'vms: { fw: {} }', 'vms: { fw: { id: 31 } }'],
    ['nothing but a name', 'vms:\n  fw: # soon\n  web:\n', 'vms:\n  fw: { id: 31 } # soon\n  web:\n'],
    ['a name at the end of the file', 'vms:\n  fw:', 'vms:\n  fw: { id: 31 }'],
    ['an ID that is there', 'vms:\n  fw:\n    id: 0 # wrong\n', 'vms:\n  fw:\n    id: 31 # wrong\n'],
    [
      'an ID without a value',
      'vms:\n  fw:\n    id: # soon\n    cpus: 1\n',
      'vms:\n  fw:\n    id: 31 # soon\n    cpus: 1\n',
    ],
    ['an ID in quotes', "vms: { fw: { id: 'x' } }", 'vms: { fw: { id: 31 } }'],
    ['a VM named by a number', 'vms:\n  7:\n    cpus: 1\n', undefined],
  ])('%s gets an ID, and nothing else changes', (_, text, expected) => {
    expect(assigned(text)).toBe(expected);
  });

  test.each([
    ['an unknown VM', 'vms: { web: {} }'],
    ['an alias', 'vms: { web: &w { id: 1 }, fw: *w }'],
    ['a list', 'vms: { fw: [] }'],
    ['a file without VMs', 'switches: {}'],
    ['no file at all', ''],
    ['absurd nesting', `{${'a: b c: '.repeat(20_000)}}`],
  ])('%s gets none', (_, text) => {
    expect(assigned(text)).toBeUndefined();
  });

  test('in any lab the edit changes the ID of that VM and nothing else', () => {
    fc.assert(
      fc.property(randomLab, fc.nat(), ({ text, vms }, choice) => {
        const vm = vms[choice % Math.max(vms.length, 1)];
        if (vm === undefined) return;
        const edit = assignId(text, vm, 9999)!;
        const withoutPlaces = (source: string): unknown =>
          JSON.parse(
            JSON.stringify(readLab(source).lab, (key, value: unknown) =>
              /span|^(id|mac)$/i.test(key) ? undefined : value,
            ),
          );

        const after = applyEdit(text, edit);

        expect(readLab(after).lab?.vms.find(({ name }) => name === vm)?.id).toBe(9999);
        expect(withoutPlaces(after)).toEqual(withoutPlaces(text));
      }),
    );
  });
});

describe('freeId', () => {
  test('is the lowest that nobody has', () => {
    expect([freeId([]), freeId([1, 2, 4]), freeId([2])]).toEqual([1, 3, 1]);
  });

  test('is none if all are taken', () => {
    expect(freeId(Array.from({ length: 9999 }, (_, at) => at + 1))).toBeUndefined();
  });
});

describe('nextId', () => {
  test('is behind those of the lab file, past what others have', () => {
    expect([nextId([31, 32], []), nextId([31, 32], [33, 34, 36]), nextId([31], [33], 3)]).toEqual([33, 35, 34]);
  });

  test('is the lowest free one where the file has none, or the last of all', () => {
    expect([nextId([], [1, 3]), nextId([9999, 1], [2]), nextId([12_000], [1])]).toEqual([2, 3, 2]);
  });

  test('passes by the IDs of an included file, which are not its own', () => {
    const included = [
      { name: 'common.yaml', path: '/common.yaml', text: 'vms: { dns: { id: 32 }, far: { id: 500 } }' },
    ];

    const { lab } = readLab('include: common.yaml\nvms: { fw: { id: 31 } }', { included });

    expect(nextIdOf(lab, [33])).toBe(34);
  });

  test('is none if all are taken', () => {
    expect(
      nextId(
        [9999],
        Array.from({ length: 9999 }, (_, at) => at + 1),
      ),
    ).toBeUndefined();
  });
});
