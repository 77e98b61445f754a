import { connect, type Socket } from 'node:net';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { UserError } from '../base/user-error.ts';
import type { DisplayDialer, DisplayLink } from '../runtime/console-ports.ts';

const loopback = '127.0.0.1';

/** Connects to QEMU's VNC servers. */
export class TcpDisplayDialer implements DisplayDialer {
  open(port: number, signal?: CancelSignal): Promise<DisplayLink> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: loopback, port, noDelay: true });
      const refuse = (cause: unknown): void => {
        cancelling.dispose();
        socket.destroy();
        reject(refused(port, cause));
      };
      const cancelling = onCancel(signal, () => socket.destroy(new Error('cancelled')));
      socket.once('error', refuse);
      socket.once('connect', () => {
        cancelling.dispose();
        socket.removeListener('error', refuse);
        resolve(new SocketLink(socket));
      });
    });
  }
}

class SocketLink implements DisplayLink {
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

  write(bytes: Uint8Array): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
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

function refused(port: number, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `Cannot connect to the display on ${loopback}:${port}: ${reason}. Check that the VM is running, or start it.`,
    [],
    { cause },
  );
}
