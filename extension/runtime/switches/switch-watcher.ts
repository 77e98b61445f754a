import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { UserError } from '../../base/user-error.ts';
import type { SwitchCommand } from '../../vde/switch-commands.ts';
import type { Clock } from '../host.ts';
import type { SwitchPicture } from './port-picture.ts';
import type { RunningSwitch } from '../state.ts';
import type { LabStore } from '../store.ts';
import { managementOf, SwitchReader, type SwitchReaderParts } from './switch-reader.ts';
import { tellSwitch } from './vlan-change.ts';

export interface SwitchWatcherParts extends SwitchReaderParts {
  readonly clock: Clock;
  readonly store: LabStore;
  readonly intervalMs: () => number;
  /** Hears of bugs; a switch that does not answer is none. */
  readonly log?: (message: string) => void;
}

/** Events say who comes and goes; the tables that have no events are looked at in every so many rounds. */
const roundsToAll = 5;
/** News come in bursts: a plug alone is three lines. */
const newsPauseMs = 60;
const slowestFactor = 16;

/**
 * Looks at the switches that somebody looks at: at once when they come, when they tell news, and slowly in between for
 * traffic and as a safety net. One that does not answer is asked ever more seldom and delays no other.
 */
export class SwitchWatcher implements Disposable {
  private readonly parts: SwitchWatcherParts;
  private readonly wanted = new Map<string, ReadonlySet<number>>();
  private readonly watched = new Map<number, WatchedSwitch>();
  private readonly changed = new Emitter<number>();
  /** Gives the pid of a switch that was looked at, or that nobody looks at any more. */
  readonly onDidChange = this.changed.event;

  constructor(parts: SwitchWatcherParts) {
    this.parts = parts;
  }

  /** The switches, by pid, that one view shows with their ports now. They replace those that it named before. */
  want(view: string, pids: readonly number[]): void {
    this.wanted.set(view, new Set(pids));
    const all = new Set([...this.wanted.values()].flatMap(one => [...one]));
    const unwanted = [...this.watched].filter(([pid]) => !all.has(pid));
    for (const [pid, one] of unwanted) this.drop(pid, one);
    for (const pid of all) if (!this.watched.has(pid)) this.begin(pid);
    for (const [pid] of unwanted) this.changed.fire(pid);
  }

  /** Undefined: nobody looks at it, or it has not answered yet. */
  picture(pid: number): SwitchPicture | undefined {
    const one = this.watched.get(pid);
    return one?.reader.picture(this.labOf(one.of));
  }

  /** Looks now. Rejects with a UserError if the switch does not answer. */
  async look(of: RunningSwitch, signal?: CancelSignal): Promise<SwitchPicture> {
    const reader = new SwitchReader(of, this.parts);
    await reader.read('all', signal);
    const picture = reader.picture(this.labOf(of));
    if (!picture) throw new UserError(`Switch ${of.name} told nothing.`);
    return picture;
  }

  async tell(of: RunningSwitch, commands: readonly SwitchCommand<unknown>[], signal?: CancelSignal): Promise<void> {
    try {
      await tellSwitch(this.parts.management, of.name, managementOf(of), commands, signal);
    } finally {
      this.watched.get(of.pid)?.hear();
    }
  }

  dispose(): void {
    for (const [pid, one] of [...this.watched]) this.drop(pid, one);
    this.changed.dispose();
  }

  private begin(pid: number): void {
    const of = this.parts.store.host.switches.find(one => one.pid === pid);
    if (of?.management === undefined) return;
    this.watched.set(pid, new WatchedSwitch(of, of.management, this.parts, () => this.changed.fire(pid)));
  }

  private drop(pid: number, one: WatchedSwitch): void {
    one.dispose();
    this.watched.delete(pid);
  }

  private labOf(of: RunningSwitch) {
    return this.parts.store.labOf(of)?.lab;
  }
}

class WatchedSwitch implements Disposable {
  readonly of: RunningSwitch;
  readonly reader: SwitchReader;
  private readonly management: string;
  private readonly parts: SwitchWatcherParts;
  private readonly onChange: () => void;
  private next: Disposable | undefined;
  private news: Disposable | undefined;
  private rounds = 0;
  private failures = 0;
  private isBusy = false;
  private hasNews = false;
  private isOver = false;

  constructor(of: RunningSwitch, management: string, parts: SwitchWatcherParts, onChange: () => void) {
    this.of = of;
    this.management = management;
    this.parts = parts;
    this.onChange = onChange;
    this.reader = new SwitchReader(of, parts);
    void this.round();
  }

  /** Something has changed: looks at everything, soon. */
  hear(): void {
    if (this.hasNews || this.isOver) return;
    this.hasNews = true;
    if (!this.isBusy) this.schedule(newsPauseMs);
  }

  dispose(): void {
    this.isOver = true;
    this.next?.dispose();
    this.news?.dispose();
  }

  /** Never rejects: a switch that does not answer is nothing that anybody has to hear of. */
  private async round(): Promise<void> {
    this.isBusy = true;
    const isWhole = this.hasNews || this.rounds % roundsToAll === 0;
    this.hasNews = false;
    this.rounds += 1;
    try {
      if (!this.news) this.listen();
      await this.reader.read(isWhole ? 'all' : 'ports');
      this.failures = 0;
      if (!this.isOver) this.onChange();
    } catch (error) {
      if (!(error instanceof UserError)) this.parts.log?.(`Cannot look at switch ${this.of.name}: ${String(error)}`);
      this.failures += 1;
      this.rounds = 0;
    }
    this.isBusy = false;
    const factor = Math.min(2 ** this.failures, slowestFactor);
    this.schedule(this.isTold() ? newsPauseMs : this.parts.intervalMs() * factor);
  }

  /** News may have come while the round was on its way. */
  private isTold(): boolean {
    return this.hasNews;
  }

  private listen(): void {
    this.news = this.parts.management.listen(this.management, ['port'], {
      onNews: () => this.hear(),
      onEnd: () => (this.news = undefined),
    });
  }

  private schedule(ms: number): void {
    if (this.isOver) return;
    this.next?.dispose();
    this.next = this.parts.clock.after(ms, () => void this.round());
  }
}
