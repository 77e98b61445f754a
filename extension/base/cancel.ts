import { disposable, type Disposable } from './disposable.ts';

/**
 * Whether something was called off. A subset of the platform's AbortSignal, so that a real one fits,
 * in rooms that are compiled without any platform's types.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Calls something off, once. */
export class CancelSource {
  private readonly listeners = new Set<() => void>();
  private isCancelled = false;

  readonly signal: CancelSignal = ((isCancelled: () => boolean, listeners: Set<() => void>) => ({
    get aborted(): boolean {
      return isCancelled();
    },
    addEventListener: (_type: 'abort', listener: () => void): void => void listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void): void => void listeners.delete(listener),
  }))(() => this.isCancelled, this.listeners);

  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }
}

/** Calls `listener` when the signal is called off, at once if it already was. */
export function onCancel(signal: CancelSignal | undefined, listener: () => void): Disposable {
  if (signal?.aborted) listener();
  signal?.addEventListener('abort', listener);
  return disposable(() => {
    signal?.removeEventListener('abort', listener);
  });
}
