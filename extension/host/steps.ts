import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** So long nothing else gets a turn; a key that is typed meanwhile is not noticed to be late. */
const sliceMs = 5;

/** Takes the steps in slices of some milliseconds; between them the event loop goes on. */
export async function takeInSlices<T>(steps: Generator<void, T, void>): Promise<T> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < end);
    await nextTurn();
  }
}

/** Takes all the steps at once. */
export function takeAll<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
