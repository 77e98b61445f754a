import type { Disposable } from '../../base/disposable.ts';
import { vmFiles, wireFiles } from '../../lab/layout.ts';
import { queryNics } from '../../qemu/live-nics.ts';
import { querySticks } from '../../qemu/live-sticks.ts';
import type { Clock, ManagementDialer, QmpDialer } from '../host.ts';
import { ownVms } from '../vms/own-vms.ts';
import type { RunningVm, RunningWire } from '../state.ts';
import type { LabStore } from '../store.ts';

export interface CableWatchParts {
  readonly store: LabStore;
  readonly qmp: QmpDialer;
  readonly management: ManagementDialer;
  readonly clock: Clock;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
}

const pauseMs = 5_000;

/**
 * Asks the VMs of this user's labs which cables are pulled and which USB sticks are in, and wires what is wrong with them, while somebody looks:
 * neither QEMU nor wirefilter has an event for that.
 */
export class CableWatch implements Disposable {
  private readonly parts: CableWatchParts;
  private isLooking = false;
  private next: Disposable | undefined;

  constructor(parts: CableWatchParts) {
    this.parts = parts;
  }

  setLooking(isLooking: boolean): void {
    if (isLooking === this.isLooking) return;
    this.isLooking = isLooking;
    this.next?.dispose();
    if (isLooking) void this.round();
  }

  /** Asks all of them now. Never rejects: who does not answer is asked again. */
  async look(): Promise<void> {
    const { store, runDir } = this.parts;
    const wires = store.host.wires.filter(({ name, lab, pidFile }) => isOwnWire(name, pidFile, lab && runDir(lab)));
    await Promise.all([
      ...ownVms(store.host, runDir).map(vm => this.ask(vm)),
      ...wires.map(wire => this.askWire(wire)),
    ]);
  }

  dispose(): void {
    this.setLooking(false);
  }

  private async round(): Promise<void> {
    await this.look();
    if (!this.isLooking) return;
    this.next?.dispose();
    this.next = this.parts.clock.after(pauseMs, () => void this.round());
  }

  private async ask({ pid, name = '', lab = '', folder }: RunningVm): Promise<void> {
    const { store, qmp, runDir } = this.parts;
    const socket = `${folder ?? runDir(lab)}/${vmFiles(name).qmp}`;
    const nics = await qmp.ask(socket, queryNics).catch(() => undefined);
    if (!nics) return;
    const cards = nics.filter(nic => nic.model !== undefined);
    const pulled = cards.filter(nic => nic.isPulled).map(nic => nic.number);
    const unplugged = cards.filter(nic => nic.address === undefined).map(nic => nic.number);
    store.setPulled(pid, { ...(pulled.length > 0 && { pulled }), ...(unplugged.length > 0 && { unplugged }) });
    const sticks = await qmp.ask(socket, querySticks).catch(() => undefined);
    if (sticks)
      store.setSticks(
        pid,
        sticks.map(({ file, isLocked }) => ({ file, isMounted: isLocked })),
      );
  }

  private async askWire({ pid, management }: RunningWire): Promise<void> {
    if (management === undefined) return;
    const { store, management: dialer } = this.parts;
    const answer = await dialer.exchange(management, 'showinfo').catch(() => undefined);
    const { readShowinfo } = await import('../../vde/wirefilter.ts');
    const info = answer && readShowinfo(answer.data);
    if (info) store.setWireInfo(pid, { ...info, waiting: 0 });
  }
}

/** Whether it lies in our own run-time folder: those of others cannot be asked. */
const isOwnWire = (name: string, pidFile: string | undefined, run: string | undefined): boolean =>
  run !== undefined && pidFile === `${run}/${wireFiles(name).pid}`;
