import type { Disposable } from '../../base/disposable.ts';
import { UserError } from '../../base/user-error.ts';
import type { FramePort } from '../wire-ports.ts';
import { makeProbe } from '../wires/wire-probes.ts';
import type { CheckBench } from './check-bench.ts';
import { placeKey, placeWords, type VlanPlace } from './vlan-place.ts';

export interface Heard {
  readonly talker: VlanPlace;
  readonly ear: VlanPlace;
}

/** A spanning tree lets a new port speak only after a while. */
const longestControlMs = 40_000;
const againMs = 100;
const calmMs = 1000;
const lastRound = 5;
const slowness = 2;

/**
 * Which places of one side hear which ones of the other. At each place one probe speaks and another one listens: that this one
 * hears the first shows that both work, before anything is said of others.
 */
export async function whoHearsWhom(
  [one, other]: readonly [readonly VlanPlace[], readonly VlanPlace[]],
  bench: CheckBench,
): Promise<readonly Heard[]> {
  const posts: Post[] = [];
  // Others may be doing the same on the same switches.
  const mark = bench.parts.random() >>> 0;
  try {
    for (const place of [...one, ...other]) posts.push(await makePost(place, { mark, number: posts.length }, bench));
    await untilEachHearsItself(posts, 0, bench);
    bench.note(`(two probes in each of ${posts.map(({ place }) => placeWords(place)).join(', ')} hear each other)`);
    const began = bench.parts.clock.now();
    await untilEachHearsItself(posts, lastRound, bench);
    // On a busy host everything takes longer, what comes through wires too.
    await rest(calmMs + slowness * (bench.parts.clock.now() - began) + longestDelay(bench), bench);
    const isHere = new Set(one.map(placeKey));
    const crossed = posts.flatMap(ear =>
      posts
        .filter(({ place }) => isHere.has(placeKey(place)) !== isHere.has(placeKey(ear.place)))
        .filter(talker => ear.hears(talker, 0))
        .map(talker => ({ talker: talker.place, ear: ear.place })),
    );
    for (const { talker, ear } of crossed) bench.note(`(${placeWords(ear)} hears ${placeWords(talker)})`);
    return crossed;
  } finally {
    for (const post of posts) await post.remove();
  }
}

/** All speak until each has been heard at its own place, this often at least. */
async function untilEachHearsItself(posts: readonly Post[], round: number, bench: CheckBench): Promise<void> {
  const { clock } = bench.parts;
  for (const end = clock.now() + longestControlMs; ;) {
    const first = posts.find(post => !post.hears(post, round));
    if (!first) return;
    if (clock.now() >= end)
      throw new UserError(`Two probes in ${placeWords(first.place)} do not hear each other, so nothing can be said.`);
    for (const post of posts) post.speak();
    await rest(againMs, bench);
  }
}

async function rest(ms: number, { parts, signal }: CheckBench): Promise<void> {
  if (signal?.aborted) throw new UserError('The check was called off.');
  await new Promise<void>(resolve => void parts.clock.after(ms, resolve));
}

/** Milliseconds that wires of the lab may hold a frame back, one after another. */
const longestDelay = ({ lab }: CheckBench): number =>
  lab.wires
    .flatMap(({ faults }) => [faults?.there, faults?.back])
    .reduce((sum, way) => sum + (way?.delay?.value ?? 0) + (way?.jitter?.value ?? 0), 0);

/** Two probes at one place. */
interface Post {
  readonly place: VlanPlace;
  readonly number: number;
  /** Begins with round 0. */
  speak(): void;
  /** Whether this round of the talker, or a later one, has come. */
  hears(talker: Post, round: number): boolean;
  remove(): Promise<void>;
}

async function makePost(place: VlanPlace, own: Own, bench: CheckBench): Promise<Post> {
  const { parts, signal } = bench;
  const made: { remove(): Promise<void> }[] = [];
  const listening: Disposable[] = [];
  const remove = async (): Promise<void> => {
    for (const one of listening) one.dispose();
    for (const probe of made) await probe.remove();
  };
  try {
    const of = bench.runningSwitch(place.switch);
    const order = { vlan: place.vlan, signal };
    const talker = await makeProbe(of, order, parts);
    made.push(talker);
    const ear = await makeProbe(of, order, parts);
    made.push(ear);
    const hearing = listenTo(ear.port, own.mark);
    listening.push(hearing);
    let round = 0;
    return {
      ...{ place, number: own.number, remove },
      speak: () => void talker.port.send(frameOf(own, round++)),
      hears: (other, least) => (hearing.heard.get(other.number) ?? -1) >= least,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** By the number of each talker: the last of its rounds that came. */
function listenTo(port: FramePort, mark: number): Disposable & { readonly heard: ReadonlyMap<number, number> } {
  const heard = new Map<number, number>();
  const listening = port.onFrame(frame => {
    const spoken = spokenIn(frame, mark);
    if (spoken) heard.set(spoken.number, Math.max(spoken.round, heard.get(spoken.number) ?? 0));
  });
  return { heard, dispose: () => listening.dispose() };
}

/** What tells the frames of one probe from all others. */
interface Own {
  readonly mark: number;
  readonly number: number;
}

/** For local experiments (IEEE 802). */
const etherType = 0x88b5;

/** To everybody, from a card of nobody. */
function frameOf({ mark, number }: Own, round: number): Uint8Array {
  const frame = new Uint8Array(60).fill(0xff, 0, 6);
  const view = new DataView(frame.buffer);
  view.setUint16(6, 0x0200 + number);
  view.setUint32(8, mark);
  view.setUint16(12, etherType);
  view.setUint32(14, mark);
  view.setUint32(18, number);
  view.setUint32(22, round);
  return frame;
}

/** Undefined: it is no frame of ours. */
function spokenIn(frame: Uint8Array, mark: number): { readonly number: number; readonly round: number } | undefined {
  if (frame.length < 26) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint16(12) !== etherType || view.getUint32(14) !== mark) return undefined;
  return { number: view.getUint32(18), round: view.getUint32(22) };
}
