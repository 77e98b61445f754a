import { plainPrompt } from '../../console/plain-lines.ts';
import { drawsOnScreen, isEchoOfOneKey, openLineOf, visibleText } from './screen-text.ts';
import type { Stroke, Strokes } from './strokes.ts';

/** Keys that belong together: a line up to its Enter, or keys of a program that reads them one by one. */
export interface Turn {
  readonly strokes: readonly Stroke[];
  /** The line on which the first key was pressed, as it was printed: a prompt, most often. */
  readonly openLine: string;
  /** What was printed behind the last key, up to the next one. */
  readonly after: string;
  /** Where a late echo is: the rest of the line; of lines that were typed ahead the echo comes together. */
  readonly lateEcho: string;
}

const longestLine = 4000;

export function turnsOf({ strokes, after }: Strokes): readonly Turn[] {
  const turns: Turn[] = [];
  let openLine = '';
  let line = '';
  let current: Stroke[] = [];
  strokes.forEach((stroke, index) => {
    line = continued(line, stroke.before);
    if (current.length === 0) openLine = line;
    current.push(stroke);
    const next = strokes[index + 1]?.before ?? after;
    if (!endsTurn(current, next) && index < strokes.length - 1) return;
    const isAhead = turns.length > 0 && current[0]?.before === '';
    const later = strokes.slice(index + 1).find(({ before }) => before !== '')?.before ?? after;
    const lateEcho = next === '' ? later : isAhead ? next : (next.split('\n', 1)[0] ?? '');
    turns.push({ strokes: current, openLine, after: next, lateEcho });
    current = [];
  });
  return turns;
}

const continued = (line: string, printed: string): string => openLineOf(line + printed).slice(-longestLine);

export const isEnter = (key: string): boolean => key === '\r' || key === '\n';

/** Keys that end what was typed: Enter, Ctrl-C, Ctrl-D, Ctrl-Z, Ctrl-\. */
const endings = new Set(['\r', '\n', '\u0003', '\u0004', '\u001a', '\u001c']);

function endsTurn(strokes: readonly Stroke[], next: string): boolean {
  const last = strokes.at(-1)?.sent ?? '';
  if (endings.has(last)) return true;
  if (drawsOnScreen(next) && !isEchoOfOneKey(next)) return true;
  // With Tab a shell lists what a word can become, and prints its prompt again.
  if (last === '\t' || !next.includes('\n')) return false;
  return hasPrompt(next) || !isEchoed(strokes);
}

/** The kernel's messages end their lines; a new prompt does not. */
const hasPrompt = (printed: string): boolean => plainPrompt(openLineOf(printed)).trim() !== '';

function isEchoed(strokes: readonly Stroke[]): boolean {
  const [first, ...others] = strokes;
  const echo = visibleText(others.map(({ before }) => before).join(''));
  return first !== undefined && first.sent >= ' ' && first.sent.length === 1 && echo.includes(first.sent);
}
