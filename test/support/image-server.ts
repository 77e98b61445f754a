import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on the loopback that answers each request as a test says; the last answer stays. */
export class ImageServer {
  readonly requests: IncomingMessage['headers'][] = [];
  private readonly server: Server;
  private answers: readonly Answer[] = [];

  private constructor() {
    this.server = createServer((request, response) => {
      this.requests.push(request.headers);
      const [first, ...others] = this.answers;
      if (others.length > 0) this.answers = others;
      first?.(request, response);
    });
  }

  static async open(): Promise<ImageServer> {
    const one = new ImageServer();
    await new Promise<void>(resolve => one.server.listen(0, '127.0.0.1', resolve));
    return one;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/image.qcow2`;
  }

  answer(...answers: readonly Answer[]): void {
    this.answers = answers;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

interface Sending {
  /** Breaks off after so many bytes of the body. */
  readonly cutAfter?: number;
  readonly etag?: string;
  /** Sends all of it, whatever the request says. */
  readonly ignoresRange?: boolean;
}

/** Sends the content, or the part of it that is asked for. */
export const sends =
  (content: Buffer, { cutAfter, etag = '"one"', ignoresRange = false }: Sending = {}): Answer =>
  (request, response) => {
    const asked = ignoresRange ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const start = asked === undefined || !isSame ? 0 : Number(asked);
    const body = content.subarray(start);
    const partial = start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length, etag, ...partial });
    if (cutAfter === undefined || cutAfter >= body.length) response.end(body);
    else response.write(body.subarray(0, cutAfter), () => setImmediate(() => response.destroy()));
  };

export const says =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, headers).end();
  };
