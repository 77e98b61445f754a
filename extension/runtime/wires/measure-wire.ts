import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { Clock } from '../host.ts';
import type { FramePort } from '../wire-ports.ts';

/** What was measured of one direction. */
export interface MeasuredWay {
  readonly sent: number;
  /** Those that arrived at all. */
  readonly received: number;
  /** Copies of them. */
  readonly duplicates: number;
  /** Milliseconds one way, with what the switches and this program take. Undefined: nothing arrived. */
  readonly delay: { readonly least: number; readonly mean: number; readonly most: number } | undefined;
}

export interface MeasuredWire {
  readonly there: MeasuredWay;
  readonly back: MeasuredWay;
}

export interface MeasureOptions {
  /** Packets in each direction. */
  readonly count: number;
  /** Bytes of each frame, with its header, from 60. */
  readonly bytes?: number;
  /** Nothing is on its way for so long. */
  readonly patienceMs: number;
  /** Tells this measurement from others on the same switches. */
  readonly mark: number;
  readonly clock: Clock;
  readonly signal?: CancelSignal | undefined;
}

/** Unix sockets hold ten datagrams that nobody has read yet; what is more would be lost by the host and not by the wire. */
const mostOnTheWay = 6;
const stepMs = 1;
const markerMs = 20;

/**
 * Sends packets both ways at once between two ports of the two switches of a wire, and counts what arrives. Few are on
 * their way at a time. A wire keeps the order, so what is missing when a later packet has arrived was lost.
 */
export async function measureWire(
  ends: readonly [FramePort, FramePort],
  options: MeasureOptions,
): Promise<MeasuredWire> {
  const [one, other] = ends;
  const [there, back] = [new Way(one, other, 0, options), new Way(other, one, 1, options)];
  try {
    await both(there, back, way => way.untilThrough(), options);
    await both(there, back, way => way.sendAll(), options);
    await both(there, back, way => way.untilThrough(), options);
    return { there: there.measured(), back: back.measured() };
  } finally {
    there.dispose();
    back.dispose();
  }
}

async function both(
  there: Way,
  back: Way,
  work: (way: Way) => Iterator<number>,
  { clock, signal }: MeasureOptions,
): Promise<void> {
  await Promise.all([there, back].map(way => paced(work(way), clock, signal)));
}

/** Each step of the work says how many milliseconds it rests. */
async function paced(steps: Iterator<number>, clock: Clock, signal: CancelSignal | undefined): Promise<void> {
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    const restMs = step.value;
    if (signal?.aborted) throw new UserError('The measurement was called off.');
    await new Promise<void>(resolve => void clock.after(restMs, resolve));
  }
}

/** One direction. */
class Way implements Disposable {
  private readonly from: FramePort;
  private readonly number: number;
  private readonly options: MeasureOptions;
  private readonly hearing: Disposable;
  private readonly sentAt: number[] = [];
  private readonly delays = new Map<number, number>();
  private duplicates = 0;
  private newest = -1;
  /** How many packets had been sent before the newest marker that came through; -1: none came. */
  private through = -1;

  constructor(from: FramePort, to: FramePort, number: number, options: MeasureOptions) {
    this.from = from;
    this.number = number;
    this.options = options;
    this.hearing = to.onFrame((frame, atMs) => this.hear(frame, atMs));
  }

  /** Until a marker behind all its packets has come through, or for as long as patience lasts. Switches learn where it is sent from. */
  *untilThrough(): Generator<number> {
    const { clock, patienceMs } = this.options;
    for (const end = clock.now() + patienceMs; this.through < this.sentAt.length && clock.now() < end;) {
      this.sendMarker();
      yield markerMs;
    }
  }

  *sendAll(): Generator<number> {
    const { clock, patienceMs, count } = this.options;
    let since = clock.now();
    while (this.sentAt.length < count) {
      const isFull = this.sentAt.length - 1 - this.newest >= mostOnTheWay;
      if (!isFull || clock.now() - since >= patienceMs) {
        this.sentAt.push(this.from.send(frameOf(this.number, this.options, this.sentAt.length)));
        since = clock.now();
      } else if (clock.now() - since >= markerMs) this.sendMarker();
      yield isFull && clock.now() - since >= markerMs ? markerMs : stepMs;
    }
  }

  measured(): MeasuredWay {
    const all = [...this.delays.values()];
    const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
    const delay = all.length === 0 ? undefined : { least: Math.min(...all), mean, most: Math.max(...all) };
    return { sent: this.sentAt.length, received: all.length, duplicates: this.duplicates, delay };
  }

  dispose(): void {
    this.hearing.dispose();
  }

  /** What was sent before it and is not there when it arrives was lost. */
  private sendMarker(): void {
    this.from.send(frameOf(this.number, this.options, firstMarker + this.sentAt.length));
  }

  private hear(frame: Uint8Array, atMs: number): void {
    const number = numberOf(frame, this.number, this.options.mark);
    if (number === undefined) return;
    if (number >= firstMarker) {
      this.through = Math.max(this.through, number - firstMarker);
      this.newest = Math.max(this.newest, this.through - 1);
    }
    const sent = this.sentAt[number];
    if (sent === undefined) return;
    if (this.delays.has(number)) this.duplicates += 1;
    else this.delays.set(number, atMs - sent);
    this.newest = Math.max(this.newest, number);
  }
}

/** Markers have the number of packets that were sent before them, added to this. */
const firstMarker = 0x8000_0000;
/** For local experiments (IEEE 802). */
const etherType = 0x88b5;
const shortest = 60;

/** To everybody: a switch that has not learnt yet would do the same. */
function frameOf(way: number, { bytes = shortest, mark }: MeasureOptions, number: number): Uint8Array {
  const frame = new Uint8Array(number >= firstMarker ? shortest : bytes).fill(0xff, 0, 6);
  const view = new DataView(frame.buffer);
  view.setUint16(6, 0x0200 + way);
  view.setUint32(8, mark);
  view.setUint16(12, etherType);
  view.setUint32(14, mark);
  view.setUint32(18, way);
  view.setUint32(22, number);
  return frame;
}

/** Undefined: it is none of this measurement, or was damaged on its way. */
function numberOf(frame: Uint8Array, way: number, mark: number): number | undefined {
  if (frame.length < 26) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const isOurs = view.getUint16(12) === etherType && view.getUint32(14) === mark && view.getUint32(18) === way;
  const isWhole = isOurs && frame.subarray(26).every(byte => byte === 0);
  return isWhole ? view.getUint32(22) : undefined;
}
