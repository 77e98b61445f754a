import net from 'node:net';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import type { ConsoleLink, SocketDialer } from '../runtime/console-ports.ts';
import { SocketLink } from './socket-link.ts';
import { systemFailure } from './system-error.ts';

/** Connects to unix stream sockets of this machine. */
export class UnixSocketDialer implements SocketDialer {
  open(path: string, signal?: CancelSignal): Promise<ConsoleLink> {
    const socket = net.connect(path);
    return new Promise((resolve, reject) => {
      const cancelling = onCancel(signal, () => socket.destroy(new Error('cancelled')));
      const fail = (error: Error): void => {
        cancelling.dispose();
        reject(systemFailure(`Cannot connect to ${path}`, error));
      };
      socket.once('error', fail);
      socket.once('connect', () => {
        cancelling.dispose();
        socket.off('error', fail);
        resolve(new SocketLink(socket));
      });
    });
  }
}
