import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { UserError } from '../base/user-error.ts';
import { ManagementProtocol, type ManagementAnswer, type ManagementEvent } from '../vde/management.ts';
import { isOneLine } from '../vde/switch-commands.ts';
import { readNews, type SwitchNews } from '../vde/switch-news.ts';
import { codeOf, systemFailure } from './system-error.ts';

/** No table of a real switch is longer; whoever sends more is none. */
const mostCharacters = 16 * 1024 * 1024;

/**
 * All connections read into this: each reading is turned into text before the next one. By itself Node takes 64 kB for
 * each, and hundreds of switches that are looked at all the time keep the collector busy.
 */
const readBuffer = Buffer.alloc(64 * 1024);

interface Asked {
  readonly line: string;
  readonly resolve: (answer: ManagementAnswer) => void;
  readonly reject: (error: Error) => void;
  isWritten: boolean;
}

export interface ConnectionLimits {
  /** For each answer. */
  readonly answerMs: number;
  /** After so long without a command it hangs up. */
  readonly idleMs: number;
}

/** One connection to a management socket: a queue of commands, one at a time on its way. */
export class ManagementConnection implements Disposable {
  private readonly path: string;
  private readonly limits: ConnectionLimits;
  private readonly connection: net.Socket;
  private readonly protocol = new ManagementProtocol();
  private readonly decoder = new StringDecoder('utf8');
  private readonly queue: Asked[] = [];
  private readonly news = new Emitter<SwitchNews>();
  private readonly ended = new Emitter<void>();
  private isReady = false;
  private unread = 0;
  private timer: NodeJS.Timeout | undefined;
  private listeners = 0;
  private error: UserError | undefined;
  readonly onNews = this.news.event;
  /** Once, when nothing more can be asked or heard. */
  readonly onEnd = this.ended.event;
  isOpen = true;
  /** Whether the other side ended it, so that a new connection may well do better. */
  isHungUp = false;

  constructor(path: string, limits: ConnectionLimits) {
    this.path = path;
    this.limits = limits;
    const read = (count: number): boolean => {
      this.receive(this.decoder.write(readBuffer.subarray(0, count)));
      return true;
    };
    this.connection = net.connect({ path, onread: { buffer: readBuffer, callback: read } });
    this.connection.on('error', error => (this.error ??= connectFailure(path, error)));
    this.connection.on('close', () => this.hangUp());
    this.adapt();
  }

  send(line: string, signal?: CancelSignal): Promise<ManagementAnswer> {
    // The switch would take everything after the first line for an argument.
    if (!isOneLine(line)) throw new Error(`Not one management command: ${JSON.stringify(line)}`);
    return new Promise((resolve, reject) => {
      const asked: Asked = { line, resolve, reject, isWritten: false };
      this.queue.push(asked);
      const cancelled = onCancel(signal, () => this.forget(asked));
      const settle = <T>(call: (value: T) => void) => {
        return (value: T): void => {
          cancelled.dispose();
          call(value);
        };
      };
      Object.assign(asked, { resolve: settle(resolve), reject: settle(reject) });
      if (signal?.aborted) this.forget(asked);
      else if (this.queue.length === 1) this.adapt();
      this.writeNext();
    });
  }

  /** While somebody listens it does not hang up by itself. */
  hold(): Disposable {
    this.listeners += 1;
    this.adapt();
    let isHeld = true;
    return {
      dispose: () => {
        if (!isHeld) return;
        isHeld = false;
        this.listeners -= 1;
        this.adapt();
      },
    };
  }

  dispose(): void {
    this.end(new UserError(`Asking ${this.path} was called off.`));
  }

  private receive(text: string): void {
    this.unread += text.length;
    for (const event of this.protocol.push(text)) this.take(event);
    if (this.unread > mostCharacters)
      this.end(new UserError(`${this.path} says too much to be the socket of a switch.`));
    this.writeNext();
  }

  private take(event: ManagementEvent): void {
    this.unread = 0;
    if (event.kind === 'news') this.news.fire(readNews(event));
    else if (event.kind === 'ready') this.isReady = true;
    else if (this.queue[0]?.isWritten) {
      this.queue.shift()?.resolve(event.answer);
      this.adapt();
    }
  }

  /** After a prompt, in one write, and no other before the next prompt. */
  private writeNext(): void {
    const [next] = this.queue;
    if (!next || next.isWritten || !this.isReady || !this.isOpen) return;
    this.isReady = false;
    next.isWritten = true;
    this.connection.write(`${next.line}\n`);
  }

  /** What is on its way already is answered all the same, so it keeps its place in the queue. */
  private forget(asked: Asked): void {
    asked.reject(new UserError(`Asking ${this.path} was called off.`));
    if (asked.isWritten || !this.queue.includes(asked)) return;
    this.queue.splice(this.queue.indexOf(asked), 1);
    this.adapt();
  }

  /** The time limit is that of the first in the queue; without one, the process may end without waiting for us. */
  private adapt(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isOpen) return;
    const isBusy = this.queue.length > 0;
    if (isBusy) this.connection.ref();
    else this.connection.unref();
    if (isBusy) this.timer = setTimeout(() => this.end(this.tooSlow()), this.limits.answerMs);
    else if (this.listeners === 0) this.timer = setTimeout(() => this.dispose(), this.limits.idleMs).unref();
  }

  private hangUp(): void {
    if (!this.isOpen) return;
    for (const event of this.protocol.end()) this.take(event);
    this.isHungUp = this.error === undefined || this.connection.bytesRead > 0;
    this.end(this.error ?? new UserError(`${this.path} hung up before it had answered.`));
  }

  private end(error: UserError): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.adapt();
    this.connection.destroy();
    for (const asked of this.queue.splice(0)) asked.reject(error);
    this.ended.fire();
  }

  private tooSlow(): UserError {
    return new UserError(`${this.path} gave no answer for ${this.limits.answerMs} ms. Is its switch stopped or stuck?`);
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
