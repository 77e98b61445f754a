import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { Clock } from '../host.ts';
import type { FramePort } from '../wire-ports.ts';

/** What was measured of one direction, or of there and back. */
export interface MeasuredWay {
  readonly sent: number;
  /** Those that arrived at all. */
  readonly received: number;
  /** How often one or several in a row were lost. */
  readonly bursts: number;
  /** Copies of them. */
  readonly duplicates: number;
  /** Those that arrived behind one that was sent later. */
  readonly overtaken: number;
  /** Milliseconds one way, with what the switches and this program take. Undefined: nothing arrived. */
  readonly delay: { readonly least: number; readonly mean: number; readonly most: number } | undefined;
}

export interface MeasureOptions {
  /** Packets in each direction. */
  readonly count: number;
  /** Nothing is on its way for so long. */
  readonly patienceMs: number;
  /** The wire may change the order, so only patience tells what was lost. */
  readonly mayReorder?: boolean | undefined;
  readonly clock: Clock;
  readonly signal?: CancelSignal | undefined;
}

/** What goes over a way. `frame` counts packets and markers together. */
export interface FrameCode {
  write(number: number, frame: number): Uint8Array;
  /** Undefined: it is none of this measurement, or was damaged on its way. */
  read(bytes: Uint8Array): { readonly number: number; readonly frame: number } | undefined;
}

/** Markers have the number of packets that were sent before them, added to this. */
export const firstMarker = 0x8000_0000;

/**
 * Unix sockets hold ten datagrams that nobody has read yet; what is more would be lost by the host and not by the wire,
 * as soon as one of the processes on the way gets no processor for a while.
 */
const mostOnTheWay = 5;
const stepMs = 1;
const firstRestMs = 20;
const longestRestMs = 200;

/** Sends packets over ways at once, and a marker behind them. Rejects with a UserError if it is called off. */
export async function sendOver(ways: readonly Way[], { clock, signal }: MeasureOptions): Promise<void> {
  const all = (work: (way: Way) => Iterator<number>): Promise<unknown> =>
    Promise.all(ways.map(way => paced(work(way), clock, signal)));
  try {
    await all(way => way.untilThrough());
    await all(way => way.sendAll());
    await all(way => way.untilThrough());
  } finally {
    for (const way of ways) way.dispose();
  }
}

/** Each step of the work says how many milliseconds it rests. */
async function paced(steps: Iterator<number>, clock: Clock, signal: CancelSignal | undefined): Promise<void> {
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    const restMs = step.value;
    if (signal?.aborted) throw new UserError('The measurement was called off.');
    await new Promise<void>(resolve => void clock.after(restMs, resolve));
  }
}

/**
 * One direction. Few are on their way at a time. Where a wire keeps the order, what is missing when a later packet has
 * arrived was lost.
 */
export class Way implements Disposable {
  private readonly from: FramePort;
  private readonly code: FrameCode;
  private readonly options: MeasureOptions;
  private readonly hearing: Disposable;
  private readonly sentAt: number[] = [];
  private readonly delays = new Map<number, number>();
  private duplicates = 0;
  private overtaken = 0;
  private newest = -1;
  /** All frames count here, also markers: when those were sent that have not arrived and may still do so. */
  private readonly onTheWay = new Map<number, number>();
  private frames = 0;
  /** How many packets had been sent before the newest marker that came through; -1: none came. */
  private through = -1;

  constructor(from: FramePort, to: FramePort, code: FrameCode, options: MeasureOptions) {
    this.from = from;
    this.code = code;
    this.options = options;
    this.hearing = to.onFrame((frame, atMs) => this.hear(frame, atMs));
  }

