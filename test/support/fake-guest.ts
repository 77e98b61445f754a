import { Emitter } from '../../extension/base/emitter.ts';
import type { ByteSession } from '../../extension/runtime/console/byte-session.ts';
import type { ConsoleState } from '../../extension/runtime/console/console-state.ts';

export interface FakeGuestParts {
  readonly prompt?: string;
  /** What a command prints (raw, as a terminal gets it) and its exit status; undefined: it runs until Ctrl+C. */
  readonly answer?: (command: string) => readonly [printed: string, status: number] | undefined;
  /** It is no Unix shell: what it prints (raw) to each line. */
  readonly says?: (line: string) => string;
  /** What was on the console before. */
  readonly past?: string;
  /** Asked for before anything else. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Cuts what is printed into the pieces in which it arrives. */
  readonly cut?: (bytes: Uint8Array) => readonly Uint8Array[];
  /** Goes through all that is printed: what a kernel, a wrapping editor or a bad line make of it. */
  readonly distort?: (printed: string) => string;
  /** What becomes of its connection; connected if not given. */
  readonly opens?: ConsoleState;
  /** So many typed bytes are lost at the beginning. */
  readonly swallows?: number;
}

/** A guest with a Unix shell on its serial console, as far as this: it echoes, and runs lines with marks. Answers at once. */
export class FakeGuest implements ByteSession {
  private readonly data = new Emitter<Uint8Array>();
  private readonly changed = new Emitter<ConsoleState>();
  readonly onData = this.data.event;
  readonly onDidChangeState = this.changed.event;
  state: ConsoleState = { kind: 'connecting' };
  /** The commands that were run. */
  readonly commands: string[] = [];
  private readonly parts: FakeGuestParts;
  private line = '';
  private swallows: number;
  private asks: 'user' | 'password' | 'command' | 'nothing';
  private user = '';

  constructor(parts: FakeGuestParts = {}) {
    this.parts = parts;
    this.swallows = parts.swallows ?? 0;
    this.asks = parts.login ? 'user' : 'command';
  }

  get listenerCount(): number {
    return this.data.listenerCount + this.changed.listenerCount;
  }

  history(): Promise<{ readonly bytes: Uint8Array; readonly isCut: boolean }> {
    const { past = this.question } = this.parts;
    return Promise.resolve({ bytes: new TextEncoder().encode(past), isCut: false });
  }

  open(): void {
    this.become(this.parts.opens ?? { kind: 'connected' });
  }

  become(state: ConsoleState): void {
    this.state = state;
    this.changed.fire(state);
  }

  write(bytes: Uint8Array): boolean {
    for (const key of new TextDecoder().decode(bytes)) {
      if (this.swallows > 0) this.swallows -= 1;
      else this.press(key);
    }
    return true;
  }

  print(text: string): void {
    const bytes = new TextEncoder().encode(this.parts.distort?.(text) ?? text);
    for (const piece of this.parts.cut?.(bytes) ?? [bytes]) this.data.fire(piece);
  }

  retryNow(): void {
    throw new Error('nobody waits for a fake guest');
  }

  dispose(): void {
    this.become({ kind: 'closed' });
  }

  private get question(): string {
    if (this.asks === 'user') return 'web login: ';
    if (this.asks === 'password') return 'Password: ';
    return this.asks === 'nothing' ? '' : (this.parts.prompt ?? 'root@web:~# ');
  }

  private press(key: string): void {
    if (key === '\u0003') {
      this.asks = this.asks === 'nothing' ? 'command' : this.asks;
      this.line = '';
      this.print(`^C\r\n${this.question}`);
    } else if (key === '\u0015') this.line = '';
    else if (key === '\r') this.enter();
    else {
      this.line += key;
      if (this.asks !== 'password') this.print(key);
    }
  }

  private enter(): void {
    const { line } = this;
    this.line = '';
    if (this.asks === 'user') {
      this.user = line;
      this.asks = 'password';
    } else if (this.asks === 'password') {
      const { login } = this.parts;
      this.asks = login?.user === this.user && login.password === line ? 'command' : 'user';
      if (this.asks === 'user') this.print('\r\nLogin incorrect');
    } else if (this.asks === 'command') {
      this.run(line);
      return;
    }
    this.print(`\r\n${this.question}`);
  }

  private run(line: string): void {
    this.print('\r\n');
    const { says } = this.parts;
    if (says) {
      this.commands.push(line);
      this.print(says(line) + this.question);
      return;
    }
    const [, mark, quoted] = / echo "(\w+)<\$\$\."; \(eval '([^]*)'\) <\/dev\/null; echo "\1>\$\?\."/.exec(line) ?? [];
    if (mark !== undefined && quoted !== undefined) {
      const command = quoted.replaceAll(`'\\''`, "'");
      this.commands.push(command);
      const answer = this.parts.answer ? this.parts.answer(command) : (['', 0] as const);
      if (!answer) this.asks = 'nothing';
      this.print(`${mark}<77.\r\n${answer ? `${answer[0]}${mark}>${answer[1]}.\r\n` : ''}`);
    }
    this.print(this.question);
  }
}
