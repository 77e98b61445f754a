import type { CancelSignal } from '../../base/cancel.ts';
import { vmFiles } from '../../lab/layout.ts';
import type { Lab, Vm } from '../../lab/model.ts';
import { readyOf, type ReadySign } from '../../lab/ready.ts';
import type { LogReader, SocketDialer } from '../console-ports.ts';
import type { Files } from '../host.ts';
import type { BootState, RunningVm } from '../state.ts';
import type { LabStore } from '../store.ts';
import { timePassed } from '../time-passed.ts';
import { secondsWords } from '../views/boot-words.ts';
import type { ProbeParts } from '../wires/wire-probes.ts';
import { AgentSign } from './agent-sign.ts';
import { Boot, type LookOptions } from './boot.ts';
import { CommandSign, type CommandAnswer } from './command-sign.ts';
import { portPlace, PortSign } from './port-sign.ts';
import { PromptSign } from './prompt-sign.ts';
import type { SignWatch } from './sign.ts';

export interface ReadinessParts extends ProbeParts {
  readonly store: LabStore;
  readonly files: Files;
  readonly logs: LogReader;
  readonly sockets: SocketDialer;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** Looks at what runs, so that the store knows it. */
  readonly look: () => Promise<void>;
  /** Runs one line in the guest's shell. Rejects, in words for people, if that cannot be, or not in time. */
  readonly run: (guest: VmRef, command: string, signal: CancelSignal | undefined) => Promise<CommandAnswer>;
}

/** A VM of a lab that the store knows. */
export interface VmRef {
  /** Absolute path of the lab file. */
  readonly lab: string;
  readonly vm: string;
}

/** `unknown`: it runs, and nothing says when it is ready. */
export type VmReadiness = BootState | { readonly kind: 'stopped' | 'unknown' };

export interface ReadyReport {
  readonly vm: VmRef;
  /** `late`: not in its time. `unknown`: nothing says when it is ready, so it is taken for ready when it runs. */
  readonly kind: 'ready' | 'unknown' | 'late' | 'stopped' | 'cancelled';
  /** A sentence with the VM's name, for people; of a late one with what there was instead. */
  readonly message: string;
}

export interface WaitOptions {
  readonly signal?: CancelSignal | undefined;
  /** In place of the time that each VM has of its own. */
  readonly withinMs?: number | undefined;
  /** Called as soon as it is over with a VM. */
  readonly onReport?: ((report: ReadyReport) => void) | undefined;
}

/** How often it is looked whether a VM still runs. */
const lookMs = 1000;

/** Whether the guests of VMs that run are ready for work, as their lab says. What is found out is told to the store. */
export class Readiness {
  private readonly parts: ReadinessParts;
  private readonly boots = new Map<string, Boot>();

  constructor(parts: ReadinessParts) {
    this.parts = parts;
  }

  /** One look at the VM, as the store knows it. Never rejects. */
  async look(vm: VmRef, options: LookOptions = {}): Promise<VmReadiness> {
    const running = this.runningOf(vm);
    if (!running) return { kind: 'stopped' };
    const boot = this.bootOf(vm, running);
    if (!boot) return { kind: 'unknown' };
    const state = await boot.look(options);
    this.parts.store.setBoot(running.pid, state);
    return state;
  }

  /** When the next look at the VM is worth it, in milliseconds. */
  restMs(vm: VmRef): number {
    const running = this.runningOf(vm);
    return (running && this.bootOf(vm, running)?.restMs) ?? 0;
  }

  /**
   * Waits until all of them are ready, each as long as its lab says, counted from now. A VM that does not run, or stops
   * meanwhile, is not waited for. Never rejects; the reports are in the order of the VMs.
   */
  async waitUntilReady(vms: readonly VmRef[], options: WaitOptions = {}): Promise<readonly ReadyReport[]> {
    await this.parts.look();
    return Promise.all(
      vms.map(async vm => {
        const report = await this.wait(vm, options);
        options.onReport?.(report);
        return report;
      }),
    );
  }

