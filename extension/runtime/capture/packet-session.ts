import { DisposableStore, disposable, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { decodeFrame } from '../../packets/decode.ts';
import type { Layer } from '../../packets/packet.ts';
import { PcapError, PcapReader, pcapHeader, pcapRecord, type Frame } from '../../packets/pcap.ts';
import { parsePdml } from '../../packets/pdml.ts';
import type { CaptureProcess, CaptureProcesses, LineDecoder, PacketDecoders, PacketLine } from '../capture-ports.ts';
import type { Clock } from '../host.ts';

/** One packet as a line of the list. */
export interface PacketRow extends PacketLine {
  /** Counted from 1; numbers of packets that were let go of are not used again. */
  readonly number: number;
  /** Microseconds since 1970. */
  readonly time: number;
  readonly length: number;
}

export interface PacketDetail {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly layers: readonly Layer[];
}

export interface PacketSessionParts {
  readonly processes: CaptureProcesses;
  readonly decoders: PacketDecoders;
  readonly clock: Clock;
}

/** Older packets are let go of. */
const mostPackets = 20_000;
const mostBytes = 48 * 1024 * 1024;
/** How many are let go of at once. */
const portion = 1_000;
const pauseMs = 80;
const capturing = 'Capturing';

/** A live capture for a view: keeps the last packets, decodes each as a line, and one in detail when it is asked for. */
export class PacketSession implements Disposable {
  private readonly parts: PacketSessionParts;
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly arrived = this.owned.add(new Emitter<readonly PacketRow[]>());
  /** The words or the state changed. */
  readonly onDidChange = this.changed.event;
  readonly onRows = this.arrived.event;
  private readonly reader = new PcapReader();
  /** The oldest first; `first` is its number. */
  private frames: Frame[] = [];
  private first = 1;
  private bytes = 0;
  private rows: PacketRow[] = [];
  /** The number of the last frame that was decoded. */
  private decoded = 0;
  private lines: LineDecoder | undefined;
  private pending: PacketRow[] = [];
  private timer: Disposable | undefined;
  private process: CaptureProcess | undefined;
  private isOver = false;
  /** How many packets are kept. */
  readonly most = mostPackets;
  words = 'Starting the capture …';
  isRunning = true;
  hasTshark = false;

  constructor(operands: readonly string[], parts: PacketSessionParts) {
    this.parts = parts;
    this.owned.add(disposable(() => (this.isOver = true)));
    void this.begin(operands);
  }

  /** How many packets came, of which the last ones are kept. */
  get count(): number {
    return this.first - 1 + this.frames.length;
  }

  /** Those that are kept and decoded. */
  get kept(): readonly PacketRow[] {
    return this.rows;
  }

  async detail(number: number): Promise<PacketDetail | undefined> {
    const frame = this.frames[number - this.first];
    if (!frame) return undefined;
    const pcap = this.hasTshark ? joined(pcapHeader(), pcapRecord(frame)) : undefined;
    const pdml = pcap && (await this.parts.decoders.detail(pcap));
    const layers = pdml === undefined ? [] : parsePdml(pdml);
    return { number, bytes: frame.bytes, layers: layers.length > 0 ? layers : decodeFrame(frame.bytes).layers };
  }

  /** What is kept, as a pcap file. */
  file(): Uint8Array {
    return joined(pcapHeader(), ...this.frames.map(pcapRecord));
  }

  /** Ends the capture; what came stays. */
  stop(): void {
    this.process?.dispose();
    this.end('The capture was stopped.');
  }

  dispose(): void {
    this.process?.dispose();
    this.lines?.dispose();
    this.timer?.dispose();
    this.owned.dispose();
  }

  private async begin(operands: readonly string[]): Promise<void> {
    const lines = await this.parts.decoders.lines();
    if (this.isOver) {
      lines?.dispose();
      return;
    }
    this.lines = lines;
    this.hasTshark = lines !== undefined;
    lines?.onLines(some => this.takeLines(some));
    lines?.onEnd(() => this.loseTshark());
    lines?.write(pcapHeader());
    const process = this.parts.processes.stream(operands);
    this.process = process;
    process.onNews(words => this.say(words.startsWith('Capturing ') ? capturing : words));
    process.onEnd(() => this.end(undefined));
    process.onBytes(bytes => this.take(bytes));
  }

  private take(bytes: Uint8Array): void {
    try {
      const frames = this.reader.push(bytes);
      if (frames.length === 0) return;
      this.keep(frames);
      for (const frame of frames) this.lines?.write(pcapRecord(frame));
      if (!this.lines) this.decodeMissing();
    } catch (error) {
      if (!(error instanceof PcapError)) throw error;
      this.stop();
      this.say(`What was captured cannot be read: ${error.message}.`);
    }
  }

  private keep(frames: readonly Frame[]): void {
    for (const frame of frames) {
      this.frames.push(frame);
      this.bytes += frame.bytes.length;
    }
    while (this.frames.length > mostPackets || (this.bytes > mostBytes && this.frames.length > 1)) {
      const gone = this.frames.splice(0, Math.min(portion, this.frames.length - 1));
      this.first += gone.length;
      this.bytes -= gone.reduce((sum, { bytes }) => sum + bytes.length, 0);
    }
    this.rows = this.rows.filter(({ number }) => number >= this.first);
  }

  private takeLines(lines: readonly PacketLine[]): void {
    for (const line of lines) this.add(line);
    this.announce();
  }

  /** By ourselves, all that nobody has decoded yet. */
  private decodeMissing(): void {
    this.decoded = Math.max(this.decoded, this.first - 1);
    while (this.decoded < this.count) {
      const frame = this.frames[this.decoded + 1 - this.first];
      this.add(decodeFrame(frame?.bytes ?? new Uint8Array()));
    }
    this.announce();
  }

  private add({ source, destination, protocol, info }: PacketLine): void {
    const number = this.decoded + 1;
    this.decoded = number;
    const frame = this.frames[number - this.first];
    // It was let go of before it was decoded.
    if (!frame) return;
    this.pending.push({ number, time: frame.time, length: frame.length, source, destination, protocol, info });
  }

  private loseTshark(): void {
    if (this.isOver) return;
    this.lines = undefined;
    this.hasTshark = false;
    this.decodeMissing();
    this.changed.fire();
  }

  /** Views are told some times a second, whatever comes. */
  private announce(): void {
    if (this.timer || this.pending.length === 0) return;
    this.timer = this.parts.clock.after(pauseMs, () => {
      this.timer = undefined;
      const rows = this.pending.filter(({ number }) => number >= this.first);
      this.pending = [];
      this.rows.push(...rows);
      this.arrived.fire(rows);
      this.changed.fire();
    });
  }

  private end(words: string | undefined): void {
    if (!this.isRunning) return;
    this.isRunning = false;
    this.say(words ?? (this.words === capturing ? 'The capture has ended.' : this.words));
  }

  private say(words: string): void {
    this.words = words;
    this.changed.fire();
  }
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
