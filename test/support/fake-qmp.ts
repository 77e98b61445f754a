import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import { UserError } from '../../extension/base/user-error.ts';
import { QmpRefusal, type QmpQuery } from '../../extension/qemu/qmp.ts';
import type { QmpDialer, WatchNews } from '../../extension/runtime/host.ts';

/** VMs whose answers a test gives: for a socket and a command, the value of its `return`, or an Error. */
export class FakeQmp implements QmpDialer {
  readonly asked: { readonly socket: string; readonly execute: string; readonly args: unknown }[] = [];
  readonly watches: FakeWatch[] = [];
  /** What each command answers on every socket; `{}` if nothing is said. */
  readonly answers = new Map<string, unknown>();
  /** Sockets where nobody listens. */
  readonly dead = new Set<string>();

  ask<T>(socket: string, { execute, args, read }: QmpQuery<T>): Promise<T> {
    this.asked.push({ socket, execute, args });
    if (this.dead.has(socket)) return Promise.reject(new UserError(`Cannot reach QEMU at ${socket}.`));
    const answer = this.answers.has(execute) ? this.answers.get(execute) : usual[execute];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve().then(() => read(answer ?? {}));
  }

  watch(socket: string, hear: (news: WatchNews) => void): Disposable {
    const watch = new FakeWatch(socket, hear);
    this.watches.push(watch);
    return disposable(() => (watch.isOpen = false));
  }

  refuse(execute: string, reason: string): void {
    this.answers.set(execute, new QmpRefusal(reason));
  }

  get commands(): readonly string[] {
    return this.asked.map(one => one.execute);
  }

  /** Those that are still open. */
  get openWatches(): readonly FakeWatch[] {
    return this.watches.filter(watch => watch.isOpen);
  }
}

export class FakeWatch {
  isOpen = true;
  readonly socket: string;
  readonly hear: (news: WatchNews) => void;

  constructor(socket: string, hear: (news: WatchNews) => void) {
    this.socket = socket;
    this.hear = hear;
  }
}

const usual: Readonly<Record<string, unknown>> = {
  'query-status': { status: 'running', running: true },
  'query-block': [],
  'human-monitor-command': '',
};
