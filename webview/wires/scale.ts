import type { WireFaultKey } from '../protocol.ts';

/** How one fault is shown: its name, its unit, and the range of its slider. Values are in the units of a `WireAmount`. */
export interface Scale {
  readonly name: string;
  readonly unit: string;
  /** What one of the unit is, in the units of a `WireAmount`. */
  readonly factor: number;
  /** The end of the slider, in the unit; the field takes more. */
  readonly most: number;
  /** The first position of the slider that is not 0, in the unit. */
  readonly least: number;
  /** What the field takes at most, in the unit. */
  readonly limit: number;
  readonly hint: string;
  /** Most wires need only those that are. */
  readonly isCommon: boolean;
}

export const scales: Readonly<Record<WireFaultKey, Scale>> = {
  delay: scale('Delay', 'ms', 1, [1, 2000, 3_600_000], 'One way, each packet', true),
  jitter: scale('Jitter', 'ms', 1, [1, 1000, 3_600_000], 'By how much the delay varies', true),
  loss: scale('Loss', '%', 1, [0.1, 100, 100], 'Share of packets that get lost', true),
  duplicate: scale('Duplicates', '%', 1, [0.1, 90, 90], 'Share of packets that arrive twice', true),
  bandwidth: scale('Bandwidth', 'kbit/s', 125, [8, 1_000_000, 10_000_000], 'Bottleneck; 0 is none', true),
  burst: scale('Loss burst', 'packets', 1, [1, 100, 1_000_000], 'Mean number of packets lost in a row'),
  speed: scale('Interface speed', 'kbit/s', 125, [8, 1_000_000, 10_000_000], 'Who sends waits; 0 is none'),
  buffer: scale('Channel capacity', 'kB', 1000, [1, 10_000, 1_000_000], 'What may wait; more is lost'),
  noise: scale('Bit noise', 'bits/MB', 1, [1, 10_000, 1_000_000], 'Damaged bits per megabyte'),
  mtu: scale('MTU', 'bytes', 1, [68, 9000, 65_535], 'Larger IP packets vanish; 0 is none'),
};

function scale(
  name: string,
  unit: string,
  factor: number,
  [least, most, limit]: readonly [number, number, number],
  hint: string,
  isCommon = false,
): Scale {
  return { name, unit, factor, most, least, limit, hint, isCommon };
}

/** Positions of a slider: 0 is none, then from the least to the most, each step by the same part. */
export const sliderSteps = 100;

/** The value at a position, in the unit, with two digits that count. */
export function valueAt({ least, most }: Scale, position: number): number {
  if (position <= 0) return 0;
  if (position >= sliderSteps) return most;
  const value = least * (most / least) ** ((position - 1) / (sliderSteps - 1));
  return Number(value.toPrecision(2));
}

/** The position that is nearest to a value; only 0 is at 0. */
export function positionOf({ least, most }: Scale, value: number): number {
  if (value <= 0) return 0;
  const part = Math.log(value / least) / Math.log(most / least);
  return Math.max(1, Math.min(sliderSteps, Math.round(1 + part * (sliderSteps - 1))));
}

/** What was typed, in the unit; undefined: the field cannot have it. */
export function readField({ limit, unit }: Scale, text: string): number | undefined {
  if (!/^\d{1,10}([.,]\d{1,4})?$/.test(text.trim())) return undefined;
  const value = Number(text.trim().replace(',', '.'));
  const isWhole = unit !== 'bytes' || Number.isInteger(value);
  return value <= limit && isWhole ? value : undefined;
}
