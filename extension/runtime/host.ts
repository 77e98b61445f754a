import type { CancelSignal } from '../base/cancel.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { IncludedFile } from '../lab/model.ts';
import type { Cidr } from '../lab/networks/cidr.ts';
import type { QemuModels } from '../qemu/models.ts';
import type { QmpQuery } from '../qemu/qmp.ts';
import type { VmNews } from '../qemu/qmp-watch.ts';
import type { ManagementAnswer } from '../vde/management.ts';
import type { SwitchNews } from '../vde/switch-news.ts';

/** What the rooms above need of the machine. Real ones live in `host/`, fakes in `test/support/`. */

/** Files; what is read is text. Errors other than "not there" are UserErrors that name the path. */
export interface Files {
  /** Undefined: there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Only the last `bytes` bytes, for logs. Undefined: there is no such file. */
  readTail(path: string, bytes: number): Promise<string | undefined>;
  /** Written whole or not at all: to a temporary file beside it, then renamed. Makes missing folders. */
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
}

/** The files that lab files include. */
export interface IncludedFiles {
  /** `name` is relative to the folder of the lab file. Only a file of the lab's own workspace is read, and no large one. */
  read(labPath: string, name: string): Promise<IncludedFile>;
}

/** A folder of scripts. */
export interface ScriptFolder {
  /** Names in it; none, if it is not there. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
}

/** Makes pixels of pictures. */
export interface Rasterizer {
  /** A PNG of an SVG: `scale` pixels for each of the picture's, or as many as one file may have. A UserError: no fonts. */
  png(svg: string, scale: number): Promise<Uint8Array>;
}

/** One process, as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  /** argv, as the process was started. */
  readonly args: readonly string[];
  /** Start time in clock ticks after boot (proc(5), field 22 of stat): with the pid it names a process for ever. */
  readonly startTicks: number;
  /** Numeric user ID of the owner. */
  readonly uid: number;
}

export interface ProcessTable {
  /** Every live (not zombie) process whose program is one of `programs` (the last part of argv[0], `*` at its end allowed). */
  list(programs: readonly string[]): readonly ProcessEntry[];
  /** Those of these processes that live, whatever their program is. */
  find(pids: readonly number[]): readonly ProcessEntry[];
}

export interface ProcessFolders {
  /** The working directory of a process, absolute. Undefined: it has ended, or is not for us to see. */
  workingFolder(pid: number): string | undefined;
}

/** Which of several labs of one name has the run-time folder that goes with the name. */
export interface LabFolders {
  /** The folder of the scripts that have it, without links. Undefined: nobody has claimed it, or that folder is gone. */
  scriptsOf(runDir: string): string | undefined;
  /** Whether both paths lead to one folder. */
  isSame(a: string, b: string): boolean;
}

export interface HostNetworks {
  /** All that this machine has a route to, in any table, and its own addresses; some may be there twice. */
  list(): Promise<readonly Cidr[]>;
}

/** The QEMU that the scripts start. */
export interface QemuPrograms {
  /** What it can make. Undefined: it is not installed. Never rejects. */
  models(): Promise<QemuModels | undefined>;
}

export interface ScriptResult {
  readonly code: number;
  /** What the script wrote to both streams, in order. */
  readonly output: string;
}

export interface ScriptRunner {
  /**
   * Runs one script with arguments (never through a shell). What it leaves running lives on without us.
   * Aborting ends the script itself and the children that did not detach.
   */
  run(script: string, args: readonly string[], signal?: CancelSignal): Promise<ScriptResult>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  after(ms: number, call: () => void): Disposable;
}

/**
 * Asks VDE management sockets (vde_switch, wirefilter). One connection per socket is kept for a while and shared;
 * commands queue on it. One that is stuck or dead delays nobody who asks another.
 */
