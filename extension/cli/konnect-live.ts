import { CancelSource, onCancel, type CancelSignal } from '../base/cancel.ts';
import { disposable, DisposableStore, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { EscapeKeys, type TypedPart } from '../console/escape-keys.ts';
import { replayable } from '../console/replay.ts';
import { Utf8Decoder, encodeUtf8 } from '../console/utf8.ts';
import type { KnownConsole } from '../runtime/console/console-list.ts';
import type { ConsoleSession, ConsoleState } from '../runtime/console/console-session.ts';
import { consoleNews, holderName, lossNews } from '../runtime/console/console-target.ts';
import { timePassed } from '../runtime/time-passed.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';
import { movedConsole, type MovedConsole } from './konnect-move.ts';
import { labsHere } from './konnect-target.ts';
import { printable } from './text-table.ts';

/** What is shown of the past, so that the prompt is there. */
const shownHistory = 4 * 1024;

/** Between two looks for a VM that is away; on another host it takes a program there. */
const lookMs = 1_000;
const farLookMs = 10_000;

const keysHelp = 'Ctrl-] then q leaves, b sends a break; Ctrl-] twice sends Ctrl-]';

/** Connects the user's terminal to a console until they leave. `watch` hears what becomes of the connection. */
export async function interact(
  console: KnownConsole,
  canTake: boolean,
  ports: CliPorts,
  watch: (state: ConsoleState) => void = () => undefined,
): Promise<ExitCode> {
  for (let at = console; ;) {
    const session = ports.consoles.session(at);
    session.onDidChangeState(watch);
    const connection = new Connection(at, session, canTake, ports);
    try {
      const end = await connection.run();
      if (typeof end === 'number') return end;
      at = end.console;
    } finally {
      connection.dispose();
    }
  }
}

/** Why it is over: the user has left, or the VM has. */
type End = ExitCode | MovedConsole;

class Connection implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly console: KnownConsole;
  private readonly session: ConsoleSession;
  private readonly ports: CliPorts;
  private readonly canTake: boolean;
  private readonly keys = new EscapeKeys();
  private readonly done: Promise<End>;
  private leave: (end: End) => void = () => undefined;
  private pause: Disposable | undefined;
  private hasTaken = false;
  private isReading = false;
  private following: Disposable | undefined;

  constructor(console: KnownConsole, session: ConsoleSession, canTake: boolean, ports: CliPorts) {
    this.console = console;
    this.session = this.owned.add(session);
    this.canTake = canTake;
    this.ports = ports;
    this.done = new Promise(resolve => (this.leave = resolve));
  }

  async run(): Promise<End> {
    const { session, ports } = this;
    const { terminal } = ports.consoles;
    this.owned.add(terminal.raw());
    this.owned.add(onCancel(ports.signal, () => this.leave(exitCodes.done)));
    if (terminal.isInteractive) this.say(keysHelp);
    if (terminal.isScreen) this.showHistory(await session.history(shownHistory));
    this.owned.add(session.onDidChangeState(state => this.tell(state)));
    this.owned.add(session.onDidLose(loss => this.say(lossNews(loss))));
    this.owned.add(session.onData(bytes => this.print(bytes)));
    this.owned.add(terminal.onDrain(() => this.goOn()));
    if (terminal.isInteractive) this.read();
    session.open();
    return this.done;
  }

  dispose(): void {
    this.owned.dispose();
    if (this.ports.consoles.terminal.isInteractive) this.ports.err('\r\n');
  }

  private tell(state: ConsoleState): void {
    this.follow(state.kind === 'waiting' && state.reason === 'not running');
    const isHeld = state.kind === 'waiting' && state.reason === 'held';
    if (isHeld) this.beHeld(state.holder ? holderName(state.holder) : 'Somebody else');
    else if (state.kind === 'waiting') this.say(`kvmlab: ${this.console.vm} is not running; waiting until it starts`);
    else if (state.kind === 'connected') {
      this.say(consoleNews(this.console, state) ?? '');
      this.read();
    }
  }

  /** While nobody answers the VM may have been migrated, which is known only when that is over. */
  private follow(isAway: boolean): void {
    this.following?.dispose();
    this.following = undefined;
    if (!isAway) return;
    const over = new CancelSource();
    this.following = this.owned.add(disposable(() => over.cancel()));
    void this.lookForMove(over.signal).catch((error: unknown) => this.giveUp(error));
  }

  private async lookForMove(over: CancelSignal): Promise<void> {
    const { console, ports } = this;
    const isOver = (): boolean => over.aborted;
    while (!isOver()) {
      const moved = await movedConsole(console, () => labsHere(ports), ports);
      if (moved && !isOver()) {
        this.say(`kvmlab: ${console.vm} has moved to ${printable(moved.to)}`);
        this.leave(moved);
        return;
      }
      await timePassed(ports.clock, console.host ? farLookMs : lookMs, over);
    }
  }

  private giveUp(error: unknown): void {
    this.say(`kvmlab: ${error instanceof UserError ? error.message : String(error)}`);
    this.leave(exitCodes.failed);
  }

  private beHeld(holder: string): void {
    if (this.canTake && !this.hasTaken) this.takeOver();
    else if (!this.hasTaken) {
      const hint = this.ports.consoles.terminal.isInteractive ? ' Take it over with: kvmlab konnect --take' : '';
      this.say(`kvmlab: ${holder} holds this console.${hint}`);
      this.leave(exitCodes.already);
    }
  }

  private takeOver(): void {
    this.hasTaken = true;
    const refusal = this.session.takeOver();
    if (refusal === undefined) return;
    this.say(`kvmlab: the console was not taken over. ${refusal}`);
    this.leave(exitCodes.already);
  }

  /** Piped input waits for the connection: before it, nobody would take it. */
  private read(): void {
    if (this.isReading) return;
    this.isReading = true;
    const { terminal } = this.ports.consoles;
    this.owned.add(terminal.onInput(bytes => this.type(bytes)));
    this.owned.add(terminal.onEnd(() => this.leave(exitCodes.done)));
  }

  private type(bytes: Uint8Array): void {
    if (!this.ports.consoles.terminal.isInteractive) this.session.write(bytes);
    else for (const part of this.keys.push(bytes)) this.obey(part);
  }

  private obey(part: TypedPart): void {
    switch (part.kind) {
      case 'bytes':
        this.session.write(part.bytes);
        break;
      case 'leave':
        this.leave(exitCodes.done);
        break;
      case 'break':
        if (!this.session.sendBreak()) this.say('kvmlab: not connected, no break was sent');
        break;
      case 'take':
      case 'help':
        this.say(keysHelp);
        break;
    }
  }

  private showHistory(history: { readonly bytes: Uint8Array; readonly isCut: boolean } | undefined): void {
    if (!history) return;
    const text = replayable(new Utf8Decoder().push(history.bytes), history.isCut);
    this.ports.consoles.terminal.write(encodeUtf8(text));
  }

  private print(bytes: Uint8Array): void {
    if (!this.ports.consoles.terminal.write(bytes)) this.pause ??= this.session.hold();
  }

  private goOn(): void {
    this.pause?.dispose();
    this.pause = undefined;
  }

  /** Beside the guest's output; in raw mode a line needs its own carriage return. */
  private say(text: string): void {
    this.ports.err(this.ports.consoles.terminal.isInteractive ? `\r\n${text}\r\n` : `${text}\n`);
  }
}
