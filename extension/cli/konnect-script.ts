import { onCancel } from '../base/cancel.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { Expectation } from '../console/expect.ts';
import { Utf8Decoder } from '../console/utf8.ts';
import { consoleVmName, type KnownConsole } from '../runtime/console/console-list.ts';
import type { ConsoleSession, ConsoleState } from '../runtime/console/console-session.ts';
import { holderName } from '../runtime/console/console-target.ts';
import type { PortHolder } from '../runtime/console-ports.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';
import { printable } from './text-table.ts';

export interface Dialogue {
  /** Typed once the console is connected. */
  readonly send: Uint8Array | undefined;
  /** Waited for after that. */
  readonly expect: RegExp | undefined;
  readonly timeoutMs: number;
  readonly canTake: boolean;
}

const shownLines = 5;

/** Types something at a console and waits for what it prints, without anybody at the keyboard. */
export async function converse(console: KnownConsole, dialogue: Dialogue, ports: CliPorts): Promise<ExitCode> {
  const session = ports.consoles.session(console, { isFresh: true });
  const conversation = new Conversation(console, session, dialogue, ports);
  try {
    return await conversation.run();
  } finally {
    conversation.dispose();
  }
}

class Conversation implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly console: KnownConsole;
  private readonly session: ConsoleSession;
  private readonly dialogue: Dialogue;
  private readonly ports: CliPorts;
  private readonly expectation: Expectation;
  private readonly done: Promise<ExitCode>;
  private end: (code: ExitCode) => void = () => undefined;
  private isSent = false;
  private greeting = '';

  constructor(console: KnownConsole, session: ConsoleSession, dialogue: Dialogue, ports: CliPorts) {
    this.console = console;
    this.session = this.owned.add(session);
    this.dialogue = dialogue;
    this.ports = ports;
    this.expectation = new Expectation(dialogue.expect ?? /(?:)/);
    this.done = new Promise(resolve => (this.end = resolve));
  }

  run(): Promise<ExitCode> {
    this.owned.add(onCancel(this.ports.signal, () => this.end(exitCodes.failed)));
    this.owned.add(this.ports.clock.after(this.dialogue.timeoutMs, () => this.end(this.giveUp())));
    this.owned.add(this.session.onData(bytes => this.hear(bytes)));
    this.owned.add(this.session.onDidChangeState(state => this.meet(state)));
    this.session.open();
    return this.done;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private meet(state: ConsoleState): void {
    if (state.kind === 'waiting' && state.reason === 'held') this.beHeld(state.holder);
    if (state.kind !== 'connected' || this.isSent) return;
    // The monitor greets each client that QEMU takes on, and that is not what anybody waits for.
    if (this.console.kind === 'serial' || state.through) this.send();
  }

  private hear(bytes: Uint8Array): void {
    if (this.isSent) {
      this.ports.consoles.terminal.write(bytes);
      if (this.dialogue.expect && this.expectation.push(bytes)) this.end(exitCodes.done);
    } else if (this.console.kind === 'monitor') {
      this.greeting += new Utf8Decoder().push(bytes);
      if (this.greeting.endsWith(monitorPrompt)) this.send();
    }
  }

  private send(): void {
    this.isSent = true;
    if (this.dialogue.send) this.session.write(this.dialogue.send);
    if (!this.dialogue.expect) this.end(exitCodes.done);
  }

  private beHeld(holder: PortHolder | undefined): void {
    const refusal = this.dialogue.canTake ? this.session.takeOver() : 'With --take it is taken over.';
    if (refusal === undefined) return;
    this.ports.err(`kvmlab: ${holder ? holderName(holder) : 'somebody else'} holds this console. ${refusal}\n`);
    this.end(exitCodes.already);
  }

  private giveUp(): ExitCode {
    const name = printable(consoleVmName(this.console));
    if (this.session.state.kind !== 'connected') {
      this.ports.err(`kvmlab: the ${this.console.kind} of ${name} could not be connected in time. Is it running?\n`);
      return exitCodes.failed;
    }
    const last = this.expectation.lastLines(shownLines).map(line => `    ${printable(line)}\n`);
    this.ports.err(`kvmlab: what was expected of ${name} did not come in time. Its last lines:\n${last.join('')}`);
    return exitCodes.failed;
  }
}

const monitorPrompt = '(qemu) ';
