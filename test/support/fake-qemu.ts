import type { CancelSignal } from '../../extension/base/cancel.ts';
import type { ConsoleDialer, ConsoleLink } from '../../extension/runtime/console-ports.ts';
import { FakeLink } from './console-fakes.ts';
import { FakeLogFile } from './fake-log.ts';

/** One console of a QEMU: it serves one client, the next ones wait, and everything goes into the log. */
export class FakeQemu implements ConsoleDialer {
  readonly log = new FakeLogFile('');
  /** What the guest got. */
  readonly typed: number[] = [];
  isRunning = true;
  private queue: Client[] = [];

  /** How many it serves and how many wait. */
  get clients(): number {
    return this.queue.length;
  }

  open(_port: number, signal?: CancelSignal): Promise<ConsoleLink> {
    if (!this.isRunning || signal?.aborted) return Promise.reject(new Error('connect ECONNREFUSED'));
    const client = new Client(this);
    this.queue.push(client);
    if (this.queue.length === 1) setImmediate(() => client.greet());
    return Promise.resolve(client);
  }

  /** To its client first, then to the log (chardev/char.c). */
  print(text: string): void {
    const [served] = this.queue;
    if (served?.isGreeted) served.print(text);
    this.log.append(text);
  }

  stop(): void {
    this.isRunning = false;
    for (const client of this.queue.splice(0)) client.hangUp();
  }

  start(): void {
    this.isRunning = true;
  }

  leave(client: Client): void {
    const wasServed = this.queue[0] === client;
    this.queue = this.queue.filter(one => one !== client);
    if (wasServed) this.queue[0]?.greet();
  }
}

class Client extends FakeLink {
  isGreeted = false;
  private readonly qemu: FakeQemu;

  constructor(qemu: FakeQemu) {
    super();
    this.qemu = qemu;
  }

  override greet(): void {
    if (this.isDisposed) return;
    this.isGreeted = true;
    super.greet();
  }

  override write(bytes: Uint8Array): void {
    super.write(bytes);
    this.qemu.typed.push(...bytes);
  }

  override dispose(): void {
    super.dispose();
    this.qemu.leave(this);
  }
}
