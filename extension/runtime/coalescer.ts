import type { Disposable } from '../base/disposable.ts';
import type { Clock } from './host.ts';

/**
 * Calls once for many requests that come close together: a lab with hundreds of VMs changes hundreds of times a second
 * while it starts, and nobody can look that fast.
 */
export class Coalescer implements Disposable {
  private readonly clock: Clock;
  private readonly pauseMs: () => number;
  private readonly call: () => void;
  private pending: Disposable | undefined;

  constructor(clock: Clock, pauseMs: number | (() => number), call: () => void) {
    this.clock = clock;
    this.pauseMs = typeof pauseMs === 'number' ? () => pauseMs : pauseMs;
    this.call = call;
  }

  /** The call follows a pause after the first request; further ones until then are part of it. */
  request(): void {
    this.pending ??= this.clock.after(this.pauseMs(), () => {
      this.pending = undefined;
      this.call();
    });
  }

  dispose(): void {
    this.pending?.dispose();
  }
}
