import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MatrixPort, VlanMatrix } from '../../../webview/protocol.ts';
import {
  baseOf,
  cellOf,
  nextKind,
  setCell,
  settled,
  wishesOf,
  withEdit,
  type CellKind,
  type PortEdit,
} from '../../../webview/vlans/edits.ts';
import { clamped, isSelected, moved, only } from '../../../webview/vlans/selection.ts';
import { cellFor, changedWords, driftWords, noteFor } from '../../../webview/vlans/words.ts';

const vlans = (untagged: number, ...tagged: readonly number[]) => ({ untagged, tagged });

const port = (number: number, parts: Partial<MatrixPort> = {}): MatrixPort => ({
  number,
  who: `vm${number} NIC 1`,
  state: 'plugged in',
  live: vlans(0),
  file: vlans(0),
  plug: `vm${number} NIC 1`,
  drift: [],
  ...parts,
});

const matrix = (...ports: readonly MatrixPort[]): VlanMatrix => ({
  target: { lab: '/l.lab.yaml', name: 'lan', socket: '' },
  news: undefined,
  isWaiting: false,
  canApply: true,
  canWrite: true,
  vlans: [10, 20],
  ports,
  drift: [],
});

describe('a cell that is changed', () => {
  test.each<[string, ReturnType<typeof vlans>, number, CellKind, ReturnType<typeof vlans>]>([
    ['to untagged takes the place of the one before', vlans(10, 20), 30, 'untagged', vlans(30, 20)],
    ['to untagged loses its tag', vlans(10, 20), 20, 'untagged', vlans(20)],
    ['to tagged is in order', vlans(0, 30), 10, 'tagged', vlans(0, 10, 30)],
    ['from untagged to tagged leaves no VLAN without a tag', vlans(10), 10, 'tagged', vlans(0, 10)],
    ['from untagged to none, too', vlans(10, 20), 10, 'none', vlans(0, 20)],
    ['from tagged to none', vlans(10, 20), 20, 'none', vlans(10)],
    ['to no VLAN', vlans(10, 20), 0, 'untagged', vlans(0, 20)],
    ['of no VLAN has no tag', vlans(10), 0, 'tagged', vlans(10)],
    ['of no VLAN stays while no other takes its place', vlans(0, 20), 0, 'none', vlans(0, 20)],
  ])('%s', (_, base, vlan, kind, then) => {
    expect(withEdit(base, setCell(base, undefined, vlan, kind))).toEqual(then);
  });

  test('goes round with Space, and is no change when it is back where it was', () => {
    const base = vlans(0, 20);
    let edit: PortEdit | undefined;
    const seen = [1, 2, 3].map(() => {
      edit = setCell(base, edit, 10, nextKind(cellOf(withEdit(base, edit), 10), 10));
      return withEdit(base, edit);
    });

    expect(seen).toEqual([vlans(10, 20), vlans(0, 10, 20), vlans(0, 20)]);
    expect(edit).toBeUndefined();
    expect(nextKind('none', 0)).toBe('untagged');
  });

  test('leaves every port with one untagged VLAN, which has no tag, and changes no other VLAN', () => {
    const some = fc.constantFrom(0, 10, 20, 30);
    const kinds = fc.constantFrom<CellKind>('none', 'untagged', 'tagged');
    fc.assert(
      fc.property(some, fc.uniqueArray(some), fc.array(fc.tuple(some, kinds)), (untagged, tags, steps) => {
        const base = vlans(untagged, ...tags.filter(vlan => vlan !== 0 && vlan !== untagged).sort((a, b) => a - b));
        let edit: PortEdit | undefined;
        for (const [vlan, kind] of steps) {
          const before = withEdit(base, edit);
          edit = setCell(base, edit, vlan, kind);
          const after = withEdit(base, edit);
          expect(after.tagged).not.toContain(after.untagged);
          expect(after.tagged).not.toContain(0);
          const others = [10, 20, 30].filter(one => one !== vlan && ![before, after].some(it => it.untagged === one));
          expect(others.map(one => cellOf(after, one))).toEqual(others.map(one => cellOf(before, one)));
        }
      }),
    );
  });
});

