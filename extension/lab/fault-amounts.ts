import type { Amount, FaultKey } from './wire-faults.ts';

/** The value of one fault as people write it, and back: `20ms`, `1%`, `10Mbit`, `5Mbit ±1Mbit normal`. */

interface Shape {
  /** What one of each unit is; the first that gives a number of at least 1 is written. `''`: a plain number. */
  readonly units: Readonly<Record<string, number>>;
  readonly least?: number;
  readonly most: number;
  readonly isWhole?: true;
  readonly example: string;
}

const times = { s: 1000, ms: 1, us: 0.001 };
const rates = {
  Gbit: 125e6,
  Mbit: 125e3,
  kbit: 125,
  bit: 0.125,
  GB: 1e9,
  MB: 1e6,
  kB: 1e3,
  B: 1,
  MiB: 2 ** 20,
  KiB: 1024,
};
const sizes = { MB: 1e6, kB: 1e3, B: 1, MiB: 2 ** 20, KiB: 1024 };
const time: Shape = { units: times, most: 3_600_000, example: '20ms or 1.5s' };
const percent: Shape = { units: { '%': 1 }, most: 100, example: '1%' };
/** wirefilter divides by a number of 32 bits. */
const rate: Shape = { units: rates, least: 1, most: 1.25e9, example: '10Mbit, 512kbit or 1MB' };
const number: Shape = { units: { '': 1 }, most: 1e6, example: '3' };

const shapes: Readonly<Record<FaultKey, Shape>> = {
  delay: time,
  jitter: { ...time, example: '5ms or 5ms normal' },
  loss: percent,
  burst: { ...number, least: 1, example: '3, the mean number of packets that get lost in a row' },
  // Each copy may have a copy again: at 100 % they never end.
  duplicate: { ...percent, most: 90, example: '1%, at most 90%' },
  bandwidth: rate,
  speed: rate,
  buffer: { units: sizes, least: 1, most: 1e9, example: '64kB' },
  // wirefilter never ends with a packet that has a damaged bit for certain: at 690 one of 1518 bytes.
  noise: { ...number, most: 500, example: '100, the bits that are damaged in 1 MB, at most 500' },
  mtu: { ...number, least: 68, most: 65535, isWhole: true, example: '1400, the bytes of the largest IP packet' },
};

/** The end of a sentence that begins with the key. */
export const amountError = (key: FaultKey): string => `takes an amount such as ${shapes[key].example}; 0 is none.`;

/** Undefined: it is no amount of this. `0` is one for every key. */
export function readAmount(key: FaultKey, text: string | number): Amount | undefined {
  const [, first = '', spread, form] = pattern.exec(String(text).trim()) ?? [];
  const value = readNumber(first, shapes[key]);
  const around = spread === undefined ? 0 : readNumber(spread, shapes[key]);
  if (value === undefined || around === undefined || !isInRange(shapes[key], value, around)) return undefined;
  if (!mayVary(key, spread !== undefined, form !== undefined)) return undefined;
  return { value, ...(around > 0 ? { spread: around } : {}), ...(form === 'normal' ? { isNormal: true } : {}) };
}

const pattern = /^(.*?)(?: ?(?:±|\+-) ?(.*?))?(?: (normal|uniform))?$/;

function isInRange({ least = 0, most, isWhole }: Shape, value: number, spread: number): boolean {
  return (value === 0 || value >= least) && value + spread <= most && (!isWhole || Number.isInteger(value));
}

/** The delay varies by its jitter, whose form is the delay's. */
function mayVary(key: FaultKey, hasSpread: boolean, hasForm: boolean): boolean {
  if (key === 'jitter') return !hasSpread;
  return hasSpread ? key !== 'delay' && key !== 'mtu' : !hasForm;
}

function readNumber(text: string, { units }: Shape): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z%]*)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) return Number(digits) === 0 && unit === '' ? 0 : undefined;
  return tidy(Number(digits) * factor);
}

export function writeAmount(key: FaultKey, { value, spread, isNormal }: Amount): string {
  const around = spread === undefined ? '' : ` ±${writeNumber(spread, shapes[key])}`;
  return `${writeNumber(value, shapes[key])}${around}${isNormal ? ' normal' : ''}`;
}

/** In the largest unit in which it has at most four decimals. */
function writeNumber(value: number, { units }: Shape): string {
  if (value === 0) return '0';
  const written = Object.entries(units).map(([unit, factor]) => ({ unit, amount: tidy(value / factor) }));
  const fitting =
    written.find(({ amount }) => amount >= 1 && Number.isInteger(tidy(amount * 1e4))) ??
    written.find(({ amount }) => amount >= 1);
  const { unit, amount } = fitting ?? written.at(-1) ?? { unit: '', amount: value };
  return `${amount}${unit}`;
}

/** As many digits as wirefilter tells, without what computing in binary adds. */
const tidy = (value: number): number => Number(value.toPrecision(12));
