import { createConnection, type Socket } from 'node:net';
import { TelnetText } from './telnet-text.ts';

export interface CommandResult {
  /** What the command printed, lines ended by \n, without the last line end. */
  readonly output: string;
  /** Its exit status. */
  readonly code: number;
}

/**
 * Talks to the shell of a tiny guest over QEMU's telnet console, for tests. Everything waits for a text and has a
 * time limit; a failure shows the end of what the console printed.
 */
export class GuestConsole {
  private printed = '';
  /** Where the next wait begins to look. */
  private readTo = 0;
  private commands = 0;
  private isClosed = false;
  private readonly waiting = new Set<() => void>();
  private readonly decoder = new TelnetText();

  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', bytes => {
      this.printed += this.decoder.push(bytes);
      this.wake();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.wake();
    });
    // 'close' follows and ends every wait.
    socket.on('error', () => undefined);
  }

  /**
   * Connects as soon as QEMU listens on the port of the loopback, and waits until this connection has its turn:
   * QEMU serves one client at a time and leaves the next one connected but unheard.
   */
  static async open(port: number, timeoutMs = 120_000): Promise<GuestConsole> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const socket = await connect(port);
      if (socket) {
        const console = new GuestConsole(socket);
        const greeted = new Promise<boolean>(done =>
          socket.once('data', () => done(true)).once('close', () => done(false)),
        );
        if (await within(greeted, end - Date.now())) return console;
        console.close();
      }
      if (Date.now() > end)
        throw new Error(`Nobody answers on port ${port}${socket ? ': another client has the console' : ''}.`);
      await new Promise(done => setTimeout(done, 50));
    }
  }

  /** Everything that was printed since this console was opened, without carriage returns and escape sequences. */
  get text(): string {
    return this.printed;
  }

  /** True once QEMU has hung up. */
  get isOver(): boolean {
    return this.isClosed;
  }

  /** Types text as it is. */
  type(text: string): void {
    this.socket.write(text);
  }

  /** Waits until what was printed after the last match matches, and gives that match. */
  async waitFor(pattern: RegExp, timeoutMs = 180_000): Promise<RegExpExecArray> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const found = pattern.exec(this.printed.slice(this.readTo));
      if (found) {
        this.readTo += found.index + found[0].length;
        return found;
      }
      if (this.isClosed || !(await within(this.news(), end - Date.now()))) {
        const why = this.isClosed ? 'QEMU hung up' : `${timeoutMs} ms passed`;
        throw new Error(
          `${why} before ${String(pattern)} came. The console's last words:\n${this.printed.slice(-2000)}`,
        );
      }
    }
  }

  /**
   * Runs a command line in the guest's shell. Its output stands between two marks that the shell puts together, so that
   * the echo of what was typed is never taken for output; Ctrl-U first clears what somebody left half-typed.
   */
  async run(command: string, timeoutMs = 180_000): Promise<CommandResult> {
    const mark = `k${++this.commands}k`;
    const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
    this.type(`\x15echo "${mark}""begin"; eval ${quoted}; echo "${mark}""end" $?\r`);
    const found = await this.waitFor(new RegExp(`${mark}begin\\n([^]*?)${mark}end (\\d+)\\n`), timeoutMs);
    return { output: (found[1] ?? '').replace(/\n$/, ''), code: Number(found[2]) };
  }

  /** Waits until QEMU hangs up. */
  async waitForEnd(timeoutMs = 120_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!this.isClosed) {
      if (!(await within(this.news(), end - Date.now())) && Date.now() > end) {
        throw new Error(
          `QEMU still held the console after ${timeoutMs} ms. Its last words:\n${this.printed.slice(-2000)}`,
        );
      }
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private news(): Promise<true> {
    return new Promise(done => this.waiting.add(() => done(true)));
  }

  private wake(): void {
    const listeners = [...this.waiting];
    this.waiting.clear();
    for (const listener of listeners) listener();
  }
}

function connect(port: number): Promise<Socket | undefined> {
  return new Promise(done => {
    const socket = createConnection(port, '127.0.0.1', () => done(socket));
    socket.once('error', () => done(undefined));
  });
}

/** False if the time passes first, or if the promise itself says so. */
async function within(promise: Promise<boolean>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(done => (timer = setTimeout(() => done(false), Math.max(0, timeoutMs))));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
