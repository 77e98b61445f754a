import type { ClusterAnswer, ClusterProgram, ClusterTools } from '../../extension/runtime/cluster-ports.ts';

/** A cluster that says what a test tells it to; by itself it does not answer, as where Pacemaker does not run. */
export class FakeCluster implements ClusterTools {
  readonly answers = new Map<ClusterProgram, Partial<ClusterAnswer>>();
  /** Every program that was run, with its arguments and its input. */
  readonly runs: { readonly program: ClusterProgram; readonly args: readonly string[]; readonly input: string }[] = [];

  run(
    program: ClusterProgram,
    args: readonly string[],
    { input = '' }: { readonly input?: string } = {},
  ): Promise<ClusterAnswer> {
    this.runs.push({ program, args, input });
    const answer = this.answers.get(program) ?? { code: 102, errors: 'Transport endpoint is not connected' };
    return Promise.resolve({ code: 0, printed: '', errors: '', ...answer });
  }

  settled(cib: string): Promise<string> {
    return Promise.resolve(cib);
  }

  difference(before: string, after: string): Promise<string> {
    return Promise.resolve(before === after ? '' : `<diff>${after}</diff>`);
  }
}
