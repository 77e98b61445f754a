/** How much of a console log is shown again when its terminal opens. */
export const logTailBytes = 64 * 1024;

/**
 * Makes recorded terminal output safe to show again. What asks the terminal to answer is taken out: the terminal would
 * answer now, and its answer would be typed into the guest (a busybox shell asks for the cursor with every prompt).
 * At the end, modes that the record may have left on are switched off. `isCut`: the record begins somewhere in the
 * middle, so its first, broken line goes. What is given ends at the start of a line.
 */
export function replayable(record: string, isCut: boolean): string {
  const whole = isCut ? record.slice(record.indexOf('\n') + 1) : record;
  const quiet = whole.replace(questions, '').replace(unfinished, '');
  if (quiet === '') return '';
  return `${quiet}${calm}${quiet.endsWith('\n') ? '' : '\r\n'}`;
}

const escape = '\\u001b';
const stringEnd = `(?:\\u0007|${escape}\\\\)`;
/** Written with RegExp, because control characters in a literal are mistakes in most other places. */
const questions = new RegExp(
  [
    '\\u0005', // ENQ
    `${escape}\\[[?>=]?[\\d;]*[cnx]`, // device attributes, status and cursor position, DECREQTPARM
    `${escape}\\[[\\d;]*t`, // window reports
    `${escape}\\[[?>]?[\\d;]*\\$p`, // DECRQM
    `${escape}\\[>[\\d;]*q`, // XTVERSION
    `${escape}\\[\\?[\\d;]*u`, // kitty keyboard query
    `${escape}Z`, // DECID
    `${escape}P[^\\u0007\\u001b]*${stringEnd}`, // DECRQSS and other device control strings
    `${escape}\\][\\d;]*\\?[^\\u0007\\u001b]*${stringEnd}`, // colours and clipboard asked for by OSC
  ].join('|'),
  'g',
);
/** A sequence that the record's end cuts off would swallow what is shown next. */
const unfinished = new RegExp(`${escape}(?:\\[[\\d;?>=]*|[\\]P][^\\u0007\\u001b]*)?$`);

/** Soft reset (DECSTR), normal screen (not by 1049, which also moves the cursor), no mouse reports, no bracketed paste. */
const calm = '\u001b[!p\u001b[?1047l\u001b[?1000;1002;1003;1006;2004l\u001b[0m';
