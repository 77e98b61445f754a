import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { DisposableStore, disposable, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { QmpProtocol, QmpRefusal, type QmpNews, type QmpQuery } from '../qemu/qmp.ts';
import { QmpWatch } from '../qemu/qmp-watch.ts';
import type { QmpDialer, WatchNews } from '../runtime/host.ts';
import { QmpSocket } from './qmp-socket.ts';

interface Limits {
  /** How long to wait for the greeting: QEMU greets only the client that it serves, and the others stand in line. */
  readonly turnMs: number;
  /** How long an answer may take; a screenshot or another CD takes its time on a busy host. */
  readonly answerMs: number;
}

const usualLimits: Limits = { turnMs: 4_000, answerMs: 10_000 };
/** QEMU greets within milliseconds whom it serves. */
const queuedAfterMs = 1_000;

/** Talks QMP through the unix sockets of a VM. */
export class SocketQmpDialer implements QmpDialer {
  private readonly limits: Limits;
  /** The last one of our own line for each socket: two questions of ours need not meet at QEMU's. */
  private readonly lines = new Map<string, Promise<unknown>>();

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...usualLimits, ...limits };
  }

  ask<T>(socket: string, query: QmpQuery<T>, signal?: CancelSignal): Promise<T> {
    const turn = this.lines.get(socket) ?? Promise.resolve();
    const asked = turn.then(() => this.exchange(socket, query, signal));
    const settled = asked.then(
      () => undefined,
      () => undefined,
    );
    this.lines.set(socket, settled);
    void settled.then(() => {
      if (this.lines.get(socket) === settled) this.lines.delete(socket);
    });
    return asked;
  }

  private async exchange<T>(socket: string, query: QmpQuery<T>, signal: CancelSignal | undefined): Promise<T> {
    const exchange = new Exchange(socket, query, this.limits, signal);
    try {
      return await exchange.answer;
    } finally {
      exchange.dispose();
    }
  }

  watch(socket: string, hear: (news: WatchNews) => void): Disposable {
    const owned = new DisposableStore();
    const watch = new QmpWatch();
    const tell = (news: WatchNews): void => {
      if (news.kind === 'closed' || news.kind === 'broken') owned.dispose();
      hear(news);
    };
    const timer = setTimeout(() => {
      if (!watch.isGreeted) tell({ kind: 'queued' });
    }, queuedAfterMs);
    owned.add(disposable(() => clearTimeout(timer)));
    const onText = (text: string): string => {
      const { news, write } = watch.push(text);
      for (const one of news) tell(one);
      return write;
    };
    const onClose = (): void => tell({ kind: 'closed' });
    owned.add(new QmpSocket(socket, { onText, onClose, onFailure: onClose }));
    return owned;
  }
}

/** One connection, one question. */
class Exchange<T> implements Disposable {
  readonly answer: Promise<T>;
  private readonly owned = new DisposableStore();
  private readonly protocol = new QmpProtocol();
  private readonly socket: string;
  private readonly query: QmpQuery<T>;
  private resolve: (answer: T | PromiseLike<T>) => void = () => undefined;
  /** Only the first outcome counts, as with any promise. */
  private fail: (error: UserError) => void = () => undefined;

  constructor(socket: string, query: QmpQuery<T>, { turnMs, answerMs }: Limits, signal: CancelSignal | undefined) {
    this.socket = socket;
    this.query = query;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.fail = reject;
    });
    const tooSlow = new UserError(`QEMU gave no answer on ${socket} in time. Is its VM stuck?`);
    let turn: Disposable | undefined = this.within(turnMs, busy(socket));
    this.owned.add(onCancel(signal, () => this.fail(new UserError(`Asking ${socket} was called off.`))));
    const onText = (text: string): string => {
      const written = this.receive(text);
      if (turn && this.protocol.isGreeted) {
        turn.dispose();
        turn = undefined;
        this.within(answerMs, tooSlow);
      }
      return written;
    };
    const onClose = (): void => this.fail(hungUp(socket));
    this.owned.add(new QmpSocket(socket, { onText, onClose, onFailure: this.fail }));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private receive(text: string): string {
    const { news, write } = this.protocol.push(text);
    return write + news.map(one => this.take(one)).join('');
  }

  private take(news: QmpNews): string {
    if (news.kind === 'answer') this.resolve(Promise.resolve(news.value).then(this.query.read));
    if (news.kind === 'refusal') this.fail(new QmpRefusal(news.reason));
    if (news.kind === 'broken') this.fail(new UserError(`${this.socket} is no QMP socket of QEMU: ${news.reason}.`));
    return news.kind === 'ready' ? this.protocol.command(this.query).text : '';
  }

  private within(ms: number, error: UserError): Disposable {
    const timer = setTimeout(() => this.fail(error), ms);
    return this.owned.add(disposable(() => clearTimeout(timer)));
  }
}

const hungUp = (socket: string): UserError =>
  new UserError(`QEMU hung up on ${socket} before it had answered: its VM has ended.`);

const busy = (socket: string): UserError =>
  new UserError(
    `QEMU did not greet us on ${socket}: another program is being served there, or the VM is stuck. Try again in a moment.`,
  );
