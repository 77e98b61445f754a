import { onCancel } from '../base/cancel.ts';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { withoutQuestions } from '../console/replay.ts';
import { Utf8Decoder, encodeUtf8 } from '../console/utf8.ts';
import { consoleVmName, type KnownConsole } from '../runtime/console/console-list.ts';
import { LogStream } from '../runtime/console/console-log-stream.ts';
import { lossNews } from '../runtime/console/console-target.ts';
import type { ConsoleLog } from '../runtime/console-ports.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';

const pieceBytes = 64 * 1024;

/** Prints all that the console ever printed. */
export async function printLog(console: KnownConsole, follow: boolean, ports: CliPorts): Promise<ExitCode> {
  const name = consoleVmName(console);
  if (console.host)
    throw new UserError(`The console log of ${name} is in its run-time folder on host ${console.host.name}.`);
  if (console.logPath === undefined) {
    throw new UserError(`The ${console.kind} of ${name} has no log: only serial consoles of a lab's VMs have one.`);
  }
  const log = ports.consoles.log(console.logPath);
  if ((await log.size()) === undefined) {
    log.dispose();
    throw new UserError(`${name} has no console log yet: nothing was printed on its serial console.`);
  }
  await (follow ? followLog(log, ports) : copyLog(log, ports));
  return exitCodes.done;
}

async function copyLog(log: ConsoleLog, ports: CliPorts): Promise<void> {
  const output = new LogOutput(ports);
  try {
    let offset = 0;
    for (let piece = await log.read(offset, pieceBytes); piece.kind === 'bytes' && !ports.signal.aborted;) {
      offset += piece.bytes.length;
      if (!output.write(piece.bytes)) await output.drained();
      piece = await log.read(offset, pieceBytes);
    }
  } finally {
    output.end();
    log.dispose();
  }
}

/** Until it is called off. */
async function followLog(log: ConsoleLog, ports: CliPorts): Promise<void> {
  const owned = new DisposableStore();
  const output = new LogOutput(ports);
  let pause: Disposable | undefined;
  const stream: LogStream = new LogStream(
    log,
    ports.clock,
    {
      data: bytes => {
        if (!output.write(bytes)) pause ??= stream.hold();
      },
      lost: loss => ports.err(`${lossNews(loss)}\n`),
      failed: () => undefined,
    },
    { isComplete: true },
  );
  owned.add(stream);
  owned.add(
    ports.consoles.terminal.onDrain(() => {
      pause?.dispose();
      pause = undefined;
    }),
  );
  await stream.start(0);
  await new Promise<void>(resolve => owned.add(onCancel(ports.signal, resolve)));
  owned.dispose();
  output.end();
}

/**
 * A file or pipe gets the bytes as they are. A terminal gets no questions of the guest: it would answer them, and the
 * answers would be typed into the user's shell.
 */
class LogOutput {
  private readonly ports: CliPorts;
  private readonly decoder = new Utf8Decoder();
  private line = '';

  constructor(ports: CliPorts) {
    this.ports = ports;
  }

  /** False: wait until it is drained. */
  write(bytes: Uint8Array): boolean {
    const { terminal } = this.ports.consoles;
    if (!terminal.isScreen) return terminal.write(bytes);
    const text = this.line + this.decoder.push(bytes);
    // Whole lines only, so that no question is cut in two and missed; a guest that never ends a line must not pile up.
    const end = text.length > pieceBytes ? text.length : text.lastIndexOf('\n') + 1;
    this.line = text.slice(end);
    return terminal.write(encodeUtf8(withoutQuestions(text.slice(0, end))));
  }

  drained(): Promise<void> {
    return new Promise(resolve => {
      const subscription = this.ports.consoles.terminal.onDrain(() => {
        subscription.dispose();
        resolve();
      });
    });
  }

  /** Not through `replayable`: a reset of modes would be written behind output that needs none. */
  end(): void {
    const { terminal } = this.ports.consoles;
    if (terminal.isScreen) terminal.write(encodeUtf8(`${withoutQuestions(this.line)}${resetColours}`));
  }
}

const resetColours = '\u001b[0m';
