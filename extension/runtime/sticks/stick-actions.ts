import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { querySticks, type LiveStick } from '../../qemu/live-sticks.ts';
import { vmLine, type VmLine } from '../change/vm-nics.ts';
import type { Clock, QmpDialer } from '../host.ts';
import type { RunningVm } from '../state.ts';
import type { StickFiles } from '../stick-ports.ts';
import type { LabStore } from '../store.ts';
import { ownVms } from '../vms/own-vms.ts';
import { faultsOf } from './stick-reader.ts';
import { plugStick, pullStick, StickElsewhere } from './stick-slots.ts';

export interface StickParts {
  readonly store: LabStore;
  readonly files: StickFiles;
  readonly qmp: QmpDialer;
  readonly clock: Clock;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
}

/** A stick in a VM that runs. */
export interface PluggedStick extends LiveStick {
  readonly vm: RunningVm;
  /** The image's path without links. */
  readonly real: string;
}

export interface Pulled {
  readonly from: RunningVm;
  /** What is wrong with its file system now, in sentences. */
  readonly faults: readonly string[];
}

/** Sticks into running VMs and out of them. A stick is named by the path of its image. All failures are UserErrors. */
export class StickActions {
  private readonly parts: StickParts;

  constructor(parts: StickParts) {
    this.parts = parts;
  }

  /** In all VMs of this user's labs; who does not answer is left out. */
  async plugged(): Promise<readonly PluggedStick[]> {
    const { store, runDir, look } = this.parts;
    await look();
    const all = await Promise.all(ownVms(store.host, runDir).map(vm => this.sticksOf(vm).catch(() => [])));
    return all.flat();
  }

  async plug(vm: RunningVm, path: string): Promise<'done' | 'already'> {
    const line = this.lineTo(vm);
    await this.requireThere(path);
    const file = await this.parts.files.real(path);
    const now = (await this.plugged()).filter(({ real }) => real === file);
    if (now.some(one => one.vm.pid === vm.pid)) return 'already';
    const [other] = now;
    if (other) throw new StickElsewhere(path, vmWords(other.vm));
    await plugStick(line, file);
    return 'done';
  }

  /** From `vm`, or from whichever it is in. `already`: it is in none. */
  async pull(
    path: string,
    options: { readonly vm?: RunningVm | undefined; readonly isForced: boolean; readonly signal?: CancelSignal },
  ): Promise<Pulled | 'already'> {
    const { files, clock } = this.parts;
    const file = await files.real(path);
    const { vm } = options;
    const sticks = vm ? await this.sticksOf(vm) : await this.plugged();
    const stick = sticks.find(({ real }) => real === file);
    if (!stick) return 'already';
    await pullStick(this.lineTo(stick.vm), stick, { clock, ...options });
    const open = await files.open(file);
    try {
      return { from: stick.vm, faults: open ? await faultsOf(open, path) : [`${path} is not there any more.`] };
    } finally {
      await open?.close();
    }
  }

  private async sticksOf(vm: RunningVm): Promise<readonly PluggedStick[]> {
    const sticks = await this.lineTo(vm).ask(querySticks);
    return Promise.all(sticks.map(async stick => ({ ...stick, vm, real: await this.parts.files.real(stick.file) })));
  }

  /** Only VMs that scripts of ours started have a QMP socket that is known. */
  private lineTo({ name, lab, pidFile, pid }: RunningVm): VmLine {
    if (lab === undefined || pidFile === undefined)
      throw new UserError(`VM ${name ?? `of process ${pid}`} was started by no lab, so it cannot be asked.`);
    return vmLine(this.parts.qmp, name ?? String(pid), pidFile.replace(/\.pid$/, '.qmp'));
  }

  private async requireThere(path: string): Promise<void> {
    const open = await this.parts.files.open(path);
    await open?.close();
    if (!open) throw new UserError(`${path} is not there. Make it: kvmlab kvmstick pack ${path}`);
  }
}

/** `pc of the lab dmz`. */
export const vmWords = ({ name, lab, pid }: RunningVm): string =>
  `VM ${name ?? pid}${lab === undefined ? '' : ` of the lab ${lab}`}`;
