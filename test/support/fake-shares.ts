import type { CancelSignal } from '../../extension/base/cancel.ts';
import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import { Emitter } from '../../extension/base/emitter.ts';
import type { ConsoleShares, PortHolder, ShareLink } from '../../extension/runtime/console-ports.ts';

/** The folder in which processes find each other. */
export class FakeMeetingPlace {
  readonly owners = new Map<number, (link: ShareLink) => void>();
  /** How many have let others in and not taken that back. */
  serving = 0;
  mostServing = 0;

  process(pid: number, program = 'kvmlab'): FakeShares {
    return new FakeShares(this, { pid, program });
  }
}

export class FakeShares implements ConsoleShares {
  readonly self: PortHolder;
  readonly links: FakeEnd[] = [];
  private readonly place: FakeMeetingPlace;

  constructor(place: FakeMeetingPlace, self: PortHolder) {
    this.place = place;
    this.self = self;
  }

  join(port: number, signal?: CancelSignal): Promise<ShareLink> {
    const invite = this.place.owners.get(port);
    if (!invite || signal?.aborted) return Promise.reject(new Error('connect ECONNREFUSED'));
    const [ours, theirs] = FakeEnd.pair();
    this.links.push(ours, theirs);
    invite(theirs);
    return Promise.resolve(ours);
  }

  serve(port: number, onGuest: (link: ShareLink) => void): Disposable {
    this.place.owners.set(port, onGuest);
    this.place.serving += 1;
    this.place.mostServing = Math.max(this.place.mostServing, this.place.serving);
    return disposable(() => {
      this.place.serving -= 1;
      if (this.place.owners.get(port) === onGuest) this.place.owners.delete(port);
    });
  }
}

/** One end of a connected pair; bytes arrive later, and wait until somebody listens. */
export class FakeEnd implements ShareLink {
  private readonly data = new Emitter<Uint8Array>();
  private readonly ended = new Emitter<void>();
  private other: FakeEnd | undefined;
  private waiting: Uint8Array[] = [];
  private isEnded = false;
  backlog = 0;
  isDisposed = false;
  readonly onClose = this.ended.event;

  static pair(): [FakeEnd, FakeEnd] {
    const [a, b] = [new FakeEnd(), new FakeEnd()];
    [a.other, b.other] = [b, a];
    return [a, b];
  }

  get listenerCount(): number {
    return this.data.listenerCount + this.ended.listenerCount;
  }

  readonly onData: ShareLink['onData'] = listener => {
    const subscription = this.data.event(listener);
    for (const bytes of this.waiting.splice(0)) queueMicrotask(() => this.receive(bytes));
    return subscription;
  };

  write(bytes: Uint8Array): void {
    const { other } = this;
    if (!this.isEnded) queueMicrotask(() => other?.receive(bytes));
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.isEnded = true;
    const { other } = this;
    queueMicrotask(() => other?.hangUp());
  }

  private receive(bytes: Uint8Array): void {
    if (this.isDisposed) return;
    if (this.data.listenerCount === 0) this.waiting.push(bytes);
    else this.data.fire(bytes);
  }

  private hangUp(): void {
    if (this.isDisposed || this.isEnded) return;
    this.isEnded = true;
    this.ended.fire();
  }
}