  private async wait(vm: VmRef, { signal, withinMs }: WaitOptions): Promise<ReadyReport> {
    const { clock, look } = this.parts;
    const begin = clock.now();
    for (let lookedAt = begin; ;) {
      const state = await this.look(vm, { signal });
      const boot = this.currentBoot(vm);
      const limitMs = withinMs ?? (boot?.limitSeconds ?? 0) * 1000;
      const report = reportOf(vm.vm, state);
      if (report) return { vm, ...report };
      if (signal?.aborted) return { vm, kind: 'cancelled', message: `${vm.vm} was not waited for any longer.` };
      if (clock.now() - begin >= limitMs) return { vm, kind: 'late', message: lateWords(vm.vm, limitMs, boot) };
      await timePassed(clock, Math.min(boot?.restMs ?? 0, begin + limitMs - clock.now()), signal);
      if (clock.now() - lookedAt < lookMs) continue;
      lookedAt = clock.now();
      await look();
    }
  }

  private currentBoot(vm: VmRef): Boot | undefined {
    const running = this.runningOf(vm);
    return running && this.bootOf(vm, running);
  }

  private runningOf({ lab, vm }: VmRef): RunningVm | undefined {
    const { store } = this.parts;
    const state = store.lab(lab)?.vms.get(vm);
    return state?.kind === 'running' ? store.host.vms.find(({ pid }) => pid === state.pid) : undefined;
  }

  /** Undefined: nothing says when it is ready. */
  private bootOf(ref: VmRef, running: RunningVm): Boot | undefined {
    const lab = this.parts.store.lab(ref.lab)?.lab;
    const vm = lab?.vms.find(({ name }) => name === ref.vm);
    const ready = vm && readyOf(vm);
    if (!lab || !ready) return undefined;
    // What the lab asks for may change while the VM runs.
    const key = JSON.stringify([running.pid, running.startTicks, ref, ready]);
    const known = this.boots.get(key);
    if (known) return known;
    this.forgetEnded();
    const runDir = running.folder ?? this.parts.runDir(lab.name);
    const signs = (boot: Boot): readonly SignWatch[] =>
      ready.signs.map(sign => this.signOf(sign, { ref, vm, lab, runDir, boot }));
    const vms = lab.vms.map(({ name }) => name);
    const made = new Boot({ vm: ref.vm, pid: running.pid, runDir, ready, signs, vms }, this.parts);
    this.boots.set(key, made);
    return made;
  }

  private forgetEnded(): void {
    const pids = new Set(this.parts.store.host.vms.map(({ pid }) => pid));
    for (const key of this.boots.keys()) if (!pids.has(Number(/\d+/.exec(key)?.[0]))) this.boots.delete(key);
  }

  private signOf(sign: ReadySign, of: SignPlace): SignWatch {
    const { store, logs, run } = this.parts;
    const files = vmFiles(of.vm.name);
    switch (sign.kind) {
      case 'prompt':
        return new PromptSign(sign.pattern, {
          logs,
          log: `${of.runDir}/${files.consoleLog}`,
          from: () => of.boot.logStart(),
        });
      case 'agent':
        return new AgentSign({ ...this.parts, socket: `${of.runDir}/${files.agent}` });
      case 'port': {
        const place = portPlace(of.vm, of.lab);
        const isOn = (name: string, lab: string | undefined) => name === place?.switch && lab === of.lab.name;
        const runningSwitch = () => store.host.switches.find(one => isOn(one.name, one.lab));
        return new PortSign(sign.port, { ...this.parts, place, runningSwitch });
      }
      case 'command':
        return new CommandSign(sign, (command, signal) => run(of.ref, command, signal));
    }
  }
}

interface SignPlace {
  readonly ref: VmRef;
  readonly vm: Vm;
  readonly lab: Lab;
  readonly runDir: string;
  readonly boot: Boot;
}

/** Undefined: it is not over yet. */
function reportOf(vm: string, state: VmReadiness): Pick<ReadyReport, 'kind' | 'message'> | undefined {
  if (state.kind === 'stopped') return { kind: 'stopped', message: `${vm} does not run.` };
  if (state.kind === 'unknown')
    return { kind: 'unknown', message: `${vm} runs. Nothing says when it is ready: give it "ready:" in the lab file.` };
  return state.kind === 'ready' ? { kind: 'ready', message: readyWords(vm, state) } : undefined;
}

/** `fw is ready after 32 s, usually 20 s.` */
function readyWords(vm: string, boot: BootState & { readonly kind: 'ready' }): string {
  if (boot.seconds === undefined) return `${vm} is ready.`;
  const words = secondsWords(boot);
  return boot.isSlow ? `${vm} is ready, slower than usual (${words}).` : `${vm} is ready after ${words}.`;
}

const lateWords = (vm: string, limitMs: number, boot: Boot | undefined): string =>
  `${vm} was not ready within ${limitMs / 1000} s. ${boot?.missing ?? ''}`.trim();
