import { withoutEscapes } from '../../console/expect.ts';

// Made of strings, because lint takes control characters in a literal for mistakes.
const escape = '\\u001b';
/** Control characters, but for tabs and line ends. */
const controls = /[^\P{Cc}\t\n]/gu;
/** To another line, or anywhere on the screen: what a program does that draws menus and windows. */
const movesOnScreen = new RegExp(`${escape}\\[[\\d;]*[ABHfd]|${escape}\\[2J|${escape}\\[\\?1049`);

/** What was printed, without control sequences; carriage returns and backspaces are still there. */
export const withoutSequences = (printed: string): string => printed.split('\r').map(withoutEscapes).join('\r');

/** The characters that somebody could see, and line ends. */
export const visibleText = (printed: string): string => withoutSequences(printed).replaceAll(controls, '');

export const drawsOnScreen = (printed: string): boolean => movesOnScreen.test(printed);

/** What follows the last line end. */
export const openLineOf = (printed: string): string => printed.slice(printed.lastIndexOf('\n') + 1);

const echoSigns = /[*•_\s]/gu;

/** At most the character that a key stands for, or a sign in its place. */
export const isEchoOfOneKey = (printed: string): boolean =>
  Array.from(visibleText(printed).replaceAll(echoSigns, '')).length <= 1;

/** Something was printed that shows no character of a password. */
export const hidesWhatIsTyped = (printed: string): boolean => visibleText(printed).replaceAll(echoSigns, '') === '';
