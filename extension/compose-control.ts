import type { LabControl } from './runtime/lab-control.ts';
import type { Readiness } from './runtime/readiness/readiness.ts';
import type { LabRunner, RunnerParts } from './runtime/runner.ts';

export interface ControlComposition extends Omit<RunnerParts, 'waitUntilReady'> {
  readonly readiness: () => Promise<Readiness>;
}

/** Starts and stops labs, and writes their scripts; what does it is loaded with the first order. */
export function lazyControl({ readiness, ...parts }: ControlComposition): LabControl {
  let loading: Promise<LabRunner> | undefined;
  const load = async (): Promise<LabRunner> => {
    const { LabRunner } = await import('./runtime/runner.ts');
    return new LabRunner({
      ...parts,
      waitUntilReady: async (vms, order) => (await readiness()).waitUntilReady(vms, order),
    });
  };
  const runner = (): Promise<LabRunner> => (loading ??= load());
  return {
    run: async (verb, things, options) => (await runner()).run(verb, things, options),
    generate: async labPath => (await runner()).generate(labPath),
  };
}
