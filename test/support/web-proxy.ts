import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A web proxy on the loopback: forwards requests, and joins tunnels (CONNECT). */
export class WebProxy {
  /** `HOST:PORT` of each request and tunnel. */
  readonly targets: string[] = [];
  readonly credentials: (string | undefined)[] = [];
  /** The answer to everything, instead of what is asked for. */
  refusal: number | undefined;
  private readonly server: Server;
  private readonly sockets = new Set<Duplex>();

  private constructor() {
    this.server = createServer((from, to) => this.forward(from, to));
    this.server.on('connect', (from: IncomingMessage, socket: Duplex) => this.join(from, socket));
  }

  static async open(): Promise<WebProxy> {
    const proxy = new WebProxy();
    await new Promise<void>(resolve => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `user:password@127.0.0.1:PORT` behind `http://`, without what is not given. */
  address(user = ''): string {
    return `http://${user}127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.closeAllConnections();
    this.server.close();
  }

  private note(from: IncomingMessage, target: string): void {
    this.targets.push(target);
    this.credentials.push(from.headers['proxy-authorization']);
  }

  private forward(from: IncomingMessage, to: ServerResponse): void {
    const { host, hostname, port, pathname } = new URL(from.url ?? '');
    this.note(from, host);
    if (this.refusal !== undefined) {
      to.writeHead(this.refusal).end();
      return;
    }
    const ours = request({ hostname, port, path: pathname, headers: from.headers }, answer => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
      answer.on('error', () => to.destroy());
    });
    ours.on('error', () => to.destroy());
    ours.end();
  }

  private join(from: IncomingMessage, socket: Duplex): void {
    const [host = '', port = ''] = (from.url ?? '').split(':');
    this.note(from, from.url ?? '');
    if (this.refusal !== undefined) {
      socket.end(`HTTP/1.1 ${this.refusal} Refused\r\n\r\n`);
      return;
    }
    const server: Socket = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const [one, other] of [
      [socket, server],
      [server, socket],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  }
}
