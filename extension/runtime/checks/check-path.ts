import type { CheckTarget } from '../../lab/expectations/check-ends.ts';
import type { CheckPort } from '../../lab/expectations/sentence.ts';
import type { Vm } from '../../lab/model.ts';
import type { GuestTools } from './guest-tools.ts';

/** One VM and one address that it is to reach, or must not. */
export interface CheckPath {
  readonly from: Vm;
  /** What `from` has. */
  readonly tools: GuestTools;
  readonly target: CheckTarget;
  readonly port: CheckPort | undefined;
}

/** `web (10.1.0.80)`. */
export const targetWords = ({ vm, address }: CheckTarget): string => (vm ? `${vm.name} (${address})` : address);
