import { onCancel, type CancelSignal } from '../base/cancel.ts';
import type { Clock } from './host.ts';

/** Waits; ends early when it is called off. */
export async function timePassed(clock: Clock, ms: number, signal: CancelSignal | undefined): Promise<void> {
  if (ms <= 0 || signal?.aborted) return;
  await new Promise<void>(resolve => {
    const timer = clock.after(ms, done);
    const watching = onCancel(signal, done);
    function done(): void {
      timer.dispose();
      watching.dispose();
      resolve();
    }
  });
}
