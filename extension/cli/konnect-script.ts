import { onCancel } from '../base/cancel.ts';
import { DisposableStore } from '../base/disposable.ts';
import { Expectation } from '../console/expect.ts';
import { consoleVmName, type KnownConsole } from '../runtime/console-list.ts';
import type { ConsoleSession, ConsoleState } from '../runtime/console-session.ts';
import { holderName } from '../runtime/console-target.ts';
import type { PortHolder } from '../runtime/host.ts';
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
  const owned = new DisposableStore();
  const session = owned.add(ports.consoles.session(console));
  const expectation = new Expectation(dialogue.expect ?? /(?:)/);
  try {
    return await new Promise<ExitCode>(resolve => {
      let isSent = false;
      owned.add(onCancel(ports.signal, () => resolve(exitCodes.failed)));
      owned.add(ports.clock.after(dialogue.timeoutMs, () => resolve(giveUp(console, session, expectation, ports))));
      owned.add(
        session.onData(bytes => {
          if (!isSent) return;
          ports.consoles.terminal.write(bytes);
          if (dialogue.expect && expectation.push(bytes)) resolve(exitCodes.done);
        }),
      );
      const meet = (state: ConsoleState): void => {
        if (state.kind === 'waiting' && state.reason === 'held') {
          if (!takeOver(session, state.holder, dialogue.canTake, ports)) resolve(exitCodes.already);
        } else if (state.kind === 'connected' && !isSent) {
          isSent = true;
          if (dialogue.send) session.write(dialogue.send);
          if (!dialogue.expect) resolve(exitCodes.done);
        }
      };
      owned.add(session.onDidChangeState(meet));
      session.open();
    });
  } finally {
    owned.dispose();
  }
}

function takeOver(session: ConsoleSession, holder: PortHolder | undefined, canTake: boolean, ports: CliPorts): boolean {
  const refusal = canTake ? session.takeOver() : 'With --take it is taken over.';
  if (refusal === undefined) return true;
  ports.err(`kvmlab: ${holder ? holderName(holder) : 'somebody else'} holds this console. ${refusal}\n`);
  return false;
}

function giveUp(console: KnownConsole, session: ConsoleSession, expectation: Expectation, ports: CliPorts): ExitCode {
  const name = printable(consoleVmName(console));
  if (session.state.kind !== 'connected') {
    ports.err(`kvmlab: ${name} is not running: its ${console.kind} could not be connected in time.\n`);
    return exitCodes.failed;
  }
  const last = expectation.lastLines(shownLines).map(line => `    ${printable(line)}\n`);
  ports.err(`kvmlab: what was expected of ${name} did not come in time. Its last lines:\n${last.join('')}`);
  return exitCodes.failed;
}
