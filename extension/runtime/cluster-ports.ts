import type { CancelSignal } from '../base/cancel.ts';

/** Programs of Pacemaker, which speak to the cluster of the host where they run. */
export type ClusterProgram = 'cibadmin' | 'crm_mon' | 'crm_resource' | 'crm_simulate' | 'crm_verify';

export interface ClusterAnswer {
  readonly code: number;
  /** What it printed to standard output. */
  readonly printed: string;
  readonly errors: string;
}

export interface ClusterRunOptions {
  readonly input?: string;
  readonly signal?: CancelSignal | undefined;
}

export interface ClusterTools {
  /** Runs a program to its end, `input` being its standard input. A program that is not there is a UserError. */
  run(program: ClusterProgram, args: readonly string[], options?: ClusterRunOptions): Promise<ClusterAnswer>;
  /** A configuration as it would be after these nodes came up and the cluster had started what it should. */
  settled(cib: string, nodes: readonly string[]): Promise<string>;
  /** What makes one configuration of the other, as `cibadmin --patch` takes it. Empty: nothing. */
  difference(before: string, after: string): Promise<string>;
}
