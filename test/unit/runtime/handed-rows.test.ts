import { beforeEach, describe, expect, test } from 'vitest';
import { HandedRows } from '../../../extension/runtime/views/handed-rows.ts';

describe('rows that a view holds', () => {
  let rows: HandedRows;
  const held = (): readonly string[] => ['lab', 'vms', 'fw', 'web', 'switches', 'lan'].filter(id => rows.has(id));

  beforeEach(() => {
    rows = new HandedRows();
    rows.hand(undefined, ['lab']);
    rows.hand('lab', ['vms', 'switches']);
    rows.hand('vms', ['fw', 'web']);
    rows.hand('switches', ['lan']);
  });

  test('are those that it was handed', () => {
    expect(held()).toEqual(['lab', 'vms', 'fw', 'web', 'switches', 'lan']);
    expect(rows.has('dmz')).toBe(false);
  });

  test('are no longer those inside a row that it draws anew, until it asks for them', () => {
    rows.redraw('lab');
    expect(held()).toEqual(['lab']);

    rows.hand('lab', ['vms', 'switches']);
    expect(held()).toEqual(['lab', 'vms', 'switches']);

    rows.hand('switches', ['lan']);
    expect(held()).toEqual(['lab', 'vms', 'switches', 'lan']);
  });

  test('stay beside a row that is drawn anew', () => {
    rows.redraw('vms');

    expect(held()).toEqual(['lab', 'vms', 'switches', 'lan']);
  });

  test('are none when all is drawn anew', () => {
    rows.redraw(undefined);

    expect(held()).toEqual([]);
  });

  test('go, with what is inside them, when they are no longer handed; what stays keeps its own', () => {
    rows.hand('lab', ['switches']);

    expect(held()).toEqual(['lab', 'switches', 'lan']);
  });

  test('are not lost where a row without rows is drawn anew', () => {
    rows.redraw('lan');

    expect(held()).toContain('lan');
  });
});