  /** Until a marker behind all its packets has come through, or for as long as patience lasts. Switches learn where it is sent from. */
  *untilThrough(): Generator<number> {
    const { clock, patienceMs } = this.options;
    const end = clock.now() + patienceMs;
    for (let restMs = firstRestMs; !this.isThrough() && clock.now() < end; restMs = longer(restMs)) {
      this.sendMarker();
      yield* this.rest(Math.min(restMs, end - clock.now()), () => this.isThrough());
    }
  }

  /**
   * A packet that arrives tells what became of those before it, so after a while one more is sent although enough are on
   * their way. A direction in which nothing ever arrives gets no more than that.
   */
  *sendAll(): Generator<number> {
    if (this.through < 0) this.onTheWay.clear();
    for (let restMs = firstRestMs; this.sentAt.length < this.options.count;) {
      const wasFull = this.isFull();
      if (wasFull && this.through < 0) return;
      if (wasFull) yield* this.rest(restMs, () => !this.isFull());
      restMs = wasFull && this.isFull() ? longer(restMs) : firstRestMs;
      this.sentAt.push(this.send(this.sentAt.length));
      yield stepMs;
    }
  }

  measured(): MeasuredWay {
    const { duplicates, overtaken } = this;
    const isLost = this.sentAt.map((_, number) => !this.delays.has(number));
    const bursts = isLost.filter((lost, number) => lost && isLost[number - 1] !== true).length;
    const sent = this.sentAt.length;
    return {
      sent,
      received: this.delays.size,
      bursts,
      duplicates,
      overtaken,
      delay: spanOf([...this.delays.values()]),
    };
  }

  dispose(): void {
    this.hearing.dispose();
  }

  /** Looks every millisecond whether it is over. */
  private *rest(forMs: number, isOver: () => boolean): Generator<number> {
    const { clock } = this.options;
    for (const end = clock.now() + forMs; !isOver() && clock.now() < end;) yield stepMs;
  }

  private isThrough(): boolean {
    const { mayReorder } = this.options;
    return this.through >= this.sentAt.length && (mayReorder !== true || this.delays.size === this.sentAt.length);
  }

  /** What took longer than patience lasts was lost. */
  private isFull(): boolean {
    const { clock, patienceMs } = this.options;
    for (const [frame, sentAt] of this.onTheWay) {
      if (clock.now() - sentAt >= patienceMs) this.onTheWay.delete(frame);
    }
    return this.onTheWay.size >= mostOnTheWay;
  }

  /** What was sent before it and is not there when it arrives was lost. */
  private sendMarker(): void {
    this.send(firstMarker + this.sentAt.length);
  }

  private send(number: number): number {
    this.onTheWay.set(this.frames, this.options.clock.now());
    const sentAt = this.from.send(this.code.write(number, this.frames));
    this.frames += 1;
    return sentAt;
  }

  private hear(frame: Uint8Array, atMs: number): void {
    const heard = this.code.read(frame);
    if (!heard) return;
    this.arrived(heard.frame);
    const { number } = heard;
    if (number >= firstMarker) this.through = Math.max(this.through, number - firstMarker);
    const sent = this.sentAt[number];
    if (sent === undefined) return;
    if (this.delays.has(number)) this.duplicates += 1;
    else {
      this.delays.set(number, atMs - sent);
      if (number < this.newest) this.overtaken += 1;
    }
    this.newest = Math.max(this.newest, number);
  }

  private arrived(frame: number): void {
    this.onTheWay.delete(frame);
    if (this.options.mayReorder === true) return;
    for (const earlier of this.onTheWay.keys()) if (earlier < frame) this.onTheWay.delete(earlier);
  }
}

const longer = (restMs: number): number => Math.min(2 * restMs, longestRestMs);

function spanOf(delays: readonly number[]): MeasuredWay['delay'] {
  if (delays.length === 0) return undefined;
  const [least, most] = delays.reduce(
    ([low, high], one) => [Math.min(low, one), Math.max(high, one)],
    [Infinity, -Infinity],
  );
  return { least, mean: delays.reduce((sum, one) => sum + one, 0) / delays.length, most };
}
