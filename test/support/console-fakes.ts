import { onCancel, type CancelSignal } from '../../extension/base/cancel.ts';
import { Emitter } from '../../extension/base/emitter.ts';
import { qemuGreeting } from '../../extension/console/telnet.ts';
import type { ConsoleDialer, ConsoleLink } from '../../extension/runtime/console-ports.ts';

/** What happens at the port: nobody listens, QEMU accepts, or QEMU's queue is full and the connection hangs. */
export type PortMood = 'refuses' | 'accepts' | 'hangs';

/** Dials a QEMU that the test plays. */
export class FakeDialer implements ConsoleDialer {
  mood: PortMood;
  readonly ports: number[] = [];
  readonly links: FakeLink[] = [];
  /** Dials that are neither answered nor called off. */
  hanging = 0;

  constructor(mood: PortMood = 'accepts') {
    this.mood = mood;
  }

  /** The latest link. */
  get link(): FakeLink {
    const link = this.links.at(-1);
    if (!link) throw new Error('nothing was dialled');
    return link;
  }

  get openLinks(): number {
    return this.links.filter(link => !link.isDisposed).length;
  }

  open(port: number, signal?: CancelSignal): Promise<ConsoleLink> {
    this.ports.push(port);
    if (this.mood === 'refuses') return Promise.reject(new Error('connect ECONNREFUSED'));
    if (this.mood === 'hangs') return this.hang(signal);
    const link = new FakeLink();
    this.links.push(link);
    return Promise.resolve(link);
  }

  private hang(signal: CancelSignal | undefined): Promise<ConsoleLink> {
    this.hanging += 1;
    return new Promise((_, reject) => {
      onCancel(signal, () => {
        this.hanging -= 1;
        reject(new Error('cancelled'));
      });
    });
  }
}

/** QEMU's side of one connection. */
export class FakeLink implements ConsoleLink {
  private readonly data = new Emitter<Uint8Array>();
  private readonly ended = new Emitter<void>();
  readonly onData = this.data.event;
  readonly onClose = this.ended.event;
  readonly written: number[] = [];
  isDisposed = false;

  get listenerCount(): number {
    return this.data.listenerCount + this.ended.listenerCount;
  }

  /** QEMU takes the client on. */
  greet(): void {
    this.print(qemuGreeting);
  }

  print(bytes: readonly number[] | string): void {
    this.data.fire(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : Uint8Array.from(bytes));
  }

  hangUp(): void {
    this.ended.fire();
  }

  write(bytes: Uint8Array): void {
    this.written.push(...bytes);
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

/** Lets every promise that is ready run its course. */
export const settle = (): Promise<void> => new Promise(resolve => void setImmediate(resolve));
