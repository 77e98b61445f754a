import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { DisposableStore, disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import type { ManagementDialer } from '../runtime/host.ts';
import { ManagementProtocol, type ManagementAnswer, type ManagementEvent } from '../vde/management.ts';
import { codeOf, systemFailure } from './system-error.ts';

const limitMs = 3_000;

/** Asks a switch (or wirefilter) through its management socket. */
export class SocketManagementDialer implements ManagementDialer {
  private readonly limitMs: number;

  /** The time limit is for each answer. */
  constructor(options: { readonly limitMs?: number } = {}) {
    this.limitMs = options.limitMs ?? limitMs;
  }

  ask(socket: string, commands: readonly string[], signal?: CancelSignal): Promise<readonly string[]> {
    const owned = new DisposableStore();
    const asked = new Promise<readonly string[]>((resolve, reject) => {
      const session = new Session(socket, commands, resolve);
      const connection = net.connect(socket);
      owned.add(disposable(() => connection.destroy()));
      const limit = setTimeout(() => {
        reject(new UserError(`${socket} gave no answer for ${this.limitMs} ms. Is its switch stopped or stuck?`));
      }, this.limitMs);
      owned.add(disposable(() => clearTimeout(limit)));
      owned.add(onCancel(signal, () => reject(new UserError(`Asking ${socket} was called off.`))));
      const decoder = new StringDecoder('utf8');
      connection.on('error', error => reject(connectFailure(socket, error)));
      connection.on('close', () => reject(new UserError(`${socket} hung up before it had answered.`)));
      connection.on('data', (bytes: Buffer) => {
        try {
          for (const command of session.receive(decoder.write(bytes))) {
            limit.refresh();
            connection.write(command);
          }
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return asked.finally(() => {
      owned.dispose();
    });
  }
}

/** What is asked, what was answered, and what to write next. */
class Session {
  private readonly protocol = new ManagementProtocol();
  private readonly answers: string[] = [];
  private readonly socket: string;
  private readonly commands: readonly string[];
  private readonly done: (answers: readonly string[]) => void;

  constructor(socket: string, commands: readonly string[], done: (answers: readonly string[]) => void) {
    const odd = commands.find(command => command.trim() === '' || command.includes('\n'));
    // The switch would take everything after the first line for an argument.
    if (odd !== undefined) throw new Error(`Not one management command: ${JSON.stringify(odd)}`);
    this.socket = socket;
    this.commands = commands;
    this.done = done;
  }

  /** Gives the command to write, if there is one: only after a prompt, each in one write. */
  receive(text: string): readonly string[] {
    return this.protocol.push(text).flatMap(event => this.next(event) ?? []);
  }

  private next(event: ManagementEvent): string | undefined {
    if (event.kind === 'answer') this.take(event.answer);
    const command = this.commands[this.answers.length];
    if (command === undefined) this.done(this.answers);
    return event.kind === 'ready' && command !== undefined ? `${command}\n` : undefined;
  }

  private take({ code, text, data }: ManagementAnswer): void {
    const command = this.commands[this.answers.length] ?? '';
    // 9999 ends the session: the answer to logout and shutdown.
    if (code !== 1000 && code !== 9999) {
      throw new UserError(`${this.socket} refused "${command}": ${text} (${code ?? 'no code'}).`);
    }
    this.answers.push(data);
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
