import type { Disposable } from '../../base/disposable.ts';
import type { VmOrder } from '../install-script.ts';

/**
 * What a player needs of the world: somewhere to type, time, and the machine. An answer that comes after its question was
 * disposed is not heard.
 */
export interface Stage {
  after(ms: number, call: () => void): Disposable;
  /** `pauseMs`: between characters; undefined: as fast as the guest takes it. */
  type(bytes: Uint8Array, pauseMs: number | undefined, done: Answer): Disposable;
  sendBreak(done: Answer): Disposable;
  /** Undefined: take the CD out. */
  changeCd(cd: { readonly file: string; readonly from: string | undefined } | undefined, done: Answer): Disposable;
  orderVm(order: VmOrder, done: Answer): Disposable;
}

/** `refusal`: why it was not done, as a sentence. */
export type Answer = (refusal?: string) => void;
