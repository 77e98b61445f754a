import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import type { Lab, Vm } from '../../lab/model.ts';
import type { Clock, ManagementDialer } from '../host.ts';
import type { RunningSwitch } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { FramePort } from '../wire-ports.ts';

export interface CommandAnswer {
  /** Exit status; undefined: the guest's shell does not tell one. */
  readonly status: number | undefined;
  readonly output: string;
}

/** Runs commands in guests. Rejects with a UserError if the guest does not answer. */
export interface GuestCommands {
  run(
    vm: string,
    command: string,
    options: { readonly limitMs: number; readonly signal?: CancelSignal | undefined },
  ): Promise<CommandAnswer>;
}

/** What checks need of the lab that runs and of the machine. */
export interface CheckParts {
  /** Absolute path of the lab file, which the store knows. */
  readonly labPath: string;
  readonly store: LabStore;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  readonly guests: GuestCommands;
  readonly management: ManagementDialer;
  /** Plugs into a port of a switch, `SOCKETS[PORT]`, that is there and free. */
  readonly plug: (address: string) => FramePort;
  /** 32 bits that nobody else has. */
  readonly random: () => number;
  readonly clock: Clock;
}

/** What one look at one check works with; it writes down all that is asked and answered. */
export class CheckBench {
  readonly lab: Lab;
  readonly parts: CheckParts;
  readonly signal: CancelSignal | undefined;
  private readonly lines: string[] = [];

  constructor(lab: Lab, parts: CheckParts, signal: CancelSignal | undefined) {
    this.lab = lab;
    this.parts = parts;
    this.signal = signal;
  }

  get transcript(): string {
    return this.lines.map(line => `${line}\n`).join('');
  }

  /** Runs a line in the shell of a guest. Rejects with a UserError if the VM does not run or does not answer. */
  async run(vm: Vm, command: string, limitMs = 60_000): Promise<CommandAnswer> {
    this.lines.push(`${vm.name}# ${command}`);
    if (this.parts.store.stateOf({ lab: this.parts.labPath, kind: 'vm', name: vm.name }).kind !== 'running')
      throw this.noted(new UserError(`VM ${vm.name} does not run. Start it first.`));
    try {
      const answer = await this.parts.guests.run(vm.name, command, { limitMs, signal: this.signal });
      if (answer.output !== '') this.lines.push(answer.output.replace(/\n$/, ''));
      if (answer.status !== undefined && answer.status !== 0) this.lines.push(`(status ${answer.status})`);
      return answer;
    } catch (error) {
      throw this.noted(error);
    }
  }

  /** Writes down something else that was asked or seen. */
  note(line: string): void {
    this.lines.push(line);
  }

  runningSwitch(name: string): RunningSwitch {
    const { store, labPath } = this.parts;
    const found = store.host.switches.find(one => one.name === name && store.labOf(one)?.path === labPath);
    if (found) return found;
    throw this.noted(new UserError(`Switch ${name} does not run. Start it first.`));
  }

  private noted(error: unknown): unknown {
    if (error instanceof UserError) this.lines.push(`(${error.message})`);
    return error;
  }
}
