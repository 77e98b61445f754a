/** What keys send on a serial line, as a VT100 and xterm do. */
const named: Readonly<Record<string, readonly number[]>> = {
  enter: [0x0d],
  tab: [0x09],
  esc: [0x1b],
  space: [0x20],
  backspace: [0x7f],
  delete: sequence('[3~'),
  insert: sequence('[2~'),
  up: sequence('[A'),
  down: sequence('[B'),
  right: sequence('[C'),
  left: sequence('[D'),
  home: sequence('[H'),
  end: sequence('[F'),
  pgup: sequence('[5~'),
  pgdn: sequence('[6~'),
  ...Object.fromEntries(['P', 'Q', 'R', 'S'].map((letter, at) => [`f${at + 1}`, sequence(`O${letter}`)])),
  ...Object.fromEntries([15, 17, 18, 19, 20, 21, 23, 24].map((code, at) => [`f${at + 5}`, sequence(`[${code}~`)])),
};

/** A break condition on the line, which is no byte. */
export const breakKey = 'break';

export const keyNames: readonly string[] = [...Object.keys(named), breakKey];

/** Bytes of `enter`, `f2`, `ctrl-c`, `alt-x` or one character. Undefined: there is no such key. Of `break`: none. */
export function keyBytes(key: string): Uint8Array | undefined {
  if (key === breakKey) return new Uint8Array();
  const own = Object.hasOwn(named, key) ? named[key] : undefined;
  if (own) return Uint8Array.from(own);
  if (/^[!-~]$/.test(key)) return Uint8Array.of(key.charCodeAt(0));
  const [, alt] = /^alt-(.+)$/.exec(key) ?? [];
  const after = alt === undefined || alt === breakKey ? undefined : keyBytes(alt);
  if (after) return Uint8Array.of(0x1b, ...after);
  const [, control] = /^ctrl-([a-z@[\\\]^_])$/.exec(key) ?? [];
  return control === undefined ? undefined : Uint8Array.of(control.toUpperCase().charCodeAt(0) & 0x1f);
}

function sequence(text: string): readonly number[] {
  return [0x1b, ...Array.from(text, character => character.charCodeAt(0))];
}
