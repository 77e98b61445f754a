const escape = '\\u001b';

/** Cursor place, attributes, status, modes, window, focus; then strings: versions, colours, terminal capabilities. */
const answer = [
  `${escape}\\[\\d+;\\d+R`,
  `${escape}\\[[?>=]?[\\d;]*[cnt]`,
  `${escape}\\[\\??[\\d;]*\\$y`,
  `${escape}\\[\\?[\\d;]*u`,
  `${escape}\\[[IO]`,
  `${escape}P[^\\u001b]*${escape}\\\\`,
  `${escape}\\][^\\u0007\\u001b]*(?:\\u0007|${escape}\\\\)`,
].join('|');

const onlyAnswers = new RegExp(`^(?:${answer})+$`);
const anyAnswer = new RegExp(answer, 'g');

/** What a person typed, of what a terminal sent. */
export const withoutTerminalAnswers = (text: string): string => text.replaceAll(anyAnswer, '');

/**
 * Whether this is what a terminal says by itself, because the guest asked or the window got the focus, and nothing that
 * a person typed. Where several terminals show one console, one of them must answer and not all; where typing goes to
 * many consoles, answers must not. A modified F3 looks like the place of the cursor, and is taken for it.
 */
export const isTerminalAnswer = (text: string): boolean => onlyAnswers.test(text);
