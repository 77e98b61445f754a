import { commentText, quote, quoteAlways } from './quote.ts';

/** One variable of a script's settings block. An array for values that are a list of words. */
export interface Setting {
  readonly name: string;
  readonly value: string | readonly string[];
  readonly comment?: string;
  /** A path: a relative one starts at the lab file's folder, `~/` at the home folder. */
  readonly isPath?: true;
}

export const settingsStart = '# --- settings: yours to change ---';
export const settingsEnd = '# --- end of settings ---';

export function renderSettings(settings: readonly Setting[]): string {
  const lines = settings.map(({ name, value, comment, isPath }) => {
    const held = typeof value === 'string' ? quoteValue(value, isPath === true) : `(${value.map(quote).join(' ')})`;
    return comment ? `${`${name}=${held}`.padEnd(31)} # ${commentText(comment)}` : `${name}=${held}`;
  });
  return [settingsStart, ...lines, settingsEnd].join('\n');
}

/**
 * Numbers and sizes stay bare; words are quoted, as a bare one may look like a command whose output was meant.
 * The tilde of a path is left to the shell.
 */
function quoteValue(value: string, isPath: boolean): string {
  if (isPath && value.startsWith('~/')) return value === '~/' ? value : `~/${quoteAlways(value.slice(2))}`;
  return value === '' || /^\d[\w.:/]*$/.test(value) ? value : quoteAlways(value);
}

/**
 * The loop over a script's arguments: a verb, and VAR=value for any setting that is not a list.
 * RUN_ROOT is known to every script: the folder of all run-time folders.
 */
export const renderArguments = (settings: readonly Setting[]): string =>
  [
    'verb=start',
    'for word in "$@"; do',
    '  case $word in',
    '    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;',
    `    ${settable(settings)}) declare "$word" ;;`,
    ...refusal('word'),
    '    *) verb=$word ;;',
    '  esac',
    'done',
  ].join('\n');

/** The same for scripts whose verbs take options: `given` is the first word with two dashes and all behind it. */
export const renderArgumentsAndOptions = (settings: readonly Setting[]): string =>
  [
    'verb=start given=()',
    'while (($#)); do',
    '  case $1 in',
    '    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${1#*=} ;;',
    `    ${settable(settings)}) declare "$1" ;;`,
    '    --*) given=("$@"); break ;;',
    ...refusal('1'),
    '    *) if [[ $verb = lock ]]; then verb+=-$1; else verb=$1; fi ;;',
    '  esac',
    '  shift',
    'done',
  ].join('\n');

const settable = (settings: readonly Setting[]): string =>
  settings.flatMap(({ name, value }) => (typeof value === 'string' ? [`${name}=*`] : [])).join(' | ');

const refusal = (word: string): readonly string[] => [
  `    *=* | -*) printf '%s\\n' "\${0##*/}: no setting for $${word}" >&2; exit 2 ;;`,
];