export interface ManagementDialer {
  /**
   * Sends the commands one after another on one connection and gives the data block of each answer
   * (empty if there was none). Rejects with a UserError if nobody answers in time or a code is not 1000.
   */
  ask(socket: string, commands: readonly string[], signal?: CancelSignal): Promise<readonly string[]>;
  /** One command. A refusal is an answer; rejects with a UserError only if there was none in time. */
  exchange(socket: string, command: string, signal?: CancelSignal): Promise<ManagementAnswer>;
  /**
   * Hears what a switch says unasked about the categories (`port`, `hash`, `fstp`; `debug/list`), until disposed.
   * `onEnd` comes once, when the connection is over or could not be made; nothing is heard after it.
   */
  listen(socket: string, categories: readonly string[], listener: ManagementListener): Disposable;
}

export interface ManagementListener {
  readonly onNews: (news: SwitchNews) => void;
  readonly onEnd: () => void;
}

/** One TCP connection to a console (QEMU's telnet chardev): raw bytes, telnet not yet taken off. */
export interface ConsoleLink extends Disposable {
  readonly onData: Event<Uint8Array>;
  /** Once, when the connection has ended, for whatever reason. */
  readonly onClose: Event<void>;
  write(bytes: Uint8Array): void;
}

export interface ConsoleDialer {
  /** Rejects if nobody listens on the port of the loopback. */
  open(port: number, signal?: CancelSignal): Promise<ConsoleLink>;
}

/** Talks QMP on a VM's unix sockets. Each socket serves one client at a time. */
export interface QmpDialer {
  /**
   * Connects, asks, hangs up. While somebody else has the socket it waits its turn, for a moment. Rejects with a
   * QmpRefusal if QEMU refuses, with another UserError if nobody answers in time.
   */
  ask<T>(socket: string, query: QmpQuery<T>, signal?: CancelSignal): Promise<T>;
  /** Stays connected until disposed or until the other side hangs up, which is told by the last news, `closed`. */
  watch(socket: string, hear: (news: WatchNews) => void): Disposable;
}

export type WatchNews =
  | VmNews
  /** Connected, but another client is being served: ours comes after it. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'closed' };

/** One TCP connection to a display (VNC): bytes as they are. Nothing comes before somebody listens to `onData`. */
export interface DisplayLink extends ConsoleLink {
  /** While it is paused, what comes stays in the kernel, and so with the sender. */
  pause(): void;
  resume(): void;
}

export interface DisplayDialer {
  /** Rejects if nobody listens on the port of the loopback. */
  open(port: number, signal?: CancelSignal): Promise<DisplayLink>;
}

/** One connection between two processes that share a console, over a socket of the run-time folder. */
export interface ShareLink extends ConsoleLink {
  /** Bytes that were written and that the other one has not taken yet. */
  readonly backlog: number;
}

/** How the processes of one user find each other over a console: QEMU serves one client, who lets the others in. */
export interface ConsoleShares {
  /** Connects to the owner of the console on this port. Rejects if there is none, also if the last one left its socket behind. */
  join(port: number, signal?: CancelSignal): Promise<ShareLink>;
  /**
   * Lets others in. Only for who holds the console's port, which is what keeps two owners from doing so at once.
   * Undefined if it cannot be done here. Disposing takes the invitation back and hangs up.
   */
  serve(port: number, onGuest: (link: ShareLink) => void): Disposable | undefined;
  /** Who we are, for the others. */
  readonly self: PortHolder;
}

/** A process that is connected to a console. */
export interface PortHolder {
  readonly pid: number;
  /** As a person would call it: `telnet`, `kvmlab`, `VS Code`. */
  readonly program: string;
}

export interface PortHolders {
  /**
   * Whom QEMU serves on these ports of the loopback, as it is after the question; a process that this user may not see is
   * left out. Never rejects.
   */
  find(ports: readonly number[]): Promise<ReadonlyMap<number, PortHolder>>;
  /** Ends the process that holds the port. Undefined: it was told to end; otherwise the reason why it was not. */
  end(port: number): string | undefined;
}

/** A piece of the file into which QEMU writes all that a console prints. */
export type LogPiece =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; /** How many more there are. */ readonly left: number }
  /** Nothing more for now, or no such file yet. */
  | { readonly kind: 'end' }
  /** The file ended, and another one has taken its place: go on from its beginning. */
  | { readonly kind: 'renewed' }
  /** The file is shorter than it was. */
  | { readonly kind: 'cut' };

