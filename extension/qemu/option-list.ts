/**
 * QEMU's `key=value,key=value` lists. A comma inside a value is doubled; the first word may stand without its key
 * (`impliedKey`); `flag` means `flag=on` and `noflag` means `flag=off` (qemu-options and util/qemu-option.c).
 * Of a key that stands twice, the last one counts, as QEMU has it.
 */
export const readOptionList = (text: string, impliedKey: string): ReadonlyMap<string, string> =>
  new Map(readOptionPairs(text, impliedKey));

/** The same with all values of keys that may stand several times, such as `hostfwd`. */
export function readOptionPairs(text: string, impliedKey: string): readonly (readonly [key: string, value: string])[] {
  return splitAtCommas(text).map((word, index) => {
    const equals = word.indexOf('=');
    if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
    if (index === 0) return [impliedKey, word];
    return word.startsWith('no') ? [word.slice(2), 'off'] : [word, 'on'];
  });
}

/** The text of such a list again. The implied key stands without its name. */
export const optionText = (pairs: Iterable<readonly [key: string, value: string]>, impliedKey = ''): string =>
  [...pairs]
    .map(([key, value], index) => `${index === 0 && key === impliedKey ? '' : `${key}=`}${value.replaceAll(',', ',,')}`)
    .join(',');

export const isOn = (value: string | undefined): boolean => value === 'on' || value === 'yes' || value === 'true';

function splitAtCommas(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char !== ',') word += char;
    else if (text.charAt(at + 1) === ',') {
      word += char;
      at += 1;
    } else {
      words.push(word);
      word = '';
    }
  }
  return [...words, word];
}
