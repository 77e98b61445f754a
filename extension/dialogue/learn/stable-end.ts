import { piecesOf, type LinePiece } from './changing-text.ts';

/** What is waited for, as an install script has it, and the same as the test of what was recorded. */
export interface LearnedPattern {
  readonly source: string;
  readonly test: RegExp;
}

/** As much as is looked back on. */
const longestView = 64 * 1024;
const longestText = 48;
/** More of a line is not looked at. */
const longestLine = 1000;
/** With fewer letters a text could be anywhere. */
const fewLetters = 3;
/** What has to be waited for one after the other, because the end alone came before. */
const mostPatterns = 4;

/**
 * What to wait for so that all of `printed` has come: patterns for its end, one after the other, such that each is found
 * first where it is meant. Empty: nothing in it is sure to come again.
 * `printed`: without control sequences, with its carriage returns.
 */
export function stableEnd(printed: string, options: StableEndOptions): readonly LearnedPattern[] {
  const view = printed.slice(-longestView);
  const last = lastPattern(view, options);
  return endOf(view, options, mostPatterns) ?? (last ? [last] : []);
}

export interface StableEndOptions {
  /** Texts that no pattern may hold. */
  readonly secrets: readonly string[];
  /** A line begins where the text does. */
  readonly isLineStart: boolean;
}

function endOf(printed: string, options: StableEndOptions, most: number): readonly LearnedPattern[] | undefined {
  const found = lastPattern(printed, options);
  if (!found || most === 0) return undefined;
  const text = printed.replaceAll('\r', '');
  const first = found.test.exec(text);
  if (!first) return undefined;
  const behind = text.slice(first.index + first[0].length);
  if (behind.trim() === '') return [found];
  const inside = { ...options, isLineStart: false };
  // It came before: something that stands in between has to come first.
  const between = endOf(upToLastLine(behind), inside, most - 1);
  return between
    ? checked([...between, found], text)
    : checked([found, ...(endOf(behind, inside, most - 1) ?? [])], text);
}

/** Undefined: waited for in this order they would not lead to the end. */
function checked(patterns: readonly LearnedPattern[], text: string): readonly LearnedPattern[] | undefined {
  let from = 0;
  for (const { test } of patterns) {
    const search = new RegExp(test.source, 'gm');
    search.lastIndex = from;
    if (!search.test(text)) return undefined;
    from = search.lastIndex;
  }
  return text.slice(from).trim() === '' ? patterns : undefined;
}

const upToLastLine = (text: string): string => text.trimEnd().slice(0, text.trimEnd().lastIndexOf('\n') + 1);

/** For the end of the last line that shows anything. */
function lastPattern(printed: string, { secrets, isLineStart }: StableEndOptions): LearnedPattern | undefined {
  const line = lastLine(printed, isLineStart);
  if (!line) return undefined;
  const text = behindSecrets(line.text, secrets).replace(/\s[|/\\-]\s*$/, '');
  const isWhole = line.isWhole && text === line.text;
  const pieces = piecesOf(text);
  const end = pieces.at(-1);
  if (end?.pattern === undefined && end && letters(end.text) >= fewLetters)
    return literal(lastWords(pieces.length > 1 ? end.text.replace(/^[%.,:;)\]\s]+/, '') : end.text));
  if (text.trim() === '') return undefined;
  const near = shortened(pieces);
  return expression(near, isWhole && near.length === pieces.length && text.length <= longestText);
}

interface LastLine {
  readonly text: string;
  /** It begins where a line does. */
  readonly isWhole: boolean;
}

/** What was drawn over with carriage returns and backspaces is one piece each. */
const redrawn = /[^\P{Cc}\t\n]+/u;

function lastLine(printed: string, isLineStart: boolean): LastLine | undefined {
  const trimmed = withoutUnseenEnd(printed);
  const blanks = /^[ \t]{0,4}/.exec(printed.slice(trimmed.length))?.[0] ?? '';
  const line = trimmed.slice(trimmed.lastIndexOf('\n') + 1);
  const parts = line.slice(-longestLine).split(redrawn);
  const at = parts.findLastIndex(part => /[\p{L}#$%>:?\]]/u.test(part));
  const text = parts[at];
  if (text === undefined) return undefined;
  const isWhole = line.length <= longestLine && (isLineStart || line.length < trimmed.length);
  return {
    text: at === parts.length - 1 ? text + blanks : text,
    isWhole: isWhole && parts.slice(0, at).join('') === '',
  };
}

/** Not by a regular expression: a guest may print blanks without end. */
function withoutUnseenEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s\p{Cc}]/u.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function behindSecrets(line: string, secrets: readonly string[]): string {
  let text = line;
  for (const secret of secrets) {
    const at = secret === '' ? -1 : text.lastIndexOf(secret);
    if (at >= 0) text = text.slice(at + secret.length);
  }
  return text;
}

/** The last words, and in menus and windows what stands behind the last wide gap. */
function lastWords(text: string): string {
  const near = nearEnd(text.trim());
  const cut = Array.from(near.matchAll(/ {2,}|[\u2500-\u257f]+ ?/gu), match => match.index + match[0].length);
  const from = cut.findLast(at => letters(near.slice(at)) >= fewLetters);
  return from === undefined ? near : near.slice(from);
}

/** The last pieces that make up enough. */
function shortened(pieces: readonly LinePiece[]): readonly LinePiece[] {
  let length = 0;
  const kept = pieces.findLastIndex((piece, at) => {
    length += piece.text.length;
    const rest = pieces.slice(at).filter(({ pattern }) => pattern === undefined);
    return (
      length > longestText || (piece.pattern === undefined && letters(rest.map(one => one.text).join('')) >= fewLetters)
    );
  });
  return pieces
    .slice(Math.max(0, kept))
    .map((piece, at) => (at === 0 && piece.pattern === undefined ? { ...piece, text: nearEnd(piece.text) } : piece));
}

/** Not more than is looked at, from a word on. */
const nearEnd = (text: string): string =>
  text.length > longestText ? text.slice(-longestText).replace(/^\S*\s+(?=\S)/, '') : text;

const letters = (text: string): number => text.replaceAll(/[^\p{L}]/gu, '').length;

/** `${` would be a variable, and slashes around a text an expression. */
function literal(text: string): LearnedPattern {
  if (/^\/.*\/i?$/s.test(text)) return expression([{ text, pattern: undefined }], false);
  return { source: text.replaceAll('${', () => '$${'), test: new RegExp(escaped(text)) };
}

function expression(pieces: readonly LinePiece[], isWhole: boolean): LearnedPattern {
  const body = pieces.map(({ text, pattern }) => pattern ?? escaped(text)).join('');
  const source = `${isWhole ? '^' : ''}${isWhole ? body : body.trim()}`;
  return { source: `/${source}/`, test: new RegExp(source, 'm') };
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
