import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { allKeys, keyWords, parseKeys, usualCombinations } from '../../../extension/qemu/key-combination.ts';

describe('a key combination', () => {
  test.each([
    ['ctrl-alt-delete', ['ctrl', 'alt', 'delete']],
    ['Ctrl+Alt+Del', ['ctrl', 'alt', 'delete']],
    [' CTRL - ALT - F1 ', ['ctrl', 'alt', 'f1']],
    ['strg alt entf', ['ctrl', 'alt', 'delete']],
    ['a', ['a']],
    ['Enter', ['ret']],
    ['win+r', ['meta_l', 'r']],
  ])('%j is %j', (text, keys) => {
    expect(parseKeys(text)).toEqual(keys);
  });

  test.each(['', '-', 'ctrl--a', 'ctrl-'])('%j is none, and says how to write one', text => {
    expect(() => parseKeys(text)).toThrow('Write it as in ctrl-alt-delete.');
  });

  test('names the word that is no key', () => {
    expect(() => parseKeys('ctrl-alt-delet')).toThrow('There is no key "delet".');
  });

  test('has an end', () => {
    expect(() => parseKeys('a-b-c-d-e-f-g-h-i')).toThrow('too many');
  });

  test('is keys that QEMU knows, or a UserError, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        try {
          expect(parseKeys(text).every(key => allKeys.has(key))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });

  test('is shown as people write it, for each that is offered', () => {
    const shown = usualCombinations.map(({ keys }) => keyWords(parseKeys(keys)));

    expect(shown[0]).toBe('Ctrl+Alt+Delete');
    expect(shown).toContain('Ctrl+Alt+F1');
    expect(shown).toContain('Alt+SysRq+H');
    expect(new Set(shown).size).toBe(shown.length);
  });
});
