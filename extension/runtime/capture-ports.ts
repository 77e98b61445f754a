import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';

/** What captures need of the machine: where frames go, who captures, programs that filter and decode. */

/** Where a capture goes. */
export interface CaptureSink {
  /** Bytes that nobody has taken yet. */
  readonly backlog: number;
  /** Once, when nothing more can be written: why, for people. */
  readonly onClose: Event<string>;
  write(bytes: Uint8Array): void;
  /** Resolves when all that was written is out. Never rejects: what failed was told by `onClose`. */
  end(): Promise<void>;
}

export interface CaptureSinks {
  /** A new file; rejects with a UserError if there is one already, or none can be made. */
  file(path: string): Promise<CaptureSink>;
  standardOutput(): CaptureSink;
  /** Wireshark, showing what comes as it comes. Rejects with a UserError if it cannot be started. */
  wireshark(): Promise<CaptureSink>;
}

/** A capture that goes on, in this process or another one of this user. */
export interface CaptureMark {
  readonly pid: number;
  readonly startTicks: number;
  /** What is captured. Names mean the same in every process. */
  readonly subject: {
    readonly kind: 'nic' | 'port' | 'switch' | 'wire';
    readonly lab?: string | undefined;
    readonly name: string;
    readonly number: number;
  };
  /** Management socket of the switch that is asked; undefined for a NIC. */
  readonly socket?: string | undefined;
  /** Absolute path of its file; undefined: it goes to a program. */
  readonly file?: string | undefined;
  readonly filter?: string | undefined;
}

/** How the captures of one user are found: each one says in the folder over all run-time folders that it goes on. */
export interface CaptureMarks {
  /** Of live processes. Marks of dead ones are removed. */
  list(): readonly CaptureMark[];
  /** This process captures, until disposed. */
  add(mark: Omit<CaptureMark, 'pid' | 'startTicks'>): Disposable;
  /** Tells a capture to end in good order. False: it had ended. */
  end(mark: CaptureMark): boolean;
}

export interface FilterCompiler {
  /** Instructions of the packet filter, as `tcpdump -ddd` prints them. Undefined: there is no tcpdump. Rejects with a UserError. */
  compile(filter: string): Promise<string | undefined>;
}

/** `kvmlab capture` as a process of its own. */
export interface CaptureProcess extends Disposable {
  /** A pcap file, in pieces. While nobody listens nothing is read. */
  readonly onBytes: Event<Uint8Array>;
  /** A line for people. */
  readonly onNews: Event<string>;
  /** Once, when it has ended. */
  readonly onEnd: Event<void>;
}

export interface CaptureProcesses {
  /** Begins a capture that is read here, and ends with us at the latest. `operands`: as `kvmlab capture` takes them. */
  stream(operands: readonly string[]): CaptureProcess;
  /** Begins a capture that goes on without us. Resolves with what it says when it has begun; rejects with a UserError. */
  detach(operands: readonly string[]): Promise<string>;
}

/** What a program makes of frames, one after another. */
export interface LineDecoder extends Disposable {
  /** A pcap file, in pieces. */
  write(bytes: Uint8Array): void;
  /** One for each frame, in order. */
  readonly onLines: Event<readonly PacketLine[]>;
  /** Once, if it ends by itself. */
  readonly onEnd: Event<void>;
}

export interface PacketLine {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly info: string;
}

export interface PacketDecoders {
  /** Undefined: there is no tshark. */
  lines(): Promise<LineDecoder | undefined>;
  /** All of one frame, as tshark's PDML. Undefined: it said nothing. */
  detail(pcap: Uint8Array): Promise<string | undefined>;
}
