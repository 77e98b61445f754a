import type { ThingId } from './thing-id.ts';

/** What the things of a picture do right now; plain data. Nothing is said of things that cannot run. */
export interface LivePicture {
  readonly states: Readonly<Record<ThingId, LiveState>>;
  /** Of links whose ports carry something. */
  readonly traffic: Readonly<Record<ThingId, LinkTraffic>>;
  /** Of networks, links and wires on switches with a spanning tree. */
  readonly trees: Readonly<Record<ThingId, TreePlace>>;
  /** What is wrong with links and wires, in words: `20 ms, 1 % loss`. */
  readonly faults: Readonly<Record<ThingId, string>>;
}

/** `booting`: its process runs, its guest is not ready yet. */
export type StateKind = 'running' | 'booting' | 'paused' | 'busy' | 'stopped' | 'failed';

export interface LiveState {
  readonly kind: StateKind;
  /** `running`, `booting`, `paused`, `starting`, `failed`: short enough for a box. */
  readonly word: string;
}

export interface LinkTraffic {
  readonly bytesPerSecond: number;
  /** In both directions: `15 kB/s`. */
  readonly label: string;
  /** `in 12 kB/s · out 3 kB/s`, seen from the switch. */
  readonly words: string;
}

/** What a thing is in the spanning tree. */
export interface TreePlace {
  /** `root bridge`, `edge port`; of a wire one word for each end: `lan: root port · dmz: designated`. */
  readonly words: string;
  /** It carries nothing but the tree's own frames, so that there is no loop. */
  readonly isBlocked: boolean;
}

export const nothingLive: LivePicture = { states: {}, traffic: {}, trees: {}, faults: {} };

/** What is told of one thing. */
export interface PictureFacts {
  readonly title: string;
  /** For screen readers: name, kind, state in one line. */
  readonly spoken: string;
  readonly lines: readonly string[];
  /** Undefined: it has none. */
  readonly menu: PictureMenu | undefined;
}

/** What a command of a thing's menu gets: it names the thing as trees do. */
export interface PictureMenu {
  /** What it is, for the `when` clauses. */
  readonly kvmlabItem: string;
  /** Absolute path of the lab file. */
  readonly lab: string;
  readonly kind: string;
  readonly name: string;
}

/** Things that hear each other on layer 2: nodes, links, networks and wires. */
export interface PictureSegment {
  /** 0: ports without a VLAN. */
  readonly vlan: number;
  readonly things: readonly ThingId[];
}
