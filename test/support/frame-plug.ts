import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** A card of no VM on a port of a switch: sends and receives Ethernet frames through vde_plug's pipes. */
export class FramePlug {
  /** The payloads of all frames of ours that came in, in order. */
  readonly received: string[] = [];
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly source: Buffer;
  private rest = Buffer.alloc(0);

  /** `at`: `SOCKETS[PORT]`; `number`: the last byte of its MAC address. */
  constructor(at: string, number: number) {
    this.source = Buffer.from([0x52, 0x54, 0, 0xee, 0, number]);
    this.process = spawn('vde_plug', [at]);
    this.process.stdout.on('data', (bytes: Buffer) => this.take(bytes));
    // A switch that is gone closes the pipe.
    this.process.stdin.on('error', () => undefined);
  }

  /** Sends a frame to everybody. `bytes`: how long its payload is made. */
  broadcast(payload: string, bytes = 46): void {
    const text = Buffer.alloc(bytes);
    text.write(payload);
    const frame = Buffer.concat([Buffer.alloc(6, 0xff), this.source, etherType, text]);
    this.process.stdin.write(Buffer.concat([lengthOf(frame), frame]));
  }

  /** What was sent and not taken yet, in bytes. */
  get waiting(): number {
    return this.process.stdin.writableLength;
  }

  /** How often each of these came. */
  counts(...payloads: readonly string[]): readonly number[] {
    return payloads.map(payload => this.received.filter(one => one === payload).length);
  }

  dispose(): void {
    this.process.kill('SIGKILL');
  }

  /** Each frame comes after its length, as two bytes. */
  private take(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= 2 && this.rest.length >= 2 + this.rest.readUInt16BE()) {
      const frame = this.rest.subarray(2, 2 + this.rest.readUInt16BE());
      this.rest = this.rest.subarray(2 + frame.length);
      const isOurs = frame.subarray(12, 14).equals(etherType);
      if (isOurs) this.received.push(frame.subarray(14).toString().replace(/\0+$/, ''));
    }
  }
}

/** For local experiments (IEEE 802). */
const etherType = Buffer.from([0x88, 0xb5]);

function lengthOf(frame: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(frame.length);
  return length;
}
