import type { Disposable } from '../../base/disposable.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Clock } from '../host.ts';
import type { RemoteHosts } from '../remote-ports.ts';
import type { HostLook } from '../state.ts';
import type { LabStore } from '../store.ts';
import { lookAtHost } from './far-look.ts';

/** Which hosts of which lab files the user has had to do with, over restarts, by keys of our making. */
export interface AskedHosts {
  has(key: string): boolean;
  add(key: string): void;
}

export interface FarWatchParts {
  readonly store: LabStore;
  readonly remote: () => Promise<RemoteHosts>;
  readonly clock: Clock;
  readonly asked: AskedHosts;
  /** Between two looks at a host that answers. */
  readonly intervalMs: () => number;
}

/** A host of one lab. */
interface Watched {
  readonly path: string;
  readonly name: string;
  /** What is said of it before it was asked. */
  readonly notAsked: HostLook;
  failures: number;
  looking: Promise<void> | undefined;
  next: Disposable | undefined;
}

/** Who does not answer is asked less and less often, at least once in so many intervals. */
const slowestFactor = 16;

const notAsked = (name: string): HostLook => ({
  kind: 'unknown',
  brief: `${name} was not asked yet`,
  reason: `Host ${name} is asked when you start or stop something of its lab, or refresh the view.`,
});

/** By its destination too: another one in the file is another host. */
const askedKey = (path: string, { name, ssh }: LabHost): string => JSON.stringify([path, name, ssh]);

/**
 * Looks at the other hosts of labs while views are on the screen, at each by itself, so that one that does not answer keeps
 * none of the others back. A host is first asked when the user orders something; from then on it is watched.
 */
export class FarWatch implements Disposable {
  private readonly following: Disposable;
  private readonly watched = new Map<string, Watched>();
  private readonly parts: FarWatchParts;
  private isLooking = false;

  constructor(parts: FarWatchParts) {
    this.parts = parts;
    this.following = parts.store.onDidChange(() => this.follow());
    this.follow();
  }

  /** Whether anything on the screen depends on it. */
  setLooking(isLooking: boolean): void {
    if (isLooking === this.isLooking) return;
    this.isLooking = isLooking;
    for (const [key, one] of this.watched)
      if (isLooking) this.begin(key, one);
      else one.next?.dispose();
  }

  /** The user wants to know: all hosts are asked. When it is over the store knows. */
  async refresh(): Promise<void> {
    for (const key of this.watched.keys()) this.parts.asked.add(key);
    await Promise.all([...this.watched].map(([key, one]) => this.askAnew(key, one)));
  }

  dispose(): void {
    this.following.dispose();
    for (const { next } of this.watched.values()) next?.dispose();
    this.watched.clear();
  }

  /** Labs and their hosts come and go. What the store was told of a host by others came of an order of the user. */
  private follow(): void {
    const { store, asked } = this.parts;
    const present = store.labs.flatMap(({ path, lab }) => (lab?.hosts ?? []).map(host => ({ path, host })));
    const keys = new Set(present.map(({ path, host }) => askedKey(path, host)));
    for (const [key, one] of this.watched) if (!keys.has(key)) this.forget(key, one);
    for (const { path, host } of present) {
      const key = askedKey(path, host);
      const one = this.watched.get(key) ?? this.add(key, path, host);
      const look = store.farOf(path).get(host.name);
      if (!look) store.setFar(path, host.name, one.notAsked);
      else if (look !== one.notAsked && !asked.has(key)) {
        asked.add(key);
        this.begin(key, one);
      }
    }
  }

  private add(key: string, path: string, host: LabHost): Watched {
    const { name } = host;
    const one = { path, name, notAsked: notAsked(name), failures: 0, looking: undefined, next: undefined };
    this.watched.set(key, one);
    this.begin(key, one);
    return one;
  }

  private forget(key: string, { path, name, next }: Watched): void {
    next?.dispose();
    this.watched.delete(key);
    this.parts.store.setFar(path, name, undefined);
  }

  private begin(key: string, one: Watched): void {
    if (this.isLooking && this.parts.asked.has(key)) void this.look(key, one);
  }

  /** What was asked before may already be old. */
  private async askAnew(key: string, one: Watched): Promise<void> {
    await one.looking;
    await this.look(key, one);
  }

  private look(key: string, one: Watched): Promise<void> {
    one.looking ??= this.ask(key, one).finally(() => (one.looking = undefined));
    return one.looking;
  }

  private async ask(key: string, one: Watched): Promise<void> {
    const { store, remote, clock, intervalMs } = this.parts;
    const { path, name } = one;
    one.next?.dispose();
    const lab = store.lab(path)?.lab;
    const host = lab?.hosts?.find(known => known.name === name);
    if (!lab || !host) return;
    const before = store.farOf(path).get(name);
    const look = await lookAtHost(await remote(), host, lab);
    if (this.watched.get(key) !== one) return;
    one.failures = look.kind === 'unknown' ? one.failures + 1 : 0;
    // An order was over meanwhile: what it has seen is newer.
    if (store.farOf(path).get(name) === before) store.setFar(path, name, look);
    if (!this.isLooking) return;
    const factor = Math.min(2 ** one.failures, slowestFactor);
    one.next = clock.after(intervalMs() * factor, () => void this.look(key, one));
  }
}
