import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { DisposableStore, disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import type { ManagementDialer } from '../runtime/host.ts';
import { ManagementProtocol, type ManagementEvent } from '../vde/management.ts';
import { codeOf, systemFailure } from './system-error.ts';

const limitMs = 3_000;

/** Asks a switch (or wirefilter) through its management socket. */
export class SocketManagementDialer implements ManagementDialer {
  private readonly limitMs: number;

  /** The time limit is for each answer. */
  constructor(options: { readonly limitMs?: number } = {}) {
    this.limitMs = options.limitMs ?? limitMs;
  }

  async ask(socket: string, commands: readonly string[], signal?: CancelSignal): Promise<readonly string[]> {
    const session = new Session(socket, commands);
    const owned = new DisposableStore();
    const connection = net.connect(socket);
    owned.add(disposable(() => connection.destroy()));
    const limit = setTimeout(() => {
      session.fail(new UserError(`${socket} gave no answer for ${this.limitMs} ms. Is its switch stopped or stuck?`));
    }, this.limitMs);
    owned.add(disposable(() => clearTimeout(limit)));
    owned.add(onCancel(signal, () => session.fail(new UserError(`Asking ${socket} was called off.`))));
    const decoder = new StringDecoder('utf8');
    connection.on('error', error => session.fail(connectFailure(socket, error)));
    connection.on('close', () => session.end());
    connection.on('data', (bytes: Buffer) => {
      const command = session.receive(decoder.write(bytes));
      if (command === undefined) return;
      limit.refresh();
      connection.write(command);
    });
    try {
      return await session.answers;
    } finally {
      owned.dispose();
    }
  }
}

/** What is asked, what was answered, and what to write next. */
class Session {
  readonly answers: Promise<readonly string[]>;
  private readonly protocol = new ManagementProtocol();
  private readonly answered: string[] = [];
  private readonly socket: string;
  private readonly commands: readonly string[];
  private resolve: (answers: readonly string[]) => void = () => undefined;
  /** Only the first outcome counts, as with any promise. */
  fail: (error: UserError) => void = () => undefined;

  constructor(socket: string, commands: readonly string[]) {
    // The switch would take everything after the first line for an argument.
    const odd = commands.find(command => command.trim() === '' || command.includes('\n'));
    if (odd !== undefined) throw new Error(`Not one management command: ${JSON.stringify(odd)}`);
    this.socket = socket;
    this.commands = commands;
    this.answers = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.fail = reject;
    });
  }

  /** Gives the command to write, if it is time for one: after a prompt, in one write, and no other before its answer. */
  receive(text: string): string | undefined {
    let isReady = false;
    for (const event of this.protocol.push(text)) {
      this.take(event);
      isReady ||= event.kind === 'ready';
    }
    const command = this.commands[this.answered.length];
    if (command === undefined) this.resolve(this.answered);
    return isReady && command !== undefined ? `${command}\n` : undefined;
  }

  /** The other side hung up. */
  end(): void {
    for (const event of this.protocol.end()) this.take(event);
    if (this.answered.length === this.commands.length) this.resolve(this.answered);
    this.fail(new UserError(`${this.socket} hung up before it had answered.`));
  }

  private take(event: ManagementEvent): void {
    if (event.kind !== 'answer') return;
    const { code, text, data } = event.answer;
    const command = this.commands[this.answered.length] ?? '';
    this.answered.push(data);
    // 9999 ends the session: the answer to logout and shutdown.
    if (code === 1000 || code === 9999) return;
    this.fail(new UserError(`${this.socket} refused "${command}": ${text} (${code ?? 'no code'}).`));
  }
}

function connectFailure(socket: string, error: Error): UserError {
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nobody listens there any more, the socket is stale',
    ENOENT: 'there is no such socket; the switch does not run, or runs without management',
    EACCES: 'you have no rights to it; it belongs to another user or group',
    EPERM: 'you have no rights to it; it belongs to another user or group',
    ENOTSOCK: 'it is no socket',
    EINVAL: 'it is no path of a socket; the longest one has 107 bytes',
  };
  const reason = reasons[codeOf(error) ?? ''];
  if (reason === undefined) return systemFailure(`Cannot ask ${socket}`, error);
  return new UserError(`Cannot ask ${socket}: ${reason}.`, [], { cause: error });
}
