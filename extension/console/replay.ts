/** How much of a console log is shown again when its terminal opens. */
export const logTailBytes = 64 * 1024;

/**
 * Makes recorded terminal output safe to show again. What asks the terminal to answer is taken out: the terminal would
 * answer now, and its answer would be typed into the guest (a busybox shell asks for the cursor with every prompt, and
 * a hostile guest for worse). Titles, links and other strings go too; colours and movements stay. At the end, modes
 * that the record may have left on are switched off, and what comes next begins on a line of its own.
 * `isCut`: the record begins somewhere in the middle, so its first, broken line goes.
 */
export function replayable(record: string, isCut: boolean): string {
  const quiet = withoutQuestions(isCut ? record.slice(record.indexOf('\n') + 1) : record).replace(unfinished, '');
  if (quiet === '') return '';
  return `${quiet}${calm}${quiet.endsWith('\n') ? '' : '\r\n'}`;
}

/** For a terminal that joins others in the middle of what they show: modes stay as they are, and what comes next goes on. */
export const withoutQuestions = (record: string): string =>
  record
    .replace(stringsAndSingles, cancel)
    .replace(controlSequence, (sequence, parameters: string, intermediates: string, final: string) =>
      isQuestion(parameters, intermediates, final) ? cancel : sequence,
    );

/** CAN ends any sequence and shows nothing: what stood around a removed part cannot grow together to a new question. */
const cancel = '\u0018';

// Patterns are made of strings, because lint takes control characters in a literal for mistakes. Each is linear: no
// part can match what the part after it begins with, so that a hostile log cannot make them slow.
const escape = '\\u001b';
/** Control characters that a terminal obeys in the middle of a sequence: all but CAN, SUB and ESC. */
const between = '\\u0000-\\u0017\\u0019\\u001c-\\u001f\\u007f';

const controlSequence = new RegExp(
  `(?:${escape}[${between}]*\\[|\\u009b)([0-?${between}]*)([ -/][ -/${between}]*)?([@-~])`,
  'g',
);

const stringsAndSingles = new RegExp(
  [
    // OSC; BEL ends it, as in xterm.
    `(?:${escape}[${between}]*\\]|\\u009d)[^\\u0007\\u0018\\u001a\\u001b\\u009c]*(?:${escape}\\\\|[\\u0007\\u009c])?`,
    // DCS, SOS, PM, APC.
    `(?:${escape}[${between}]*[PX^_]|[\\u0090\\u0098\\u009e\\u009f])[^\\u0018\\u001a\\u001b\\u009c]*(?:${escape}\\\\|\\u009c)?`,
    `${escape}[${between}]*Z|\\u009a`, // DECID
    '\\u0005', // ENQ
  ].join('|'),
  'g',
);

/** A sequence that the record's end cuts off would swallow what is shown next. */
const unfinished = new RegExp(`(?:${escape}[${between}]*(?:\\[[ -?${between}]*)?|\\u009b[ -?${between}]*)$`);

/** Xterm's questions: attributes, status, cursor, terminal parameters, window, mode, version, keyboard. */
function isQuestion(parameters: string, intermediates: string | undefined, final: string): boolean {
  if (intermediates !== undefined) return intermediates.startsWith('$') && final === 'p';
  if (final === 'q') return parameters.includes('>');
  if (final === 'u') return parameters.includes('?');
  return /[cnxt]/.test(final);
}

/** Soft reset (DECSTR), normal screen (not by 1049, which also moves the cursor), no mouse reports, no bracketed paste. */
const calm = '\u001b[!p\u001b[?1047l\u001b[?1000;1002;1003;1006;2004l\u001b[0m';
