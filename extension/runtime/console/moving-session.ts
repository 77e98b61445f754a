import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { ByteSession } from './byte-session.ts';
import type { ConsoleHistory } from './console-session.ts';
import type { ConsoleLoss } from './console-log-stream.ts';
import type { ConsoleState } from './console-state.ts';

/** A console's connection that goes along when the VM goes elsewhere: who listens to it notices nothing but the states. */
export class MovingSession implements ByteSession, Disposable {
  private readonly data = new Emitter<Uint8Array>();
  private readonly changed = new Emitter<ConsoleState>();
  private readonly lost = new Emitter<ConsoleLoss>();
  readonly onData = this.data.event;
  readonly onDidChangeState = this.changed.event;
  readonly onDidLose = this.lost.event;
  private current: ByteSession;
  private listening = new DisposableStore();
  private isOpen = false;

  constructor(session: ByteSession) {
    this.current = session;
    this.listen();
  }

  get state(): ConsoleState {
    return this.current.state;
  }

  /** From now on it is this one, which is ours to dispose. */
  moveTo(session: ByteSession): void {
    this.listening.dispose();
    this.current = session;
    this.listen();
    if (this.isOpen) session.open();
  }

  async history(bytes: number): Promise<ConsoleHistory | undefined> {
    return this.current.history?.(bytes);
  }

  open(): void {
    this.isOpen = true;
    this.current.open();
  }

  retryNow(): void {
    this.current.retryNow();
  }

  write(bytes: Uint8Array): boolean {
    return this.current.write(bytes);
  }

  sendBreak(): boolean {
    return this.current.sendBreak?.() ?? false;
  }

  takeOver(): string | undefined {
    return this.current.takeOver?.();
  }

  dispose(): void {
    this.listening.dispose();
    for (const emitter of [this.data, this.changed, this.lost]) emitter.dispose();
  }

  private listen(): void {
    const { current } = this;
    this.listening = new DisposableStore();
    this.listening.add(current);
    this.listening.add(current.onData(bytes => this.data.fire(bytes)));
    this.listening.add(current.onDidChangeState(state => this.changed.fire(state)));
    if (current.onDidLose) this.listening.add(current.onDidLose(loss => this.lost.fire(loss)));
  }
}
