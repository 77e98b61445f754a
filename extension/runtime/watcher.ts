import type { Disposable } from '../base/disposable.ts';
import type { Clock, LabFolders, ProcessTable } from './host.ts';
import { observeHost, watchedPrograms } from './observe.ts';
import { readMove } from './moved-vms.ts';
import type { MovedVm } from './state.ts';
import type { LabStore } from './store.ts';

export interface HostWatcherParts {
  readonly processes: ProcessTable;
  readonly store: LabStore;
  readonly clock: Clock;
  /** Run-time folders of this user's labs. */
  readonly runRoots: readonly string[];
  readonly folders: LabFolders;
  /** Hears of a failure, once until it is over. */
  readonly log?: (message: string) => void;
}

/** How much slower the rounds are while nobody looks. */
const hiddenFactor = 5;
/** Failing rounds slow down to at most this factor. */
const slowestFactor = 8;

/** Looks at what runs on the host, round after round, and tells the store. */
export class HostWatcher implements Disposable {
  private readonly parts: HostWatcherParts;
  private intervalMs: number | undefined;
  private next: Disposable | undefined;
  private isVisible = true;
  private failures = 0;

  constructor(parts: HostWatcherParts) {
    this.parts = parts;
  }

  /** Looks at once, then again and again, `intervalMs` after the end of each round. */
  start(intervalMs: number): void {
    this.intervalMs = intervalMs;
    this.round();
  }

  /** One round, now. When it is over the store knows what runs. Never rejects. */
  poll(): Promise<void> {
    this.look();
    return Promise.resolve();
  }

  /** Whether anything on the screen depends on it. Turning visible looks at once. */
  setVisible(isVisible: boolean): void {
    if (isVisible === this.isVisible) return;
    this.isVisible = isVisible;
    if (this.intervalMs === undefined) return;
    if (isVisible) this.round();
    else this.schedule();
  }

  dispose(): void {
    this.intervalMs = undefined;
    this.next?.dispose();
    this.next = undefined;
  }

  private round(): void {
    this.look();
    this.schedule();
  }

  /** The sweep is synchronous, so two rounds cannot meet. */
  private look(): void {
    const { processes, store, runRoots, folders, log } = this.parts;
    try {
      const host = observeHost(processes.list(watchedPrograms), runRoots, folders);
      const moved = this.movedAway();
      store.setHost({ ...host, ...(moved.length > 0 ? { moved } : {}) });
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      if (this.failures === 1) log?.(`Cannot see what runs on this host: ${String(error)}`);
    }
  }

  /** VMs of known labs that have gone to other hosts. */
  private movedAway(): readonly MovedVm[] {
    const { store, runRoots, folders } = this.parts;
    const labs = new Set(store.labs.flatMap(({ lab }) => lab?.name ?? []));
    return [...labs].flatMap(lab =>
      runRoots.flatMap(root => {
        const runDir = `${root}/${lab}`;
        return [...folders.movesFrom(runDir)].flatMap(([name, text]) => {
          const ssh = readMove(text)?.ssh ?? '';
          const scripts = ssh === '' ? undefined : folders.scriptsOf(runDir);
          return ssh === '' ? [] : { name, lab, ssh, ...(scripts === undefined ? {} : { scripts }) };
        });
      }),
    );
  }

  private schedule(): void {
    this.next?.dispose();
    if (this.intervalMs === undefined) return;
    const factor = (this.isVisible ? 1 : hiddenFactor) * Math.min(2 ** this.failures, slowestFactor);
    this.next = this.parts.clock.after(this.intervalMs * factor, () => this.round());
  }
}
