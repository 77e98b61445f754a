import type { ThingId } from './thing-id.ts';

/** What the things of a picture do right now; plain data. Nothing is said of things that cannot run. */
export interface LivePicture {
  readonly states: Readonly<Record<ThingId, LiveState>>;
  /** Of links whose ports carry something. */
  readonly traffic: Readonly<Record<ThingId, LinkTraffic>>;
}

export type StateKind = 'running' | 'paused' | 'busy' | 'stopped' | 'failed';

export interface LiveState {
  readonly kind: StateKind;
  /** `running`, `paused`, `starting`, `failed`: short enough for a box. */
  readonly word: string;
}

export interface LinkTraffic {
  readonly bytesPerSecond: number;
  /** `▼ 12 kB/s ▲ 3 kB/s` */
  readonly words: string;
}

export const nothingLive: LivePicture = { states: {}, traffic: {} };
