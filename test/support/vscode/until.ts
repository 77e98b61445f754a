import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/** How long a test waits for what should soon be so. Nothing but a failure takes it all, so it is long. */
export const patienceMs = 60_000;

/** Whether what was begun comes to its end, rather than fails. */
export const happens = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** Asks again and again until the answer is there. The failure says what was waited for, which may tell what was seen last. */
export async function until<T>(
  what: string | (() => string),
  probe: () => Promise<T | undefined | false>,
  options: UntilOptions = {},
): Promise<T> {
  const { timeoutMs = patienceMs, intervalMs = 200 } = options;
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end)
      throw new Error(`Waited ${timeoutMs / 1000} s for ${typeof what === 'string' ? what : what()}`);
    await delay(intervalMs);
  }
}
