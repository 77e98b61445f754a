import { disposable, type Disposable } from '../../extension/base/disposable.ts';
import type { Clock } from '../../extension/runtime/host.ts';

/** Time that passes only when the test says so. Timers run in the order in which they are due. */
export class FakeClock implements Clock {
  private readonly timers = new Set<{ readonly due: number; readonly call: () => void }>();
  private time: number;

  constructor(start = 1_700_000_000_000) {
    this.time = start;
  }

  /** Timers that still wait: none may be left after what owns them is disposed. */
  get pending(): number {
    return this.timers.size;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, call: () => void): Disposable {
    const timer = { due: this.time + ms, call };
    this.timers.add(timer);
    return disposable(() => this.timers.delete(timer));
  }

  /** Runs what falls due in the next `ms`, also what those calls set up themselves. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let next = this.nextUntil(end); next; next = this.nextUntil(end)) {
      this.timers.delete(next);
      this.time = next.due;
      next.call();
    }
    this.time = end;
  }

  private nextUntil(end: number): { readonly due: number; readonly call: () => void } | undefined {
    const due = [...this.timers].filter(timer => timer.due <= end);
    return due.reduce<(typeof due)[number] | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined);
  }
}
