/** Milliseconds of one call. */
async function time(call: () => unknown): Promise<number> {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}

/** Median of several rounds after a warm-up; contestants take turns, so that a busy moment hits all of them. */
export async function race(
  contestants: Readonly<Record<string, () => unknown>>,
  rounds = 9,
  warmUps = 3,
): Promise<Readonly<Record<string, number>>> {
  const times = new Map<string, number[]>(Object.keys(contestants).map(name => [name, []]));
  for (let round = 0; round < rounds + warmUps; round++) {
    for (const [name, call] of Object.entries(contestants)) {
      const ms = await time(call);
      if (round >= warmUps) times.get(name)?.push(ms);
    }
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Prints the figures, and each as a ratio against the first, the rival. */
export function report(title: string, figures: Readonly<Record<string, number>>): void {
  const [rival = 1] = Object.values(figures);
  console.log(`\n${title}`);
  for (const [name, ms] of Object.entries(figures)) {
    console.log(`  ${name.padEnd(44)} ${ms.toFixed(1).padStart(9)} ms  ${(ms / rival).toFixed(2).padStart(6)} ×`);
  }
}
