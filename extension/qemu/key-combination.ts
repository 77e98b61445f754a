import { UserError } from '../base/user-error.ts';

/** Combinations worth a line of a pick list: what a host keeps for itself, or what guests understand specially. */
export const usualCombinations: readonly { readonly keys: string; readonly use: string }[] = [
  { keys: 'ctrl-alt-delete', use: 'restart Linux, log in to Windows' },
  ...[1, 2, 3, 4, 5, 6, 7].map(number => ({ keys: `ctrl-alt-f${number}`, use: `virtual terminal ${number}` })),
  { keys: 'ctrl-alt-backspace', use: 'end the X server' },
  { keys: 'alt-f4', use: 'close the window' },
  { keys: 'alt-tab', use: 'next window' },
  { keys: 'meta_l', use: 'the Windows or Super key' },
  { keys: 'alt-sysrq-h', use: 'Magic SysRq: help' },
  { keys: 'alt-sysrq-s', use: 'Magic SysRq: write all disks' },
  { keys: 'alt-sysrq-b', use: 'Magic SysRq: restart at once' },
  { keys: 'print', use: 'Print Screen' },
  { keys: 'esc', use: 'Escape' },
  { keys: 'ret', use: 'Enter' },
];

/**
 * `ctrl-alt-delete`, `Ctrl+Alt+Del`, `a` → QEMU's names of keys (QKeyCode, qapi/ui.json), in the order in which they are
 * pressed. Throws a UserError that names what is no key.
 */
export function parseKeys(text: string): readonly string[] {
  const words = text
    .trim()
    .toLowerCase()
    .split(/\s*[-+]\s*|\s+/);
  if (words.includes('')) throw new UserError(`"${text}" is no key combination. Write it as in ctrl-alt-delete.`);
  const keys = words.map(word => keyOf(word));
  if (keys.length > mostKeys)
    throw new UserError(`${keys.length} keys at once are too many: a guest takes ${mostKeys}.`);
  return keys;
}

/** More never reach a guest at once, and QEMU's queue for keys holds 1024 events. */
const mostKeys = 8;

/** As people write it: `Ctrl+Alt+Delete`. */
export const keyWords = (keys: readonly string[]): string =>
  keys.map(key => (shownAs[key] ?? key).replace(/^./, first => first.toUpperCase())).join('+');

const shownAs: Readonly<Record<string, string>> = { ret: 'Enter', spc: 'Space', meta_l: 'Super', sysrq: 'SysRq' };

function keyOf(word: string): string {
  const key = others[word] ?? word;
  if (allKeys.has(key)) return key;
  throw new UserError(
    `There is no key "${word}". Keys have QEMU's names: a to z, 0 to 9, f1 to f12, ctrl, alt, shift, meta_l, ret, esc, tab, ` +
      'delete, backspace, spc, up, down, left, right, home, end, pgup, pgdn, minus, dot, slash and so on.',
  );
}

/** What else people call them. */
const others: Readonly<Record<string, string>> = {
  control: 'ctrl',
  strg: 'ctrl',
  del: 'delete',
  entf: 'delete',
  ins: 'insert',
  escape: 'esc',
  enter: 'ret',
  return: 'ret',
  space: 'spc',
  bksp: 'backspace',
  win: 'meta_l',
  windows: 'meta_l',
  super: 'meta_l',
  meta: 'meta_l',
  cmd: 'meta_l',
  altgr: 'alt_r',
  pageup: 'pgup',
  pagedown: 'pgdn',
  printscreen: 'print',
  prtsc: 'print',
  period: 'dot',
  capslock: 'caps_lock',
  numlock: 'num_lock',
};

/** Every key that can be sent. */
export const allKeys: ReadonlySet<string> = new Set([
  ...Array.from({ length: 12 }, (_, at) => `f${at + 1}`),
  ...(
    'a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 shift shift_r alt alt_r ctrl ctrl_r menu esc minus equal backspace tab bracket_left bracket_right ret semicolon ' +
    'apostrophe grave_accent backslash comma dot slash asterisk spc caps_lock num_lock scroll_lock kp_divide kp_multiply ' +
    'kp_subtract kp_add kp_enter kp_decimal sysrq kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9 less print home pgup ' +
    'pgdn end left up down right insert delete stop again props undo front copy open paste find cut lf help meta_l meta_r ' +
    'compose pause ro hiragana henkan yen muhenkan katakanahiragana kp_comma kp_equals power sleep wake audionext ' +
    'audioprev audiostop audioplay audiomute volumeup volumedown mediaselect mail calculator computer'
  ).split(' '),
]);
