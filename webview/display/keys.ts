/** A key as VNC names it: what it means (X11's keysymdef.h) and where it lies on the keyboard (`KeyboardEvent.code`). */
export interface Key {
  readonly keysym: number;
  readonly code: string;
}

const control: Key = { keysym: 0xffe3, code: 'ControlLeft' };
const alt: Key = { keysym: 0xffe9, code: 'AltLeft' };
export const shift: Key = { keysym: 0xffe1, code: 'ShiftLeft' };
const functionKey = (number: number): Key => ({ keysym: 0xffbd + number, code: `F${number}` });

/** Keys that are pressed one after another and let go in reverse order. */
export interface Chord {
  readonly label: string;
  readonly keys: readonly Key[];
}

export const ctrlAltDel: Chord = { label: 'Ctrl+Alt+Del', keys: [control, alt, { keysym: 0xffff, code: 'Delete' }] };

/** What VS Code, the browser or the desktop would keep for itself. */
export const otherChords: readonly Chord[] = [
  { label: 'Esc', keys: [{ keysym: 0xff1b, code: 'Escape' }] },
  { label: 'Tab', keys: [{ keysym: 0xff09, code: 'Tab' }] },
  { label: 'Windows / Super', keys: [{ keysym: 0xffeb, code: 'MetaLeft' }] },
  { label: 'Print Screen', keys: [{ keysym: 0xff61, code: 'PrintScreen' }] },
  { label: 'Alt+Tab', keys: [alt, { keysym: 0xff09, code: 'Tab' }] },
  { label: 'Alt+F4', keys: [alt, functionKey(4)] },
  { label: 'Ctrl+Esc', keys: [control, { keysym: 0xff1b, code: 'Escape' }] },
  { label: 'Ctrl+Alt+Backspace', keys: [control, alt, { keysym: 0xff08, code: 'Backspace' }] },
  ...[1, 2, 3, 4, 5, 6, 7].map(number => ({ label: `Ctrl+Alt+F${number}`, keys: [control, alt, functionKey(number)] })),
];
