/**
 * What can be wrong with a wire, as wirefilter can make it. `there` is the way from the wire's first end to its second
 * (from a NIC to its switch), `back` the other one.
 */
export const faultKeys = [
  'delay',
  'jitter',
  'loss',
  'burst',
  'duplicate',
  'bandwidth',
  'speed',
  'buffer',
  'noise',
  'mtu',
] as const;
export type FaultKey = (typeof faultKeys)[number];

/**
 * How much of one fault. Units: delay and jitter milliseconds, loss and duplicate percent, burst packets, bandwidth and
 * speed bytes a second, buffer bytes, noise bits of 2^20 bytes, mtu bytes of an IP packet.
 */
export interface Amount {
  readonly value: number;
  /** At each packet another value between value − spread and value + spread. Never for delay (jitter is its spread) and mtu. */
  readonly spread?: number;
  /** Whether values in the middle are likelier (Gauss); else all are as likely. Of jitter: how the delay spreads. */
  readonly isNormal?: true;
}

/** The faults of one direction. What is not there is perfect. */
export type Faults = Readonly<Partial<Record<FaultKey, Amount>>>;

export const directions = ['there', 'back'] as const;
export type Direction = (typeof directions)[number];

export interface BothFaults {
  readonly there: Faults;
  readonly back: Faults;
}

export interface WireFaults extends BothFaults {
  /** Packets may overtake each other, as far as their delays differ. */
  readonly reorder: boolean;
  /** Undefined: the wire is always the same. Else `there` and `back` are those of the first state. */
  readonly chain: WireChain | undefined;
}

/** A wire that changes by chance from state to state (a Markov chain). It begins in the first. */
export interface WireChain {
  /** After so many milliseconds chance decides on the next state. */
  readonly everyMs: number;
  readonly states: readonly WireState[];
}

export interface WireState extends BothFaults {
  readonly name: string;
  /** Percent by which this state is followed by another one, by its index; else it stays. */
  readonly to: ReadonlyMap<number, number>;
}

/** A bad wire by its name. */
export interface WirePreset {
  readonly name: string;
  readonly faults: WireFaults;
}

export const perfectWire: WireFaults = { there: {}, back: {}, reorder: false, chain: undefined };

export const isPerfect = ({ there, back, reorder, chain }: WireFaults): boolean =>
  Object.keys(there).length + Object.keys(back).length === 0 && !reorder && chain === undefined;

/** The states of a wire; one without a name if it is always the same. */
export const statesOf = ({ there, back, chain }: WireFaults): readonly WireState[] =>
  chain?.states ?? [{ name: '', there, back, to: new Map() }];
