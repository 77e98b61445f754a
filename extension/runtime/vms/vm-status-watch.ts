import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { vmFiles } from '../../lab/layout.ts';
import { queryStatus } from '../../qemu/qmp-queries.ts';
import { haltWords } from '../../qemu/vm-status.ts';
import type { Clock, QmpDialer, WatchNews } from '../host.ts';
import { ownVms } from './own-vms.ts';
import type { RunningVm } from '../state.ts';
import type { LabStore } from '../store.ts';

export interface VmStatusWatchParts {
  readonly store: LabStore;
  readonly qmp: QmpDialer;
  readonly clock: Clock;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** Hears of what happens in VMs: resets, shutdowns, trays. */
  readonly log: (message: string) => void;
}

const retryMs = 5_000;
/** Another VS Code has the socket for watchers: its news are not ours, so the VM is asked now and then. */
const askMs = 4_000;

/** Stays connected to the VMs of this user's labs while somebody looks, and tells the store whether their guests run. */
export class VmStatusWatch implements Disposable {
  private readonly parts: VmStatusWatchParts;
  private readonly owned = new DisposableStore();
  private readonly watched = new Map<string, Watched>();
  private isLooking = false;

  constructor(parts: VmStatusWatchParts) {
    this.parts = parts;
    this.owned.add(parts.store.onDidChange(change => change.isHostChanged && this.adapt()));
  }

  /** VMs from which we have heard, and are connected to. */
  get connections(): number {
    return [...this.watched.values()].filter(one => one.isHeard).length;
  }

  /** Whether anybody sees what a VM does. Without that no connection is kept. */
  setLooking(isLooking: boolean): void {
    if (isLooking === this.isLooking) return;
    this.isLooking = isLooking;
    this.adapt();
  }

  dispose(): void {
    this.owned.dispose();
    this.setLooking(false);
  }

  private adapt(): void {
    const { store, runDir } = this.parts;
    const wanted = new Map(this.isLooking ? ownVms(store.host, runDir).map(vm => [keyOf(vm), vm]) : []);
    for (const [key, watch] of this.watched) {
      if (wanted.has(key)) continue;
      this.watched.delete(key);
      watch.dispose();
    }
    for (const [key, vm] of wanted) if (!this.watched.has(key)) this.watched.set(key, this.watch(vm));
  }

  private watch(vm: RunningVm): Watched {
    const files = vmFiles(vm.name ?? '');
    const folder = vm.folder ?? this.parts.runDir(vm.lab ?? '');
    return new Watched(vm, { watch: `${folder}/${files.watchQmp}`, ask: `${folder}/${files.qmp}` }, this.parts);
  }
}

// The same pid later is another process.
const keyOf = ({ pid, startTicks }: RunningVm): string => `${pid}/${startTicks}`;

interface Sockets {
  readonly watch: string;
  readonly ask: string;
}

/** One VM: on the socket for watchers, or asked in turns while somebody else has that one. */
class Watched implements Disposable {
  private readonly vm: RunningVm;
  private readonly sockets: Sockets;
  private readonly parts: VmStatusWatchParts;
  private connection: Disposable = disposable(() => undefined);
  private timer: Disposable = disposable(() => undefined);
  private isOver = false;
  /** The socket for watchers is ours, and QEMU has spoken on it. */
  isHeard = false;

  constructor(vm: RunningVm, sockets: Sockets, parts: VmStatusWatchParts) {
    this.vm = vm;
    this.sockets = sockets;
    this.parts = parts;
    this.connect();
  }

  dispose(): void {
    this.isOver = true;
    this.connection.dispose();
    this.timer.dispose();
  }

  private connect(): void {
    this.connection = this.parts.qmp.watch(this.sockets.watch, news => this.hear(news));
  }

  private hear(news: WatchNews): void {
    if (this.isOver) return;
    switch (news.kind) {
      case 'status':
        this.isHeard = true;
        this.timer.dispose();
        this.tell(news.status);
        break;
      case 'event':
        this.parts.log(`VM ${this.vm.name ?? ''}: ${news.event.name} ${JSON.stringify(news.event.data)}`);
        break;
      case 'queued':
        void this.ask();
        break;
      case 'broken':
      case 'closed':
        this.isHeard = false;
        // Mostly the VM has ended, and the next look at the host takes this watch away.
        this.later(retryMs, () => this.connect());
    }
  }

  private async ask(): Promise<void> {
    const status = await this.parts.qmp.ask(this.sockets.ask, queryStatus).catch(() => undefined);
    if (this.isOver) return;
    if (status !== undefined) this.tell(status);
    this.later(askMs, () => void this.ask());
  }

  private tell(status: string): void {
    this.parts.store.setHalted(this.vm.pid, haltWords(status));
  }

  private later(ms: number, call: () => void): void {
    this.timer.dispose();
    this.timer = this.parts.clock.after(ms, call);
  }
}
