import { hidesWhatIsTyped, isEchoOfOneKey, openLineOf, visibleText, withoutSequences } from './screen-text.ts';
import type { Stroke, Strokes } from './strokes.ts';
import { turnsOf, type Turn } from './turns.ts';
import { isPrintable, isSecretPrompt, typedLine } from './typed-line.ts';

/** What the user did at once, and what had been printed by then. */
export interface Act {
  /** Printed since the act before, without control sequences and without the echo of that act. */
  readonly seen: string;
  /** From the key before to the last of what was printed; 0 if nothing was. */
  readonly tookMs: number;
  /** From then to the first key. */
  readonly silentMs: number;
  /** `line`: with Enter; `text`: without; `key`: what one key sent. */
  readonly kind: 'line' | 'text' | 'key';
  readonly text: string;
  /** The prompt, if nobody may see what was typed behind it. */
  readonly secretPrompt: string | undefined;
}

export interface Acts {
  readonly acts: readonly Act[];
  /** Printed behind the last of them, in the same way. */
  readonly after: string;
}

/** What was typed, as acts in their order. */
export function actsOf(strokes: Strokes): Acts {
  const list = new ActList();
  for (const turn of turnsOf(strokes)) {
    const line = typedLine(turn);
    if (line.kind === 'keys') addKeys(turn, list);
    else list.add(turn.strokes, 'line', line.text, line.kind === 'hidden' ? promptOf(turn.openLine) : undefined);
  }
  return { acts: list.all, after: list.seenUpTo(strokes.after) };
}

class ActList {
  readonly all: Act[] = [];
  /** Printed while the keys of the last act were pressed. */
  private between = '';
  private lastMs = 0;

  add(strokes: readonly Stroke[], kind: Act['kind'], text: string, secretPrompt?: string): void {
    const [first, ...others] = strokes;
    if (!first) return;
    const quietFrom = Math.max(this.lastMs, first.printedMs ?? 0);
    this.all.push({
      ...{ kind, text, secretPrompt, seen: this.seenUpTo(first.before) },
      tookMs: quietFrom - this.lastMs,
      silentMs: Math.max(0, first.atMs - quietFrom),
    });
    this.between = others.map(({ before }) => before).join('');
    this.lastMs = strokes.at(-1)?.atMs ?? this.lastMs;
  }

  /** A script's player does not hear the echo either. */
  seenUpTo(printed: string): string {
    const last = this.all.at(-1);
    const behind = withoutSequences(printed);
    // Its line ends with its echo, however it was edited.
    if (last?.kind === 'line' && behind.includes('\n')) return behind.slice(behind.indexOf('\n'));
    const all = withoutSequences(this.between) + behind;
    if (last === undefined || last.kind === 'key') return all;
    if (all.startsWith(last.text)) return all.slice(last.text.length);
    return last.text.startsWith(all) ? '' : all;
  }
}

/** Text that was typed key by key stays together while nothing but its echo is printed. */
function addKeys(turn: Turn, list: ActList): void {
  let run: Stroke[] = [];
  let screen = turn.openLine;
  const end = (): void => {
    const text = run.map(({ sent }) => sent).join('');
    list.add(run, 'text', text, isHidden(run, screen) ? promptOf(screen) : undefined);
    run = [];
  };
  for (const stroke of turn.strokes) {
    const isMore = isPrintable(stroke.sent) && run.length > 0 && isEchoOfOneKey(stroke.before);
    if (run.length > 0 && !isMore) end();
    if (run.length === 0) screen = (screen + stroke.before).slice(-longestScreen);
    if (isPrintable(stroke.sent)) run.push(stroke);
    else list.add([stroke], 'key', stroke.sent);
  }
  if (run.length > 0) end();
}

/** Where a window asks, the question may stand well before the place where it is answered. */
const longestScreen = 400;
const asksInWindow = /pass(?:word|phrase|code|wort)|\bpin\b/i;

function isHidden(run: readonly Stroke[], screen: string): boolean {
  const echo = run
    .slice(1)
    .map(({ before }) => before)
    .join('');
  if (isSecretPrompt(screen)) return true;
  if (run.length < 2 || !hidesWhatIsTyped(echo)) return false;
  return /[*•]/u.test(visibleText(echo)) || asksInWindow.test(visibleText(screen));
}

const promptOf = (printed: string): string => visibleText(openLineOf(printed)).trim().slice(-60);
