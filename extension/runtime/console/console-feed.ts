import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { plainPrompt } from '../../console/plain-lines.ts';
import { logTailBytes, replayable, withoutQuestions } from '../../console/replay.ts';
import { isTerminalAnswer } from '../../console/terminal-answers.ts';
import { Utf8Decoder, encodeUtf8 } from '../../console/utf8.ts';
import type { ByteSession } from './byte-session.ts';
import type { ConsoleState } from './console-state.ts';
import { lossNews, takeOverKey } from './console-target.ts';
import type { Clock } from '../host.ts';
import { PastePacer } from './paste-pacer.ts';

export interface ConsoleFeedParts {
  /** The feed's from here on. */
  readonly session: ByteSession;
  readonly clock: Clock;
  readonly news: (state: ConsoleState) => string | undefined;
  /** Enter was pressed while nothing is connected. */
  readonly onEnter: () => void;
}

/** One terminal on the console. */
export interface FeedView extends Disposable {
  /** What came from this terminal; `keys` takes what a person typed, and may take it to other consoles too. */
  input(text: string, keys: (text: string) => void): void;
}

/** How much of what was shown a terminal gets that is opened later. */
const rememberedCharacters = 256 * 1024;
const longestPrompt = 400;

/** One console of this window: one session, and any number of terminals that show the same. Knows nothing of VS Code. */
export class ConsoleFeed implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: ConsoleFeedParts;
  private readonly decoder = new Utf8Decoder();
  private readonly views = new Set<(text: string) => void>();
  private speaker: ((text: string) => void) | undefined;
  private shown: string[] = [];
  private shownLength = 0;
  private isStarted = false;
  private isDisposed = false;
  private isAtLineStart = true;
  /** What the guest printed since its last line end: a prompt, most often. */
  private lastLine = '';
  readonly paste: PastePacer;

  constructor(parts: ConsoleFeedParts) {
    this.parts = parts;
    this.owned.add(parts.session);
    this.paste = this.owned.add(new PastePacer(parts.clock, bytes => parts.session.write(bytes)));
  }

  get state(): ConsoleState {
    return this.parts.session.state;
  }

  /** A terminal is there: it gets what the others show, at once, and then the same as they. The first one connects. */
  attach(show: (text: string) => void): FeedView {
    const past = withoutQuestions(this.shown.join(''));
    this.views.add(show);
    this.speaker ??= show;
    if (past !== '') show(past);
    void this.start();
    const leave = disposable(() => {
      this.views.delete(show);
      if (this.speaker === show) [this.speaker] = this.views;
    });
    const input = (text: string, keys: (text: string) => void): void => {
      const isAnswer = isTerminalAnswer(text);
      if (!isAnswer) this.speaker = show;
      if (!isAnswer) keys(text);
      // One answer to a question of the guest is enough. None in a paste: the shell of busybox asks with each prompt,
      // and swallows up to ten bytes that come right behind the answer (libbb/read_key.c).
      else if (this.speaker === show && !this.paste.isBusy) this.parts.session.write(encodeUtf8(text));
    };
    return { input, dispose: () => leave.dispose() };
  }

  /**
   * What a person typed. `isHere`: in a terminal of this console; else it was typed in another one for all, and starts
   * nothing.
   */
  type(text: string, isHere = true): void {
    if (this.state.kind !== 'connected') {
      if (isHere) this.typeWhileWaiting(text);
      return;
    }
    if (text === interrupt && this.paste.isBusy) this.paste.cancel();
    this.paste.push(encodeUtf8(typed(text)));
  }

  /** False: nobody took it. */
  sendBreak(): boolean {
    return this.parts.session.sendBreak?.() ?? false;
  }

  /** Magic SysRq over a serial line: a break, then the key. */
  sendSysRq(key: string): boolean {
    return this.sendBreak() && this.parts.session.write(encodeUtf8(key));
  }

  retryNow(): void {
    this.parts.session.retryNow();
  }

  /** Our own words: dim, on a line of their own. */
  say(text: string): void {
    this.display(`${this.isAtLineStart ? '' : '\r\n'}\u001b[0;2m${text}\u001b[0m\r\n`);
  }

  dispose(): void {
    this.isDisposed = true;
    this.owned.dispose();
    this.views.clear();
  }

  private async start(): Promise<void> {
    if (this.isStarted) return;
    this.isStarted = true;
    await this.showHistory();
    if (this.isDisposed) return;
    const { session } = this.parts;
    this.owned.add(session.onDidChangeState(state => this.tell(state)));
    this.owned.add(session.onData(bytes => this.receive(bytes)));
    if (session.onDidLose) this.owned.add(session.onDidLose(loss => this.say(lossNews(loss))));
    session.open();
  }

  private async showHistory(): Promise<void> {
    try {
      const history = await this.parts.session.history?.(logTailBytes);
      if (!history) return;
      const record = this.decoder.push(history.bytes);
      this.display(replayable(record, history.isCut));
      this.lastLine = lastLineOf(record);
      this.isAtLineStart = true;
    } catch (error) {
      this.say(`kvmlab: the console log cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private typeWhileWaiting(text: string): void {
    const { state } = this;
    if (state.kind !== 'waiting') return;
    if (text.includes('\r')) this.parts.onEnter();
    if (state.reason !== 'held' || text.toLowerCase() !== takeOverKey) return;
    const refusal = this.parts.session.takeOver?.();
    if (refusal !== undefined) this.say(`kvmlab: the console cannot be taken over. ${refusal}`);
  }

  private receive(bytes: Uint8Array): void {
    this.paste.heard(bytes.length);
    this.show(this.decoder.push(bytes));
  }

  private tell(state: ConsoleState): void {
    this.show(this.decoder.end());
    if (state.kind !== 'connected') this.paste.cancel();
    const news = this.parts.news(state);
    if (news !== undefined) this.say(news);
    if (state.kind === 'waiting' && state.reason === 'not running') this.lastLine = '';
    // Our own words came between the prompt and what is typed now.
    if (state.kind === 'connected') this.display(plainPrompt(this.lastLine));
  }

  private show(text: string): void {
    this.lastLine = lastLineOf(`${this.lastLine}${text.slice(-longestPrompt)}`);
    this.display(text);
  }

  private display(text: string): void {
    if (text === '') return;
    this.isAtLineStart = text.endsWith('\n');
    this.remember(text);
    for (const show of this.views) show(text);
  }

  private remember(text: string): void {
    this.shown.push(text);
    this.shownLength += text.length;
    let gone = 0;
    while (this.shownLength - (this.shown[gone]?.length ?? 0) > rememberedCharacters) {
      this.shownLength -= this.shown[gone]?.length ?? 0;
      gone += 1;
    }
    // Thousands of small pieces: one cut for many, not one for each.
    if (gone > 0) this.shown = this.shown.slice(gone);
  }
}

function lastLineOf(text: string): string {
  const recent = text.slice(-longestPrompt);
  return recent.slice(recent.lastIndexOf('\n') + 1);
}

const interrupt = '\u0003';

/**
 * As a keyboard would send it. VS Code gives Enter as CR; pasted lines may end otherwise. A single LF is Ctrl+J,
 * which is a key of its own.
 */
const typed = (text: string): string => (text === '\n' ? text : text.replaceAll(/\r?\n/g, '\r'));
