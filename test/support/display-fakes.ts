import { onCancel, type CancelSignal } from '../../extension/base/cancel.ts';
import { Emitter } from '../../extension/base/emitter.ts';
import type { DisplayDialer, DisplayLink } from '../../extension/runtime/host.ts';
import type { FromDisplay, ToDisplay } from '../../webview/protocol.ts';

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

/** A tab with a view, as far as a display uses it; the test plays the view and VS Code. */
export class FakeDisplayTab {
  private readonly messages = new Emitter<FromDisplay>();
  private readonly viewState = new Emitter<undefined>();
  private readonly disposed = new Emitter<undefined>();
  readonly posted: ToDisplay[] = [];
  revealed = 0;
  disposals = 0;
  visible = true;
  readonly onDidChangeViewState = this.viewState.event as never;
  readonly onDidDispose = this.disposed.event as never;
  readonly webview = {
    onDidReceiveMessage: this.messages.event,
    postMessage: (message: ToDisplay) => {
      // As VS Code does it: nothing is shared with the other side.
      this.posted.push(structuredClone(message));
      return Promise.resolve(true);
    },
  } as never;

  get listenerCount(): number {
    return this.messages.listenerCount + this.viewState.listenerCount + this.disposed.listenerCount;
  }

  /** The view says something. */
  say(message: FromDisplay): void {
    this.messages.fire(message);
  }

  setVisible(isVisible: boolean): void {
    this.visible = isVisible;
    this.viewState.fire(undefined);
  }

  closeByUser(): void {
    this.disposed.fire(undefined);
  }

  /** The latest words for people, in place of a picture. */
  get news(): string | undefined {
    return this.posted.findLast(message => message.type === 'picture')?.picture.news;
  }

  ofType<Type extends ToDisplay['type']>(type: Type): readonly Extract<ToDisplay, { readonly type: Type }>[] {
    return this.posted.filter(
      (message): message is Extract<ToDisplay, { readonly type: Type }> => message.type === type,
    );
  }

  reveal(): void {
    this.revealed += 1;
  }

  dispose(): void {
    this.disposals += 1;
    this.disposed.fire(undefined);
  }
}