describe('edits', () => {
  const edits = { 1: { untagged: 10, tags: { 20: true } }, 2: { tags: { 20: false } } };

  test('start from what runs, else from what the file says', () => {
    const one = port(1, { live: undefined, file: vlans(7) });

    expect(baseOf(one, { ...matrix(), canApply: false })).toEqual(vlans(7));
    expect(baseOf(one, matrix())).toEqual(vlans(0));
    expect(baseOf(port(1, { live: vlans(5), file: vlans(7) }), matrix())).toEqual(vlans(5));
  });

  test('follow what somebody else changes meanwhile, and end when it is as wished', () => {
    const now = matrix(port(1, { live: vlans(10, 30) }), port(2, { live: vlans(5) }), port(3));

    expect(settled(edits, now)).toEqual({ 1: { tags: { 20: true } } });
    expect(wishesOf(settled(edits, now), now)).toEqual([
      { number: 1, plug: 'vm1 NIC 1', untagged: 10, tagged: [20, 30] },
    ]);
  });

  test('of a port that is gone are gone', () => {
    expect(settled(edits, matrix(port(3)))).toEqual({});
  });
});

describe('a matrix says in words', () => {
  const one = port(3, { live: vlans(10), file: vlans(10, 20), drift: ['somebody is not in the file'] });
  const all = matrix(one, port(4));
  const edits = { 3: { untagged: 30, tags: {} } };

  test('what a cell is, what it was, and what the lab file says', () => {
    expect(cellFor(one, 10, edits, all)).toEqual({
      kind: 'none',
      isChanged: true,
      file: undefined,
      label: 'port 3, vm3 NIC 1, VLAN 10: not in it; changed, is untagged',
    });
    expect(cellFor(one, 20, edits, all)).toMatchObject({ isChanged: false, file: 'tagged' });
    expect(cellFor(port(4), 0, {}, all).label).toBe('port 4, vm4 NIC 1, no VLAN: untagged');
  });

  test('what becomes of a port, and how it differs', () => {
    expect(noteFor(one, edits, all)).toEqual({
      change: 'untagged 10 → untagged 30',
      drift: 'lab file says untagged 10 · tagged 20; somebody is not in the file',
    });
    expect(noteFor({ ...one, plug: undefined }, edits, all).change).toContain('no place');
    expect(noteFor(port(4), {}, all)).toEqual({ change: '', drift: '' });
  });

  test('how many ports are changed, and all that differs', () => {
    expect([changedWords({}), changedWords(edits)]).toEqual(['', '1 port changed, not in force yet']);
    expect(driftWords({}, { ...all, drift: ['VLAN 30 is not in the file'] })).toBe(
      'Differs from the lab file: port 3; VLAN 30 is not in the file.',
    );
    expect(driftWords({}, matrix(port(4)))).toBe('');
  });
});

describe('cells are chosen', () => {
  const size = { rows: 20, columns: 4 };
  const start = only({ row: 5, column: 1 });
  const key = (name: string, parts: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
    moved(start, { key: name, shiftKey: false, ctrlKey: false, ...parts }, size)?.focus;

  test.each([
    ['ArrowUp', {}, 4, 1],
    ['ArrowLeft', {}, 5, 0],
    ['Home', {}, 5, 0],
    ['End', {}, 5, 3],
    ['Home', { ctrlKey: true }, 0, 0],
    ['End', { ctrlKey: true }, 19, 3],
    ['PageUp', {}, 0, 1],
    ['PageDown', {}, 15, 1],
  ])('%s %j goes to row %i, column %i', (name, parts, row, column) => {
    expect(key(name, parts)).toEqual({ row, column });
  });

  test('by no other key', () => {
    expect([key('a'), key('Tab'), key('u')]).toEqual([undefined, undefined, undefined]);
  });

  test('as a range with Shift, all with Ctrl+A, and one again with Escape', () => {
    const shift = (from: typeof start, name: string) =>
      moved(from, { key: name, shiftKey: true, ctrlKey: false }, size)!;
    const range = shift(shift(start, 'ArrowDown'), 'ArrowLeft');
    const chosen = [4, 5, 6, 7].map(row => [0, 1, 2].map(column => isSelected(range, { row, column })));
    const all = moved(start, { key: 'a', shiftKey: false, ctrlKey: true }, size)!;

    expect(chosen).toEqual([
      [false, false, false],
      [true, true, false],
      [true, true, false],
      [false, false, false],
    ]);
    expect(isSelected(all, { row: 19, column: 3 }) && isSelected(all, { row: 0, column: 0 })).toBe(true);
    expect(moved(range, { key: 'Escape', shiftKey: false, ctrlKey: false }, size)).toEqual(only(range.focus));
  });

  test('inside a grid that has shrunk', () => {
    expect(clamped(start, { rows: 2, columns: 1 })).toEqual(only({ row: 1, column: 0 }));
  });
});
