import type { Socket } from 'node:net';
import { Emitter, type Event } from '../base/emitter.ts';
import type { ShareLink } from '../runtime/console-ports.ts';

const readBytes = 64 * 1024;

/**
 * Lets a socket read into one buffer again and again. By itself Node takes 64 kB for each reading, whatever comes, and a
 * flood leaves tens of megabytes behind before they are collected. Who hears of the bytes copies what is to be kept.
 */
export class ReusedBuffer {
  private take: ((bytes: Uint8Array) => void) | undefined;
  private early: Uint8Array[] = [];
  /** To be given to the socket when it is made. */
  readonly onread = {
    buffer: new Uint8Array(readBytes),
    callback: (count: number, buffer: Uint8Array): boolean => {
      const bytes = buffer.subarray(0, count);
      if (this.take) this.take(bytes);
      // A socket that is paused while it connects reads once all the same. False: it waits until it is resumed.
      else this.early.push(bytes.slice());
      return this.take !== undefined;
    },
  };

  /** From now on somebody takes the bytes, those first that came before. */
  start(take: (bytes: Uint8Array) => void): void {
    if (this.take) return;
    this.take = take;
    process.nextTick(() => {
      for (const bytes of this.early) take(bytes);
      this.early = [];
    });
  }
}

/** A connected socket as a link. Until somebody listens the bytes wait in the kernel. */
export class SocketLink implements ShareLink {
  private readonly received = new Emitter<Uint8Array>();
  private readonly closed = new Emitter<void>();
  readonly onClose = this.closed.event;
  private readonly socket: Socket;
  private readonly input: ReusedBuffer | undefined;

  /** `input`: what the socket was made with, if it reads into a buffer of ours. */
  constructor(socket: Socket, input?: ReusedBuffer) {
    this.socket = socket;
    socket.pause();
    this.input = input;
    if (!input) socket.on('data', bytes => this.received.fire(bytes));
    // What went wrong does not matter to anybody: `close` follows, and the next try tells how things stand.
    socket.on('error', () => undefined);
    socket.once('close', () => this.finish());
  }

  readonly onData: Event<Uint8Array> = listener => {
    const subscription = this.received.event(listener);
    this.input?.start(bytes => this.received.fire(bytes));
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
