import type { Disposable } from '../../base/disposable.ts';
import { encodeUtf8 } from '../../console/utf8.ts';
import { holderName } from '../console/console-target.ts';
import { PastePacer } from '../console/paste-pacer.ts';
import type { Clock } from '../host.ts';
import { secretVariable } from '../installs/script-values.ts';
import type { ConsoleEar } from './console-ear.ts';
import { lookAt, type ConsoleLook } from './console-look.ts';
import { GuestFailure } from './guest-failure.ts';
import type { GuestLogin, GuestShell } from './guest-shell.ts';
import { isEchoed, squeezed } from './typed-line.ts';

const enter = '\r';
const interrupt = '\u0003';
const clearLine = '\u0015';

const connectMs = 20_000;
/** A guest under software emulation on a busy host needs seconds for a new prompt. */
const promptMs = 15_000;
/** Somebody who types goes on within this. */
const halfTypedMs = 3000;
/** Nothing more of an echo comes. */
const echoQuietMs = 1500;
const echoMs = 20_000;
const tries = 3;
const lookMs = 100;
const shownCharacters = 200;

export interface TalkParts {
  /** The VM's name, for messages. */
  readonly vm: string;
  readonly shell: GuestShell;
  readonly ear: ConsoleEar;
  readonly clock: Clock;
  readonly secret: (name: string) => Promise<string | undefined>;
}

export interface Reaching {
  /** Interrupts what runs at the console, and takes back what somebody has begun to type there. */
  readonly isForced?: boolean | undefined;
  /** How long the guest may take to show its prompt. */
  readonly patienceMs?: number | undefined;
}

/** Gets to the prompt of a guest's shell and types lines there, with care for whoever else uses the console. */
export class GuestTalk implements Disposable {
  private readonly parts: TalkParts;
  private readonly ear: ConsoleEar;
  private readonly pacer: PastePacer;
  private readonly hearing: Disposable;

  constructor(parts: TalkParts) {
    this.parts = parts;
    this.ear = parts.ear;
    this.pacer = new PastePacer(parts.clock, bytes => this.ear.session.write(bytes));
    this.hearing = this.ear.session.onData(bytes => this.pacer.heard(bytes.length));
  }

  get look(): ConsoleLook {
    return lookAt(this.ear.printed, this.parts.shell.prompts);
  }

  async connect(): Promise<void> {
    const { session } = this.ear;
    const past = await session.history?.(4096);
    if (past) this.ear.remember(past.bytes);
    session.open();
    const isOver = (): true | undefined => {
      const { state } = session;
      return state.kind === 'connected' || (state.kind === 'waiting' && state.reason === 'held') ? true : undefined;
    };
    await this.ear.until(isOver, connectMs);
    this.throwIfCancelled();
    if (session.state.kind !== 'connected') throw this.notConnected();
  }

  /** Waits for the prompt and logs in where that is asked for. */
  async reachPrompt({ isForced = false, patienceMs = promptMs }: Reaching): Promise<void> {
    if (isForced) {
      this.ear.forget();
      this.press(interrupt);
    } else if (this.look.kind === 'blank') this.press(enter);
    const found = await this.ear.until(() => this.someoneAsks() ?? this.hasStopped(), patienceMs, lookMs);
    this.throwIfCancelled();
    if (found === 'login' || found === 'password') await this.logIn();
    else if (found !== 'prompt') throw this.noPrompt();
  }

