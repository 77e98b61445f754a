import type { CancelSignal } from '../../base/cancel.ts';
import type { Lab } from '../../lab/model.ts';
import type { Outcome } from '../lab-control.ts';
import type { ThingRef } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { ReadyReport, VmRef } from './readiness.ts';

export interface StartGateParts {
  /** What is started together. */
  readonly things: readonly ThingRef[];
  readonly labs: ReadonlyMap<string, Lab>;
  readonly store: LabStore;
  readonly waitUntilReady: (
    vms: readonly VmRef[],
    options: { readonly signal?: CancelSignal | undefined },
  ) => Promise<readonly ReadyReport[]>;
  readonly signal: CancelSignal | undefined;
}

/**
 * Holds VMs back until those are ready that they come after, as far as these run or are started together with them: to
 * come after a VM does not start it.
 */
export class StartGate {
  private readonly parts: StartGateParts;
  private readonly ends = new Map<string, (outcome: Outcome) => void>();
  private readonly outcomes = new Map<string, Promise<Outcome>>();
  /** By VM, so that it is waited for once. */
  private readonly ready = new Map<string, Promise<ReadyReport | undefined>>();

  constructor(parts: StartGateParts) {
    this.parts = parts;
    for (const { lab, kind, name } of parts.things) {
      if (kind !== 'vm') continue;
      const key = keyOf({ lab, vm: name });
      this.outcomes.set(key, new Promise(resolve => this.ends.set(key, resolve)));
    }
  }

  /** The VMs that it waits for; none: it may start at once. */
  before({ lab, kind, name }: ThingRef): readonly string[] {
    const vm = kind === 'vm' ? this.parts.labs.get(lab)?.vms.find(one => one.name === name) : undefined;
    return (vm?.after ?? []).filter(one => {
      const isRunning = this.parts.store.lab(lab)?.vms.get(one)?.kind === 'running';
      return isRunning || this.outcomes.has(keyOf({ lab, vm: one }));
    });
  }

  /** Waits until the thing may start. Undefined: it may; else why it is not started. */
  async pass(thing: ThingRef): Promise<Outcome | undefined> {
    const reasons = await Promise.all(this.before(thing).map(vm => this.reasonAgainst({ lab: thing.lab, vm })));
    if (this.parts.signal?.aborted) return { thing, kind: 'cancelled', message: `${thing.name}: cancelled.` };
    const reason = reasons.find(one => one !== undefined);
    if (reason === undefined) return undefined;
    return { thing, kind: 'failed', message: `${thing.name} was not started. ${reason}` };
  }

  /** To be called when it is over with the start of a thing, whether it began or not. */
  ended({ lab, name }: ThingRef, outcome: Outcome): void {
    this.ends.get(keyOf({ lab, vm: name }))?.(outcome);
  }

  private async reasonAgainst(before: VmRef): Promise<string | undefined> {
    const outcome = await this.outcomes.get(keyOf(before));
    if (outcome?.kind === 'failed' || outcome?.kind === 'cancelled')
      return `It comes after ${before.vm}, which was not started either.`;
    const report = await this.whenReady(before);
    if (!report || report.kind === 'ready' || report.kind === 'unknown') return undefined;
    return `It comes after ${before.vm}. ${report.message}`;
  }

  private whenReady(vm: VmRef): Promise<ReadyReport | undefined> {
    const known = this.ready.get(keyOf(vm));
    if (known) return known;
    const { waitUntilReady, signal } = this.parts;
    const waiting = waitUntilReady([vm], { signal }).then(([report]) => report);
    this.ready.set(keyOf(vm), waiting);
    return waiting;
  }
}

const keyOf = ({ lab, vm }: VmRef): string => JSON.stringify([lab, vm]);
