import { describe, expect, test } from 'vitest';
import { actionOf } from '../../../webview/topology/keys.ts';
import { litThings } from '../../../webview/topology/marks.ts';
import { thingsFound } from '../../../webview/topology/search.ts';
import { chosen } from '../../../webview/topology/selection.ts';

const segments = [
  { vlan: 0, things: ['lan', 'fw', 'pc'] },
  { vlan: 10, things: ['lan', 'fw', 'web'] },
];
const none = new Set<string>();
const filters = { vlan: undefined, isReachShown: false, found: undefined };
const lit = (...args: Parameters<typeof litThings>) => {
  const things = litThings(...args);
  return things && [...things].sort();
};

describe('what is lit', () => {
  test('is all, as long as nobody filters', () => {
    expect(lit(filters, new Set(['pc']), segments)).toBeUndefined();
    expect(lit({ ...filters, isReachShown: true }, none, segments)).toBeUndefined();
  });

  test('is who is in the VLAN, who reaches the selected, what was found', () => {
    expect(lit({ ...filters, vlan: 10 }, none, segments)).toEqual(['fw', 'lan', 'web']);
    expect(lit({ ...filters, isReachShown: true }, new Set(['pc']), segments)).toEqual(['fw', 'lan', 'pc']);
    expect(lit({ ...filters, found: new Set(['web']) }, none, segments)).toEqual(['web']);
  });

  test('is what passes all filters together', () => {
    expect(lit({ vlan: 10, isReachShown: true, found: undefined }, new Set(['pc']), segments)).toEqual(['pc']);
    expect(lit({ vlan: 10, isReachShown: false, found: new Set(['pc', 'fw']) }, none, segments)).toEqual(['fw']);
  });
});

describe('a search', () => {
  const facts = {
    fw: { title: 'fw', spoken: 'fw, VM, running', lines: ['10.1.0.1/24'], menu: undefined },
    web: { title: 'web', spoken: 'web, VM, stopped', lines: ['10.1.0.80/24'], menu: undefined },
  };

  test('finds by all words, in any order and case, and nothing is no search', () => {
    expect(thingsFound('VM 10.1.0.8', facts)).toEqual(['web']);
    expect(thingsFound('vm', facts)).toEqual(['fw', 'web']);
    expect(thingsFound('nobody', facts)).toEqual([]);
    expect(thingsFound('  ', facts)).toBeUndefined();
  });
});

test('a click chooses one thing; with Ctrl it adds and takes away', () => {
  const one = chosen(none, 'fw', false);
  const two = chosen(one, 'web', true);

  expect([[...one], [...two], [...chosen(two, 'fw', true)]]).toEqual([['fw'], ['fw', 'web'], ['web']]);
  expect([[...chosen(two, undefined, false)], [...chosen(two, undefined, true)]]).toEqual([[], ['fw', 'web']]);
});

describe('keys', () => {
  const key = (name: string, more = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });

  test('walk from the thing that has the focus, and move the picture otherwise', () => {
    expect(actionOf(key('ArrowLeft'), true)).toEqual({ kind: 'walk', direction: 'left', isAdding: false });
    expect(actionOf(key('ArrowLeft'), false)).toEqual({ kind: 'pan', dx: 80, dy: 0 });
    expect(actionOf(key('ArrowLeft', { ctrlKey: true }), true)).toEqual({ kind: 'pan', dx: 80, dy: 0 });
  });

  test('are the same with Caps Lock', () => {
    const [ctrlKey, shiftKey] = [true, true];

    const pressed = [key('z', { ctrlKey }), key('Z', { ctrlKey }), key('z', { ctrlKey, shiftKey }), key('P')];
    expect(pressed.map(one => actionOf(one, true))).toEqual(
      ['undo', 'undo', 'redo', 'pin'].map(order => ({ kind: 'order', order })),
    );
  });

  test('zoom, fit and find, and leave to VS Code what is not ours', () => {
    expect(['+', '-', '0'].map(name => actionOf(key(name), true)?.kind)).toEqual(['zoom', 'zoom', 'fit']);
    expect(actionOf(key('f', { ctrlKey: true }), true)).toEqual({ kind: 'find' });
    expect(
      [key('p', { ctrlKey: true }), key('0', { ctrlKey: true }), key('Tab'), key('F1')].map(one => actionOf(one, true)),
    ).toEqual(Array(4).fill(undefined));
  });
});
