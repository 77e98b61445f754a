import type { Socket } from 'node:net';
import { Emitter, type Event } from '../base/emitter.ts';
import type { ShareLink } from '../runtime/host.ts';

/** A connected socket as a link. Until somebody listens the bytes wait in the kernel. */
export class SocketLink implements ShareLink {
  private readonly received = new Emitter<Uint8Array>();
  private readonly closed = new Emitter<void>();
  readonly onClose = this.closed.event;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.pause();
    socket.on('data', bytes => this.received.fire(bytes));
    // What went wrong does not matter to anybody: `close` follows, and the next try tells how things stand.
    socket.on('error', () => undefined);
    socket.once('close', () => this.finish());
  }

  readonly onData: Event<Uint8Array> = listener => {
    const subscription = this.received.event(listener);
    this.socket.resume();
    return subscription;
  };

  get backlog(): number {
    return this.socket.writableLength;
  }

  write(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  dispose(): void {
    this.closed.dispose();
    this.received.dispose();
    this.socket.destroy();
  }

  private finish(): void {
    this.closed.fire();
    this.closed.dispose();
    this.received.dispose();
  }
}
