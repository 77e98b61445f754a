import type { ConnectOptions, Telnet } from 'telnet-client';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import type { ConsoleDialer, ConsoleLink } from '../runtime/console-ports.ts';
import { ReusedBuffer, SocketLink } from './socket-link.ts';

const loopback = '127.0.0.1';

/** Connects to QEMU's consoles by telnet-client, and gives its socket without what it does to the bytes. */
export class TelnetDialer implements ConsoleDialer {
  async open(port: number, signal?: CancelSignal): Promise<ConsoleLink> {
    const client = await import('./telnet-room.ts');
    const [telnet, input] = [new client.Telnet(), new ReusedBuffer()];
    let link: SocketLink | undefined;
    // Emitted while the socket's own `connect` is: no byte can have come before.
    telnet.once('connect', () => (link = takeOver(telnet, input)));
    const connecting = telnet.connect(options(port, input));
    const cancelling = onCancel(signal, () => telnet.getSocket()?.destroy());
    try {
      await connecting;
    } catch (cause) {
      telnet.getSocket()?.destroy();
      throw refused(port, cause);
    } finally {
      cancelling.dispose();
    }
    if (!link || signal?.aborted) {
      link?.dispose();
      throw refused(port, new Error('cancelled'));
    }
    return link;
  }
}

/** No waiting for negotiation or prompts, nothing sent on our behalf, no time limit (a quiet console is not a dead one). */
const options = (port: number, { onread }: ReusedBuffer): ConnectOptions => ({
  host: loopback,
  port,
  negotiationMandatory: false,
  disableLogon: true,
  timeout: 0,
  socketConnectOptions: { port, onread },
});

/**
 * telnet-client reads every chunk that begins with 0xff as negotiation and answers it, decodes bytes as ASCII, and
 * collects all that it ever received for `nextData`. So its listener goes and the bytes are ours. Its others stay:
 * they keep errors of the socket from being thrown.
 */
function takeOver(telnet: Telnet, input: ReusedBuffer): SocketLink | undefined {
  const socket = telnet.getSocket();
  if (!socket) return undefined;
  socket.removeAllListeners('data');
  socket.setNoDelay(true);
  return new SocketLink(socket, input);
}

function refused(port: number, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `Cannot connect to the console on ${loopback}:${port}: ${reason}. Check that the VM is running, or start it.`,
    [],
    { cause },
  );
}
