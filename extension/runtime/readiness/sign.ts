import type { CancelSignal } from '../../base/cancel.ts';

/** One of the signs of a VM that it is ready, while it is looked for. */
export interface SignWatch {
  /** Milliseconds between two looks. */
  readonly restMs: number;
  /** A look is noticed in the guest. */
  readonly isIntrusive?: true;
  /** Undefined: it holds. Else what there is instead, as a sentence for people. Never rejects. */
  look(signal: CancelSignal | undefined): Promise<string | undefined>;
}
