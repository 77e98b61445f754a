import type { Disposable } from '../base/disposable.ts';

/** A card of no VM on a port of a switch. */
export interface FramePort extends Disposable {
  /** Sends one Ethernet frame; gives when, in milliseconds of the same clock as `atMs`. */
  send(frame: Uint8Array): number;
  /** Hears each frame that comes in, until disposed. */
  onFrame(hear: (frame: Uint8Array, atMs: number) => void): Disposable;
}
