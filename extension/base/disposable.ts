/** Something that holds a listener, socket, timer or process until it is disposed. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

export function disposable(release: () => void): Disposable {
  let isReleased = false;
  return {
    dispose: () => {
      if (isReleased) return;
      isReleased = true;
      release();
    },
  };
}

/** Owns disposables and releases them in reverse order; anything added after that is released at once. */
export class DisposableStore implements Disposable {
  private readonly owned: Disposable[] = [];
  private isDisposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.isDisposed) item.dispose();
    else this.owned.push(item);
    return item;
  }

  dispose(): void {
    this.isDisposed = true;
    for (let item = this.owned.pop(); item; item = this.owned.pop()) item.dispose();
  }
}
