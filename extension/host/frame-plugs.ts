import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import type { FramePort } from '../runtime/wire-ports.ts';

/** Ethernet through the pipes of a vde_plug: each frame comes after its length, in two bytes. */
export class PlugFrames implements FramePort {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private readonly heard = new Emitter<{ readonly frame: Uint8Array; readonly atMs: number }>();
  private rest = Buffer.alloc(0);

  /** `address`: `/run/switch-lan[7]`. The port has to be there and free: vde_plug would hang. */
  constructor(address: string) {
    this.process = spawn('vde_plug', ['-D', 'kvmlab measures', address], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.process.stdout.on('data', (bytes: Buffer) => this.take(bytes));
    // A switch that is gone, or no vde_plug on this host: nothing arrives, and that is what is told.
    this.process.stdin.on('error', () => undefined);
    this.process.on('error', () => undefined);
  }

  send(frame: Uint8Array): number {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(frame.length);
    const atMs = performance.now();
    this.process.stdin.write(Buffer.concat([length, frame]));
    return atMs;
  }

  onFrame(hear: (frame: Uint8Array, atMs: number) => void): Disposable {
    return this.heard.event(({ frame, atMs }) => hear(frame, atMs));
  }

  dispose(): void {
    this.heard.dispose();
    this.process.kill('SIGKILL');
  }

  private take(bytes: Buffer): void {
    const atMs = performance.now();
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.rest.length >= 2 && this.rest.length >= 2 + this.rest.readUInt16BE()) {
      const frame = this.rest.subarray(2, 2 + this.rest.readUInt16BE());
      this.rest = this.rest.subarray(2 + frame.length);
      this.heard.fire({ frame, atMs });
    }
  }
}
