import { Emitter } from '../../extension/base/emitter.ts';

interface Message {
  readonly type: string;
}

/** A tab with a view, as far as our panels use it; the test plays the view and VS Code. */
export class FakeTab<From extends Message, To extends Message> {
  private readonly messages = new Emitter<From>();
  private readonly viewState = new Emitter<undefined>();
  private readonly disposed = new Emitter<undefined>();
  readonly posted: To[] = [];
  revealed = 0;
  disposals = 0;
  active = false;
  visible = true;
  readonly onDidChangeViewState = this.viewState.event as never;
  readonly onDidDispose = this.disposed.event as never;
  readonly webview = {
    onDidReceiveMessage: this.messages.event,
    postMessage: (message: To) => {
      // As VS Code does it: nothing is shared with the other side.
      this.posted.push(structuredClone(message));
      return Promise.resolve(true);
    },
  } as never;

  get listenerCount(): number {
    return this.messages.listenerCount + this.viewState.listenerCount + this.disposed.listenerCount;
  }

  /** The view says something. */
  say(message: From): void {
    this.messages.fire(message);
  }

  setVisible(isVisible: boolean): void {
    this.visible = isVisible;
    this.viewState.fire(undefined);
  }

  closeByUser(): void {
    this.disposed.fire(undefined);
  }

  ofType<Type extends To['type']>(type: Type): readonly Extract<To, { readonly type: Type }>[] {
    return this.posted.filter((message): message is Extract<To, { readonly type: Type }> => message.type === type);
  }

  reveal(): void {
    this.revealed += 1;
  }

  dispose(): void {
    this.disposals += 1;
    this.disposed.fire(undefined);
  }
}
