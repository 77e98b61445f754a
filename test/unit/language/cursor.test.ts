import { describe, expect, test } from 'vitest';
import { cursorAt } from '../../../extension/language/cursor.ts';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import { atMark } from '../../support/language-facts.ts';

/** `key vms.fw "gu"`, with what else is worth saying; `nothing` where nothing can stand. */
function at(marked: string): string {
  const { text, offset } = atMark(marked);
  const cursor = cursorAt(text, readLoosely(text), offset);
  if (!cursor) return 'nothing';
  const { part, path, word, isFlow, lacks, mayBegin } = cursor;
  const flags = [isFlow ? 'flow' : '', mayBegin ? 'begins' : '', lacks === '' ? '' : `lacks "${lacks}"`];
  return [part, path.join('.'), JSON.stringify(word.text), ...flags].filter(one => one !== '').join(' ');
}

describe('a key', () => {
  test.each([
    ['name: a\n|', 'key "" begins'],
    ['vms:\n  fw:\n    id: 1\n    |\nwires: []', 'key vms.fw "" begins'],
    ['vms:\n  fw:\n    id: 1\n  |', 'key vms "" begins'],
    ['vms:\n  fw:\n    gu|\n    id: 1', 'key vms.fw "gu" begins'],
    ['vms:\n  fw:\n    |\n    id: 1', 'key vms.fw "" begins'],
    ['vms:\n  a: {}\n  |\n  b: {}', 'key vms "" begins'],
    ['vms:\n  fw|:\n    id: 1', 'key vms "fw" begins'],
    ['nics:\n  - switch: x\n    |', 'key nics.0 "" begins'],
    ['nics:\n- switch: x\n|', 'key "" begins'],
    ['a: { | }', 'key a "" flow'],
    ['a: { b: 1, c| }', 'key a "c" flow'],
    ['vms:\n  fw: { id: 3, gu|\n  web: {}', 'key vms.fw "gu" flow'],
  ])('%j', (text, expected) => {
    expect(at(text)).toBe(expected);
  });
});

describe('a value', () => {
  test.each([
    ['|', 'value "" begins'],
    ['na|', 'value "na" begins'],
    ['vms:\n  |', 'value vms "" begins'],
    ['vms:\n  f|', 'value vms "f" begins'],
    ['vms:|', 'value vms "" lacks " "'],
    ['a: |x', 'value a "x"'],
    ["a: '|'", 'value a ""'],
    ['nics:\n  - |', 'value nics.0 "" begins'],
    ['nics:\n  -|', 'value nics.0 "" begins lacks " "'],
    ['nics:\n  - a\n  |', 'value nics.1 "" lacks "- "'],
    ['nics:\n  - { switch: l|', 'value nics.0.switch "l" flow'],
    ['nics:\n  - { switch:| }', 'value nics.0.switch "" flow lacks " "'],
    ['nics:\n  - switch: |', 'value nics.0.switch ""'],
    ['nics:\n  - - switch: |\n', 'value nics.0.0.switch ""'],
    ['b: [x, |]', 'value b.1 "" flow'],
    ['b: [|]', 'value b.0 "" flow'],
    ['b: [x, y|', 'value b.1 "y" flow'],
    ['a: { b: [ { c: | } ] }', 'value a.b.0.c "" flow'],
  ])('%j', (text, expected) => {
    expect(at(text)).toBe(expected);
  });
});

describe('nothing', () => {
  test.each(['# |', 'a: b # c|', 'a: x |', '- a: x |', '- a |', 'a: >\n  te|xt', 'a: [x] |', 'a: { b: 1 }|x', 'ab |'])(
    '%j',
    text => {
      expect(at(text)).toBe('nothing');
    },
  );
});
