import { LineEditor } from '../../console/line-editor.ts';
import { plainPrompt } from '../../console/plain-lines.ts';
import { drawsOnScreen, hidesWhatIsTyped, openLineOf, visibleText } from './screen-text.ts';
import { isEnter, type Turn } from './turns.ts';

/** What the guest got in the end, after corrections and completion. */
export type TypedLine =
  | { readonly kind: 'line'; readonly text: string }
  /** It was not shown while it was typed. */
  | { readonly kind: 'hidden'; readonly text: string }
  /** The keys count one by one: no line was edited, or it cannot be told which. */
  | { readonly kind: 'keys' };

/** A prompt behind which somebody types what nobody may see. */
const asksForSecret = /(?:pass(?:word|phrase|code|wort)|\bpin\b|\bsecret\b)[^\n]{0,60}[:?>]\s*$/i;

/** Whether what was printed ends in such a prompt. */
export const isSecretPrompt = (printed: string): boolean => asksForSecret.test(visibleText(openLineOf(printed)));

export function typedLine(turn: Turn): TypedLine {
  const sent = turn.strokes.map(stroke => stroke.sent);
  if (!isEnter(sent.at(-1) ?? '')) return { kind: 'keys' };
  const keys = sent.slice(0, -1);
  if (keys.length === 0) return { kind: 'keys' };
  const echo = echoOf(turn);
  if (keys.every(isPrintable)) return ofPlainKeys(keys.join(''), echo, turn.openLine);
  return ofEditedKeys(keys, echo, turn.openLine);
}

interface Echo {
  /** Printed before Enter was pressed. */
  readonly before: string;
  /** And from then to the end of the line: the echo may be late. */
  readonly late: string;
}

function echoOf({ strokes, lateEcho }: Turn): Echo {
  const [, ...others] = strokes;
  return { before: others.map(stroke => stroke.before).join(''), late: lateEcho };
}

function ofPlainKeys(text: string, { before, late }: Echo, openLine: string): TypedLine {
  if (isSecretPrompt(openLine)) return { kind: 'hidden', text };
  const shown = visibleText(before + late);
  if (shown.includes(text)) return { kind: 'line', text };
  if (!hidesWhatIsTyped(before)) return isSpreadOver(text, shown) ? { kind: 'line', text } : { kind: 'keys' };
  // One key and Enter is an answer in a menu; a password is longer.
  return text.length > 1 ? { kind: 'hidden', text } : { kind: 'keys' };
}

function ofEditedKeys(keys: readonly string[], { before, late }: Echo, openLine: string): TypedLine {
  const edited = keys.every(isEditing) ? editedText(keys) : undefined;
  const isHidden = isSecretPrompt(openLine) || (keys.some(isPrintable) && hidesWhatIsTyped(before + late));
  if (isHidden) return edited === undefined || edited === '' ? { kind: 'keys' } : { kind: 'hidden', text: edited };
  if (drawsOnScreen(before)) return { kind: 'keys' };
  const shown = shownBehind(openLine, before + late)?.trim();
  if (edited?.trim() === shown) return lineOf(edited);
  // Completion and history are the guest's: what it shows is what it got.
  return lineOf(keys.every(key => isEditing(key) || asksGuest.has(key)) ? shown : undefined);
}

const lineOf = (text: string | undefined): TypedLine =>
  text === undefined || text === '' ? { kind: 'keys' } : { kind: 'line', text };

/** What stands on the line behind the prompt. Undefined: the prompt is not there any more. */
function shownBehind(openLine: string, echo: string): string | undefined {
  const prompt = plainPrompt(openLine).trimEnd();
  const line = plainPrompt(openLineOf(openLine + echo));
  return line.startsWith(prompt) ? line.slice(prompt.length) : undefined;
}

export const isPrintable = (key: string): boolean => key >= ' ' && key !== '\u007f' && !key.startsWith('\u001b');

/** Backspace, Delete, Left, Right, Home, End, Ctrl-A, E, K, U, W: as the line editor understands them. */
const editing = new Set([
  ...['\b', '\u007f', '\u001b[3~', '\u001b[D', '\u001b[C', '\u001b[H', '\u001b[F', '\u001b[1~', '\u001b[4~'],
  ...['\u0001', '\u0005', '\u000b', '\u0015', '\u0017'],
]);
/** Tab, Up and Down (in both of their modes), Ctrl-P, N, R. */
const asksGuest = new Set([
  ...['\t', '\u001b[A', '\u001b[B', '\u001bOA', '\u001bOB'],
  ...['\u0010', '\u000e', '\u0012'],
]);

const isEditing = (key: string): boolean => isPrintable(key) || editing.has(key);

const editedText = (keys: readonly string[]): string => new LineEditor().push(`${keys.join('')}\r`).line ?? '';

/** Every character in its order, with others in between: the kernel has spoken while somebody typed. */
function isSpreadOver(text: string, shown: string): boolean {
  let from = 0;
  for (const character of text) {
    const at = shown.indexOf(character, from);
    if (at < 0) return false;
    from = at + character.length;
  }
  return true;
}
