import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';

/** The consoles that get what is typed in any one of them. One group at a time: nobody can watch two. */
export class ConsoleGroup implements Disposable {
  private members: ReadonlySet<string> = new Set();
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;

  get size(): number {
    return this.members.size;
  }

  has(key: string): boolean {
    return this.members.has(key);
  }

  /** Typing goes to all of these from now on; to fewer than two it goes as it always does. */
  set(keys: Iterable<string>): void {
    const next = new Set(keys);
    this.replace(next.size < 2 ? new Set() : next);
  }

  /** A console that was closed is out of the group; a last one that remains is none. */
  remove(key: string): void {
    if (this.members.has(key)) this.set([...this.members].filter(one => one !== key));
  }

  /** Who gets what is typed in this console. */
  reach(key: string): readonly string[] {
    return this.members.has(key) ? [...this.members] : [key];
  }

  dispose(): void {
    this.changed.dispose();
  }

  private replace(next: ReadonlySet<string>): void {
    if (next.size === 0 && this.members.size === 0) return;
    this.members = next;
    this.changed.fire();
  }
}
