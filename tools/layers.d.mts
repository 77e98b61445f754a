// Types of what of layers.mjs is tested.
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped?: number;
  readonly notes?: readonly string[];
  /** Each test that failed: its file, its name and the first line of why. */
  readonly failures?: readonly string[];
}

export function judge(code: number, file: string, count: (report: never) => Outcome): Outcome;
export function countVitest(report: unknown): Outcome;
export function countMocha(report: unknown): Outcome;
export function runLayer(
  layer: { readonly name: string; readonly needs: readonly string[]; readonly run: () => Promise<Outcome> },
  needed: Readonly<Record<string, () => Promise<void>>>,
): Promise<Outcome>;