export interface ConsoleLog extends Disposable {
  /** Undefined: there is no such file. */
  size(): Promise<number | undefined>;
  read(offset: number, bytes: number): Promise<LogPiece>;
  /** Calls once, when the file may have grown or become another one. */
  onceChanged(call: () => void): Disposable;
}

export interface Thumbnails {
  /** Reads a screendump (PPM), removes the file, and gives a small PNG of it as base64, short enough for a tooltip. */
  take(file: string): Promise<string>;
}

/** Connects to a unix stream socket on which a person can talk, such as a switch's management. */
export interface SocketDialer {
  /** Rejects if nobody listens there. */
  open(path: string, signal?: CancelSignal): Promise<ConsoleLink>;
}

/** Parts of files that grow. Errors other than "not there" are UserErrors that name the path. */
export interface LogReader {
  /** Size in bytes. Undefined: there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** At most `bytes` bytes, fewer only at the end of the file. Undefined: there is no such file. */
  read(path: string, start: number, bytes: number): Promise<Uint8Array | undefined>;
}

/** The terminal in which a program of ours was started, or the pipes in its place. */
export interface TerminalPort {
  /** A person types here. */
  readonly isInteractive: boolean;
  /** What is written is shown on a screen. */
  readonly isScreen: boolean;
  /** Every key comes at once and as it is, Ctrl+C too, until it is disposed. */
  raw(): Disposable;
  /** Nothing is read before somebody listens. */
  readonly onInput: Event<Uint8Array>;
  /** There will be no more input. */
  readonly onEnd: Event<void>;
  /** False: whoever reads is slow; write more after `onDrain`. */
  write(bytes: Uint8Array): boolean;
  readonly onDrain: Event<void>;
}

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

/** Files that are images. Errors other than "not there" are UserErrors that name the path. */
export interface ImageFiles {
  /** Undefined: there is no such file. */
  look(path: string): Promise<ImageFile | undefined>;
  /** Names in a folder, in order; none if there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  /** Gives a finished file its name; if there is an image of that name it takes its place, with its mode. */
  replace(copy: string, path: string): Promise<void>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
  /** SHA-256 of a file, in small letters. */
  sum(path: string, work?: LongWork): Promise<string>;
}

export interface ImageFile {
  /** Length. */
  readonly bytes: number;
  /** What it takes on the disk; less where it has holes. */
  readonly allocatedBytes: number;
  /** Its first 64 KiB. */
  readonly head: Uint8Array;
}

export interface LongWork {
  /** The share that is done, in percent. */
  readonly onProgress?: ((percent: number) => void) | undefined;
  readonly signal?: CancelSignal | undefined;
}

/** qemu-img and its neighbour qemu-io. */
export interface ImageTool {
  /** Gives what it printed. Rejects with a UserError that has its words; an ImageInUse if a VM has the image open. */
  run(args: readonly string[], work?: LongWork): Promise<string>;
  /** Keeps everybody else from opening an image, as a running VM does. Rejects with an ImageInUse if somebody has it. */
  hold(path: string, format: 'qcow2' | 'raw'): Promise<Disposable>;
}

export interface ImageOrder {
  readonly url: string;
  /** What the content must have. */
  readonly sha256: string;
  /** Where it goes when it is whole and checked. */
  readonly file: string;
  /** Why content of the right sum is refused all the same; undefined: it is not. `head`: its first 64 KiB. */
  readonly refusal: (head: Uint8Array, bytes: number) => string | undefined;
}

export interface DownloadWork {
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  readonly signal?: CancelSignal | undefined;
}

export interface ImageDownloads {
  /**
   * Fetches an image, going on where an earlier try stopped. The file is there whole and checked, or not at all. False: it was
   * there. Rejects with a UserError, or with a BeingFetched while another process is at it.
   */
  fetch(order: ImageOrder, work?: DownloadWork): Promise<boolean>;
}
