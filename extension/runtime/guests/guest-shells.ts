import type { CancelSignal } from '../../base/cancel.ts';
import { vmFiles } from '../../lab/layout.ts';
import { consoleOfVm } from '../console/console-lookup.ts';
import type { ByteSession } from '../console/byte-session.ts';
import type { ConsoleTarget } from '../console/console-target.ts';
import type { Clock } from '../host.ts';
import type { LabStore } from '../store.ts';
import { timePassed } from '../time-passed.ts';
import { askOther } from './ask-other.ts';
import { ConsoleEar } from './console-ear.ts';
import { GuestFailure } from './guest-failure.ts';
import { shellOf } from './guest-shell.ts';
import { GuestTalk, type Reaching } from './guest-talk.ts';
import type { GuestAnswer } from './marked-output.ts';
import { runCommand } from './run-command.ts';

export interface GuestShellParts {
  readonly store: LabStore;
  readonly clock: Clock;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** A session on a serial console, of the caller's; all that is printed comes through, whatever it is. */
  readonly session: (console: ConsoleTarget) => ByteSession;
  /** Locks a file between processes; undefined: another one has it. */
  readonly lock: (file: string) => Promise<{ release(): Promise<void> } | undefined>;
  /** A secret by its name; undefined: nobody knows it. */
  readonly secret: (name: string) => Promise<string | undefined>;
}

/** One VM of a lab that the store knows. */
export interface GuestRef {
  /** Absolute path of the lab file. */
  readonly lab: string;
  readonly vm: string;
}

export interface RunOptions extends Reaching {
  /** From when the command is typed; 30 s if not given. */
  readonly limitMs?: number | undefined;
  readonly signal?: CancelSignal | undefined;
}

const defaultLimitMs = 30_000;
/** How long another process may need for its command. */
const turnMs = 120_000;
const turnLookMs = 250;

/**
 * Runs commands in the guests of VMs, over their serial consoles: whoever has the console open sees them. One command at a
 * time on each console; the others wait for their turn.
 */
export class GuestShells {
  private readonly parts: GuestShellParts;
  private readonly queues = new Map<number, Promise<unknown>>();
  private commands = 0;

  constructor(parts: GuestShellParts) {
    this.parts = parts;
  }

  /** Rejects with a GuestFailure if the command could not be run to its end; any exit status is an answer. */
  async run(guest: GuestRef, command: string, options: RunOptions = {}): Promise<GuestAnswer> {
    const console = this.consoleOf(guest);
    const before = this.queues.get(console.port);
    const turn = (async () => {
      await before?.catch(() => undefined);
      const lock = await this.lock(guest, options.signal);
      try {
        return await this.talk(guest, console, command, options);
      } finally {
        await lock.release();
      }
    })();
    this.queues.set(console.port, turn);
    try {
      return await turn;
    } finally {
      if (this.queues.get(console.port) === turn) this.queues.delete(console.port);
    }
  }

  private consoleOf({ lab, vm }: GuestRef): ConsoleTarget {
    const { store, runDir } = this.parts;
    const console = consoleOfVm({ lab, kind: 'vm', name: vm }, 'serial', store.labs, runDir);
    if (!console) throw new GuestFailure('not running', `There is no VM ${vm} with an ID in ${lab}.`);
    return console;
  }

  /** Waits for its turn among processes. */
  private async lock({ lab, vm }: GuestRef, signal: CancelSignal | undefined): Promise<{ release(): Promise<void> }> {
    const { store, runDir, clock } = this.parts;
    const snapshot = store.lab(lab);
    if (snapshot?.vms.get(vm)?.kind !== 'running') throw notRunning(lab, vm);
    const file = `${runDir(snapshot.lab?.name ?? '')}/${vmFiles(vm).shellLock}`;
    for (const end = clock.now() + turnMs; clock.now() < end && signal?.aborted !== true;) {
      const lock = await this.parts.lock(file);
      if (lock) return lock;
      await timePassed(clock, turnLookMs, signal);
    }
    if (signal?.aborted) throw new GuestFailure('cancelled', `The command for VM ${vm} was called off.`);
    throw new GuestFailure('held', `Another kvmlab or window runs a command in VM ${vm}. Wait for it, or end it.`);
  }

  private async talk(
    { lab, vm }: GuestRef,
    console: ConsoleTarget,
    command: string,
    options: RunOptions,
  ): Promise<GuestAnswer> {
    const { store, clock, session, secret } = this.parts;
    const known = store.lab(lab)?.lab?.vms.find(one => one.name === vm);
    if (!known) throw notRunning(lab, vm);
    const line = session(console);
    const ear = new ConsoleEar(line, clock, options.signal);
    const shell = shellOf(known);
    const talk = new GuestTalk({ vm, shell, ear, clock, secret });
    try {
      await talk.connect();
      await talk.reachPrompt(options);
      const { form } = shell;
      const order = { vm, command, limitMs: options.limitMs ?? defaultLimitMs, mark: this.nextMark() };
      return await (form ? askOther(order, form, talk, ear, clock) : runCommand(order, talk, ear, clock));
    } finally {
      talk.dispose();
      ear.dispose();
      line.dispose();
    }
  }

  /** Not that of a command whose output is still in the console's log. */
  private nextMark(): string {
    this.commands += 1;
    return `k${this.parts.clock.now().toString(36).slice(-6)}${this.commands.toString(36)}`;
  }
}

const notRunning = (lab: string, vm: string): GuestFailure =>
  new GuestFailure('not running', `VM ${vm} does not run. Start it first.`, '', [
    { title: 'Start', command: 'kvmlab.start', args: [{ lab, kind: 'vm', name: vm }] },
  ]);