  /** Types one line at the prompt. It is entered when the guest has echoed it, as bytes may get lost on the way. */
  async typeLine(line: string, beforeEnter = (): void => undefined): Promise<void> {
    let former: string | undefined;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      this.ear.forget();
      this.pacer.push(encodeUtf8(attempt === 1 ? line : `${clearLine}${line}`));
      const isWhole = () => (isEchoed(this.ear.printed, line) ? true : this.isEchoOver());
      if ((await this.ear.until(isWhole, echoMs, lookMs)) === true) break;
      this.throwIfCancelled();
      // Twice the same is how this guest shows what is typed (or that it does not), and nothing got lost.
      const echo = squeezed(this.ear.printed);
      if (echo === former) break;
      former = echo;
    }
    this.ear.forget();
    beforeEnter();
    this.press(enter);
  }

  /** Waits until the next command can be typed; a guest that is slow to say so fails nothing. */
  async awaitPrompt(limitMs = promptMs): Promise<boolean> {
    return (await this.ear.until(() => this.look.kind === 'prompt' || undefined, limitMs)) === true;
  }

  /** A command has not ended: it is interrupted, and told why. `printed`: what came so far. */
  async failUnfinished(limitMs: number, printed: string): Promise<never> {
    const { vm } = this.parts;
    if (this.ear.session.state.kind !== 'connected')
      throw new GuestFailure('gone', `The console of VM ${vm} was lost in the middle of a command.`, printed);
    const wasCancelled = this.ear.isCancelled;
    const after = (await this.interrupt()) ? 'It was interrupted.' : 'It takes no Ctrl+C and goes on in the guest.';
    if (wasCancelled) throw new GuestFailure('cancelled', `The command in VM ${vm} was called off. ${after}`, printed);
    const message = `The command in VM ${vm} did not end within ${limitMs / 1000} s. ${after}`;
    throw new GuestFailure('timed out', message, printed);
  }

  throwIfCancelled(): void {
    if (this.ear.isCancelled)
      throw new GuestFailure('cancelled', `The command for VM ${this.parts.vm} was called off.`);
  }

  /** What the console showed last, for messages. */
  lastLine(): string {
    const { look } = this;
    return look.kind === 'other' ? look.line.slice(-shownCharacters) : '';
  }

  dispose(): void {
    this.hearing.dispose();
    this.pacer.dispose();
  }

  /** Ctrl+C, also after all was called off. True: the shell waits again. */
  private async interrupt(): Promise<boolean> {
    this.ear.ignoreCancel();
    this.ear.forget();
    this.press(interrupt);
    return this.awaitPrompt();
  }

  private press(keys: string): void {
    this.ear.session.write(encodeUtf8(keys));
  }

  private someoneAsks(): 'prompt' | 'login' | 'password' | undefined {
    const { kind } = this.look;
    return kind === 'prompt' || kind === 'login' || kind === 'password' ? kind : undefined;
  }

  /** In the middle of a line. */
  private hasStopped(): 'half-typed' | undefined {
    return this.ear.quietMs >= halfTypedMs && this.look.kind === 'half-typed' ? 'half-typed' : undefined;
  }

  private isEchoOver(): false | undefined {
    return !this.pacer.isBusy && this.ear.quietMs >= echoQuietMs ? false : undefined;
  }

  private async logIn(): Promise<void> {
    const { vm, shell } = this.parts;
    const login = shell.login;
    if (!login) throw this.noLogin(`VM ${vm} asks for a login, and the lab file has none for it.`);
    const password = await this.passwordOf(login);
    if (this.look.kind === 'password') await this.answer('');
    if (this.look.kind === 'login') await this.answer(login.user);
    if (this.look.kind === 'password') await this.answer(password ?? '');
    this.throwIfCancelled();
    if (this.look.kind !== 'prompt') throw this.noLogin(`VM ${vm} did not let ${login.user} in.`);
  }

  /** Answers a question, and waits for the next one. */
  private async answer(text: string): Promise<void> {
    this.ear.forget();
    this.press(`${text}${enter}`);
    // Some log-ins take seconds, above all refused ones.
    await this.ear.until(() => this.someoneAsks(), promptMs * 2);
  }

  private async passwordOf({ password }: GuestLogin): Promise<string | undefined> {
    if (password?.kind !== 'secret') return password?.text;
    const text = await this.parts.secret(password.name);
    if (text === undefined)
      throw this.noLogin(
        `The secret ${password.name}, with which VM ${this.parts.vm} lets in, is not known. Set the variable ${secretVariable(password.name)}.`,
      );
    return text;
  }

  private noLogin(message: string): GuestFailure {
    return new GuestFailure('no login', message, this.lastLine());
  }

  private noPrompt(): GuestFailure {
    const { vm } = this.parts;
    const { look } = this;
    if (look.kind === 'half-typed')
      return new GuestFailure(
        'half-typed',
        `Somebody has begun to type at the console of VM ${vm}: ${look.typed.slice(-shownCharacters)}. ` +
          'Finish that line or take it back (Ctrl+U) first.',
      );
    const last = this.lastLine();
    const seen = last === '' ? 'It shows no prompt.' : `It shows: ${last}`;
    return new GuestFailure('no prompt', `No shell waits for a command at the console of VM ${vm}. ${seen}`, last);
  }

  private notConnected(): GuestFailure {
    const { vm } = this.parts;
    const { state } = this.ear.session;
    if (state.kind !== 'waiting' || state.reason !== 'held')
      return new GuestFailure('not running', `The serial console of VM ${vm} does not answer. Does the VM run?`);
    const holder = state.holder ? holderName(state.holder) : 'Another program';
    return new GuestFailure('held', `${holder} holds the serial console of VM ${vm}. Close it there first.`);
  }
}
