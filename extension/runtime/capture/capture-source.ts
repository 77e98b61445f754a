import type { Event } from '../../base/emitter.ts';
import type { Frame } from '../../packets/pcap.ts';

/** Where frames come from, from `open` until `close` or `onEnd`. */
export interface CaptureSource {
  readonly onFrames: Event<readonly Frame[]>;
  /** Once, when there will be no more: why, for people. Not after `close`. */
  readonly onEnd: Event<string>;
  /** News in between, for people: a switch that went, and came back. */
  readonly onNews: Event<string>;
  /** Rejects with a UserError if there is nothing to be had; then nothing is left behind. */
  open(): Promise<void>;
  /** Takes back all that `open` did. Gives how many frames are missing, as far as that can be told. */
  close(): Promise<{ readonly lost: number }>;
}
