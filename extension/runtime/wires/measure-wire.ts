import type { FramePort } from '../wire-ports.ts';
import { firstMarker, sendOver, Way, type FrameCode, type MeasuredWay, type MeasureOptions } from './measured-way.ts';

export interface MeasuredWire {
  readonly there: MeasuredWay;
  readonly back: MeasuredWay;
}

export interface MeasureWireOptions extends MeasureOptions {
  /** Bytes of each frame, with its header, from 60. */
  readonly bytes?: number;
  /** Tells this measurement from others on the same switches. */
  readonly mark: number;
}

/** Sends packets both ways at once between two ports of the two switches of a wire, and counts what arrives. */
export async function measureWire(
  [one, other]: readonly [FramePort, FramePort],
  options: MeasureWireOptions,
): Promise<MeasuredWire> {
  const there = new Way(one, other, codeOf(0, options), options);
  const back = new Way(other, one, codeOf(1, options), options);
  await sendOver([there, back], options);
  return { there: there.measured(), back: back.measured() };
}

const codeOf = (way: number, options: MeasureWireOptions): FrameCode => ({
  write: (number, frame) => frameOf(way, options, number, frame),
  read: bytes => readFrame(bytes, way, options.mark),
});

/** For local experiments (IEEE 802). */
const etherType = 0x88b5;
const shortest = 60;
const headerBytes = 34;

/** To everybody: a switch that has not learnt yet would do the same. */
function frameOf(
  way: number,
  { bytes = shortest, mark }: MeasureWireOptions,
  number: number,
  frame: number,
): Uint8Array {
  const made = new Uint8Array(number >= firstMarker ? shortest : bytes).fill(0xff, 0, 6);
  const view = new DataView(made.buffer);
  view.setUint16(6, 0x0200 + way);
  view.setUint32(8, mark);
  view.setUint16(12, etherType);
  view.setUint32(14, mark);
  view.setUint32(18, way);
  view.setUint32(22, number);
  view.setUint32(26, frame);
  view.setUint32(30, checkOf(number, frame));
  return made;
}

/** A wire with noise may damage any of the bits. */
const checkOf = (number: number, frame: number): number => ~(number ^ (frame << 1)) >>> 0;

function readFrame(bytes: Uint8Array, way: number, mark: number): ReturnType<FrameCode['read']> {
  if (bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOurs = view.getUint16(12) === etherType && view.getUint32(14) === mark && view.getUint32(18) === way;
  const [number, frame] = [view.getUint32(22), view.getUint32(26)];
  const isWhole =
    view.getUint32(30) === checkOf(number, frame) && bytes.subarray(headerBytes).every(byte => byte === 0);
  return isOurs && isWhole ? { number, frame } : undefined;
}
