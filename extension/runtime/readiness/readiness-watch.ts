import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { readyOf } from '../../lab/ready.ts';
import type { Clock } from '../host.ts';
import type { LabStore } from '../store.ts';
import type { Readiness, VmRef } from './readiness.ts';

export interface ReadinessWatchParts {
  readonly store: LabStore;
  readonly clock: Clock;
  readonly readiness: Pick<Readiness, 'look'>;
}

const seenMs = 1000;
/** Often enough to know how long a VM took to be ready. */
const unseenMs = 5000;

/** Looks at VMs that run and are not ready, until they are; each sign has its own pace. Else it does nothing at all. */
export class ReadinessWatch implements Disposable {
  private readonly parts: ReadinessWatchParts;
  private readonly owned = new DisposableStore();
  private next: Disposable | undefined;
  private isLooking = false;
  private isSeen = false;
  private isOver = false;

  constructor(parts: ReadinessWatchParts) {
    this.parts = parts;
    this.owned.add(parts.store.onDidChange(() => this.begin()));
    this.begin();
  }

  /** Whether anybody sees the states of VMs. */
  setSeen(isSeen: boolean): void {
    if (isSeen === this.isSeen) return;
    this.isSeen = isSeen;
    this.next?.dispose();
    this.next = undefined;
    this.begin();
  }

  dispose(): void {
    this.isOver = true;
    this.next?.dispose();
    this.owned.dispose();
  }

  private begin(): void {
    if (!this.isOver && !this.isLooking && !this.next && bootingVms(this.parts.store).length > 0) void this.round();
  }

  private async round(): Promise<void> {
    const { store, clock, readiness } = this.parts;
    this.isLooking = true;
    try {
      await Promise.all(bootingVms(store).map(vm => readiness.look(vm)));
    } finally {
      this.isLooking = false;
    }
    if (this.isOver || bootingVms(store).length === 0) return;
    this.next = clock.after(this.isSeen ? seenMs : unseenMs, () => {
      this.next = undefined;
      this.begin();
    });
  }
}

/** Those that say when they are ready, and are not, as far as is known. */
const bootingVms = ({ labs }: LabStore): readonly VmRef[] =>
  labs.flatMap(({ path, lab, vms }) =>
    (lab?.vms ?? []).flatMap(vm => {
      const state = vms.get(vm.name);
      const isBooting = state?.kind === 'running' && state.boot?.kind !== 'ready';
      return isBooting && readyOf(vm) ? [{ lab: path, vm: vm.name }] : [];
    }),
  );
