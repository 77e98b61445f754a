import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, renderTable } from '../../../extension/cli/text-table.ts';

describe('a table', () => {
  test('is aligned, numbers to the right, with a dash where there is nothing', () => {
    const rows = [
      ['fw', 31, 'dmz'],
      ['größer', undefined, undefined],
      [undefined, 4711, 'x'],
    ];

    expect(renderTable(['NAME', 'ID', 'LAB'], rows)).toBe(
      'NAME      ID  LAB\n' + 'fw        31  dmz\n' + 'größer     -  -\n' + '-       4711  x\n',
    );
  });

  test('has a header even without rows', () => {
    expect(renderTable(['A', 'B'], [])).toBe('A  B\n');
  });

  test('has one line for each row, whatever the cells hold', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(undefined));

    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), rows => {
        expect(renderTable(['A', 'B'], rows).split('\n')).toHaveLength(rows.length + 2);
      }),
    );
  });
});

test('nothing that is printed can steer the terminal', () => {
  expect(printable('a\x1b[31mb\r\n\u009b0m\u202ec')).toBe('a�[31mb���0m�c');
});
