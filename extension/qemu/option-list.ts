/**
 * QEMU's `key=value,key=value` lists. A comma inside a value is doubled; the first word may stand without its key
 * (`impliedKey`); `flag` means `flag=on` and `noflag` means `flag=off` (qemu-options and util/qemu-option.c).
 * Of a key that stands twice, the last one counts, as QEMU has it.
 */
export function readOptionList(text: string, impliedKey: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [index, word] of splitAtCommas(text).entries()) {
    const equals = word.indexOf('=');
    if (equals > 0) options.set(word.slice(0, equals), word.slice(equals + 1));
    else if (index === 0) options.set(impliedKey, word);
    else if (word.startsWith('no')) options.set(word.slice(2), 'off');
    else options.set(word, 'on');
  }
  return options;
}

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
