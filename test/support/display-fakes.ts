import { onCancel, type CancelSignal } from '../../extension/base/cancel.ts';
import { Emitter } from '../../extension/base/emitter.ts';
import type { DisplayDialer, DisplayLink } from '../../extension/runtime/console-ports.ts';
import type { FromDisplay, ToDisplay } from '../../webview/protocol.ts';
import { FakeTab } from './fake-tab.ts';

/** Dials a VNC server that the test plays. */
export class FakeDisplayDialer implements DisplayDialer {
  /** Whether somebody listens. */
  isThere = true;
  dials = 0;
  cancelled = 0;
  readonly links: FakeDisplayLink[] = [];

  get link(): FakeDisplayLink {
    const link = this.links.at(-1);
    if (!link) throw new Error('nothing was dialled');
    return link;
  }

  get openLinks(): number {
    return this.links.filter(link => !link.isDisposed).length;
  }

  open(_port: number, signal?: CancelSignal): Promise<DisplayLink> {
    this.dials += 1;
    onCancel(signal, () => (this.cancelled += 1));
    if (!this.isThere) return Promise.reject(new Error('connect ECONNREFUSED'));
    const link = new FakeDisplayLink();
    this.links.push(link);
    return Promise.resolve(link);
  }
}

/** The VNC server's side of one connection. */
export class FakeDisplayLink implements DisplayLink {
  private readonly data = new Emitter<Uint8Array>();
  private readonly ended = new Emitter<void>();
  readonly onData = this.data.event;
  readonly onClose = this.ended.event;
  readonly written: number[] = [];
  isPaused = false;
  isDisposed = false;

  get listenerCount(): number {
    return this.data.listenerCount + this.ended.listenerCount;
  }

  give(bytes: readonly number[] | Uint8Array): void {
    this.data.fire(Uint8Array.from(bytes));
  }

  hangUp(): void {
    this.ended.fire();
  }

  write(bytes: Uint8Array): void {
    this.written.push(...bytes);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  dispose(): void {
    this.isDisposed = true;
  }
}

/** A tab with a display. */
export class FakeDisplayTab extends FakeTab<FromDisplay, ToDisplay> {
  /** The latest words for people, in place of a picture. */
  get news(): string | undefined {
    return this.ofType('picture').at(-1)?.picture.news;
  }
}
