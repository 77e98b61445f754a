import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { inflateSync } from 'node:zlib';
import { until } from './vscode/until.ts';

const extendedClipboard = 0xc0a1e5ce;
const [request, notify, provide] = [0x0200_0001, 0x0800_0001, 0x1000_0001];

/**
 * Another VNC client of a QEMU, which stands for an agent in the guest: QEMU keeps one clipboard for both. Speaks RFC 6143
 * as far as clipboards go, and the extended clipboard of the community's RFB document.
 */
export class VncClient {
  private readonly socket: Socket;
  private unread = Buffer.alloc(0);
  /** The text that was last put into the clipboard by somebody else. */
  clipboard = '';

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static async open(port: number): Promise<VncClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const client = new VncClient(socket);
    socket.on('data', (bytes: Buffer) => (client.unread = Buffer.concat([client.unread, bytes])));
    await client.agree();
    socket.on('data', () => client.readMessages());
    client.readMessages();
    return client;
  }

  /** Puts a text into the clipboard, as an agent does when somebody copies something in the guest. */
  copy(text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    this.socket.write(Buffer.concat([Buffer.from([6, 0, 0, 0]), uint32(bytes.length), bytes]));
  }

  close(): void {
    this.socket.destroy();
  }

  private async agree(): Promise<void> {
    await this.take(12);
    this.socket.write('RFB 003.008\n');
    await this.take((await this.take(1)).readUInt8());
    this.socket.write(Buffer.from([1]));
    await this.take(4);
    this.socket.write(Buffer.from([1]));
    await this.take((await this.take(24)).readUInt32BE(20));
    this.socket.write(Buffer.concat([Buffer.from([2, 0, 0, 1]), uint32(extendedClipboard)]));
  }

  /** Only cut texts come, as no picture is asked for. */
  private readMessages(): void {
    while (this.unread.length >= 8 && this.unread.readUInt8() === 3) {
      const length = this.unread.readInt32BE(4);
      const end = 8 + Math.abs(length);
      if (this.unread.length < end) return;
      const body = this.unread.subarray(8, end);
      this.unread = this.unread.subarray(end);
      if (length >= 0) this.clipboard = body.toString('latin1');
      else this.readExtended(body);
    }
  }

  private readExtended(body: Buffer): void {
    const flags = body.readUInt32BE();
    if (flags === notify) this.sendExtended(uint32(request));
    // Provided: length and text with a zero at its end, together compressed.
    if (flags === provide) this.clipboard = inflateSync(body.subarray(4)).subarray(4, -1).toString('utf8');
  }

  private sendExtended(body: Buffer): void {
    this.socket.write(Buffer.concat([Buffer.from([6, 0, 0, 0]), uint32(-body.length >>> 0), body]));
  }

  private async take(count: number): Promise<Buffer> {
    await until(`${count} bytes of the VNC server`, () => Promise.resolve(this.unread.length >= count), {
      intervalMs: 5,
    });
    const taken = this.unread.subarray(0, count);
    this.unread = this.unread.subarray(count);
    return taken;
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
