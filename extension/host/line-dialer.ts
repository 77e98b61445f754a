import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { UserError } from '../base/user-error.ts';
import type { ConsoleLink } from '../runtime/console-ports.ts';
import type { LineDialer } from '../runtime/install-ports.ts';
import { SocketLink } from './socket-link.ts';
import { codeOf } from './system-error.ts';

/** Lines to other machines, by TCP and by the user's own ssh. */
export class HostLineDialer implements LineDialer {
  async telnet(host: string, port: number, signal?: CancelSignal): Promise<ConsoleLink> {
    const socket = connect({ host, port, noDelay: true });
    const cancelling = onCancel(signal, () => socket.destroy());
    try {
      await once(socket, 'connect');
      return new SocketLink(socket);
    } catch (cause) {
      const reason = codeOf(cause) ?? 'called off';
      throw new UserError(`${host}:${port} does not answer (${reason}).`, [], { cause });
    } finally {
      cancelling.dispose();
    }
  }

  ssh(args: readonly string[]): ConsoleLink {
    return new ProcessLink(spawn('ssh', [...args], { stdio: ['pipe', 'pipe', 'pipe'], env: withoutSecrets() }));
  }
}

/** A program of ours as a link: both its outputs come, and it ends with us. */
class ProcessLink implements ConsoleLink {
  private readonly received = new Emitter<Uint8Array>();
  private readonly closed = new Emitter<void>();
  readonly onClose: Event<void> = this.closed.event;
  private readonly child: ChildProcessWithoutNullStreams;

  constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    // It may be gone before it reads.
    child.stdin.on('error', () => undefined);
    child.once('error', error => {
      this.received.fire(Buffer.from(`kvmlab: ssh cannot be started (${codeOf(error) ?? error.message})\n`));
    });
    child.once('close', () => this.closed.fire());
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (bytes: Uint8Array) => this.received.fire(bytes));
      output.pause();
    }
  }

  readonly onData: Event<Uint8Array> = listener => {
    const subscription = this.received.event(listener);
    this.child.stdout.resume();
    this.child.stderr.resume();
    return subscription;
  };

  write(bytes: Uint8Array): void {
    if (this.child.stdin.writable) this.child.stdin.write(bytes);
  }

  dispose(): void {
    this.closed.dispose();
    this.received.dispose();
    this.child.kill();
  }
}

/** A program that is started sees our environment, and so may others. */
const withoutSecrets = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KVMLAB_SECRET_')));
