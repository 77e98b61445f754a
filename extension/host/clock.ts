import { disposable } from '../base/disposable.ts';
import type { Clock } from '../runtime/host.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return disposable(() => {
      clearTimeout(timer);
    });
  },
};
