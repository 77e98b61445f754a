import { onCancel, type CancelSignal } from '../../base/cancel.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { Utf8Decoder } from '../../console/utf8.ts';
import type { ByteSession } from '../console/byte-session.ts';
import type { Clock } from '../host.ts';

/** More than a prompt, a half-typed line and some messages of the kernel need. */
const remembered = 32 * 1024;

/** Listens to a console: what it printed last, and waiting until that says something. */
export class ConsoleEar implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly news = this.owned.add(new Emitter<void>());
  private readonly decoder = new Utf8Decoder();
  private readonly clock: Clock;
  private readonly signal: CancelSignal | undefined;
  readonly session: ByteSession;
  private text = '';
  private heardAt: number;
  private obeys = true;

  /** Listens from now on; opening the session is left to the caller. */
  constructor(session: ByteSession, clock: Clock, signal: CancelSignal | undefined) {
    this.session = session;
    this.clock = clock;
    this.signal = signal;
    this.heardAt = clock.now();
    this.owned.add(session.onData(bytes => this.hear(bytes)));
    this.owned.add(session.onDidChangeState(() => this.news.fire()));
    this.owned.add(onCancel(signal, () => this.news.fire()));
  }

  /** The last of what was printed, as it came. */
  get printed(): string {
    return this.text;
  }

  get isCancelled(): boolean {
    return this.obeys && this.signal?.aborted === true;
  }

  /** What is waited for from here on is worth waiting for even if all was called off. */
  ignoreCancel(): void {
    this.obeys = false;
  }

  /** How long nothing has come, in milliseconds. */
  get quietMs(): number {
    return this.clock.now() - this.heardAt;
  }

  /** What was printed before anything is heard. */
  remember(bytes: Uint8Array): void {
    this.text = (this.decoder.push(bytes) + this.text).slice(-remembered);
  }

  /** From here on `printed` has only what comes. */
  forget(): void {
    this.text = '';
    this.heardAt = this.clock.now();
  }

  /**
   * Asks again with all that is heard, and every `lookMs` of silence, until there is an answer. Undefined: there was none
   * in time, or it was called off.
   */
  async until<Answer>(ask: () => Answer | undefined, limitMs: number, lookMs = limitMs): Promise<Answer | undefined> {
    const end = this.clock.now() + limitMs;
    for (;;) {
      const answer = ask();
      const left = end - this.clock.now();
      if (answer !== undefined || left <= 0 || this.isCancelled) return answer;
      await this.nextNews(Math.min(left, lookMs));
    }
  }

  dispose(): void {
    this.owned.dispose();
  }

  private hear(bytes: Uint8Array): void {
    this.text = (this.text + this.decoder.push(bytes)).slice(-remembered);
    this.heardAt = this.clock.now();
    this.news.fire();
  }

  private nextNews(ms: number): Promise<void> {
    return new Promise(resolve => {
      const end = (): void => {
        timer.dispose();
        hearing.dispose();
        resolve();
      };
      const timer = this.clock.after(ms, end);
      const hearing = this.news.event(end);
    });
  }
}
