import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import { UserError } from '../../base/user-error.ts';
import { PcapError, PcapReader, type Frame } from '../../packets/pcap.ts';
import { queryDumpFile, queryDumps, startDump, stopDump } from '../../qemu/filter-dump.ts';
import type { CaptureSource } from './capture-source.ts';
import type { Clock, ProcessEntry, ProcessTable, QmpDialer } from '../host.ts';
import type { ConsoleLog } from '../console-ports.ts';

export interface NicCaptureParts {
  readonly qmp: QmpDialer;
  readonly clock: Clock;
  readonly processes: ProcessTable;
  /** Follows a file that grows. */
  readonly follow: (file: string) => ConsoleLog;
  readonly remove: (file: string) => Promise<void>;
  /** Our own pid, so that what is left behind by a capture that was killed can be told from one that goes on. */
  readonly pid: number;
}

export interface NicCaptureTarget {
  readonly vm: string;
  readonly vmPid: number;
  readonly nic: number;
  /** QMP socket for short commands. */
  readonly qmp: string;
  /** Run-time folder of the lab. */
  readonly folder: string;
}

const pieceBytes = 256 * 1024;
/** QEMU writes without end, into a folder that may be memory. */
const mostBytes = 512 * 1024 * 1024;
const lookMs = 500;
/** A clock that is further away than this is another one. */
const farMicroseconds = 1_000_000;
const idPattern = /^kvmlab-capture-(\d+)$/;

/**
 * Frames of a NIC, both ways, as its guest sends and gets them. QEMU writes them into a file of the run-time folder, which
 * is read while it grows: whoever reads slowly slows down nobody. The object in QEMU carries our pid, so that a later
 * capture can remove it if we are killed.
 */
export class NicCapture implements CaptureSource {
  private readonly target: NicCaptureTarget;
  private readonly parts: NicCaptureParts;
  private readonly id: string;
  private readonly file: string;
  private readonly frames = new Emitter<readonly Frame[]>();
  private readonly ended = new Emitter<string>();
  private readonly news = new Emitter<string>();
  readonly onFrames = this.frames.event;
  readonly onEnd = this.ended.event;
  readonly onNews = this.news.event;
  private readonly reader = new PcapReader();
  private log: ConsoleLog | undefined;
  private offset = 0;
  private next: Disposable | undefined;
  private reading: Promise<void> = Promise.resolve();
  private process: ProcessEntry | undefined;
  /** From QEMU's times to those of this host, in microseconds. */
  private shift: number | undefined;
  private isClosed = false;

  constructor(target: NicCaptureTarget, parts: NicCaptureParts) {
    this.target = target;
    this.parts = parts;
    this.id = `kvmlab-capture-${parts.pid}`;
    this.file = `${target.folder}/${target.vm}.nic${target.nic}.${parts.pid}.pcap`;
  }

  async open(): Promise<void> {
    const { qmp, vm, nic, vmPid } = this.target;
    [this.process] = this.parts.processes.find([vmPid]);
    await this.sweep();
    try {
      await this.parts.qmp.ask(qmp, startDump(this.id, `nic${nic}`, this.file));
    } catch (cause) {
      if (!(cause instanceof UserError)) throw cause;
      throw new UserError(`NIC ${nic} of ${vm} cannot be captured. ${cause.message}`, [], { cause });
    }
    this.log = this.parts.follow(this.file);
    this.look();
  }

  async close(): Promise<{ readonly lost: number }> {
    if (this.isClosed) return { lost: 0 };
    // The object first: what it wrote until then is still read.
    await this.parts.qmp.ask(this.target.qmp, stopDump(this.id)).catch(() => undefined);
    this.next?.dispose();
    await this.reading;
    await this.read();
    this.isClosed = true;
    this.log?.dispose();
    await this.parts.remove(this.file);
    return { lost: 0 };
  }

  /** Removes what captures left in QEMU that were killed. */
  private async sweep(): Promise<void> {
    const { qmp, folder } = this.target;
    for (const id of await this.parts.qmp.ask(qmp, queryDumps)) {
      const pid = Number(idPattern.exec(id)?.[1] ?? 0);
      if (pid === 0 || (pid !== this.parts.pid && this.parts.processes.find([pid]).length > 0)) continue;
      const file = await this.parts.qmp.ask(qmp, queryDumpFile(id));
      await this.parts.qmp.ask(qmp, stopDump(id));
      if (file.startsWith(`${folder}/`)) await this.parts.remove(file);
    }
  }

  private look(): void {
    if (this.isClosed) return;
    this.next?.dispose();
    this.reading = this.read().catch((error: unknown) => {
      if (!(error instanceof PcapError) && !(error instanceof UserError)) throw error;
      this.end(`What QEMU writes cannot be read: ${error.message}.`);
    });
    void this.reading.then(() => this.wait());
  }

  private wait(): void {
    if (this.isClosed) return;
    const reason = this.whyOver();
    if (reason !== undefined) {
      this.end(reason);
      return;
    }
    const watch = this.log?.onceChanged(() => this.look());
    const timer = this.parts.clock.after(lookMs, () => this.look());
    this.next = {
      dispose: () => {
        watch?.dispose();
        timer.dispose();
      },
    };
  }

  private whyOver(): string | undefined {
    const [process] = this.parts.processes.find([this.target.vmPid]);
    if (process?.startTicks !== this.process?.startTicks) return `${this.target.vm} has ended.`;
    if (this.offset < mostBytes) return undefined;
    return `A capture of a NIC ends at ${mostBytes / 1024 / 1024} MB, as its frames pass through ${this.target.folder}.`;
  }

  private async read(): Promise<void> {
    for (;;) {
      const piece = await this.log?.read(this.offset, pieceBytes);
      if (piece?.kind !== 'bytes') return;
      this.offset += piece.bytes.length;
      const frames = this.reader.push(piece.bytes);
      const last = frames.at(-1);
      if (last) this.frames.fire(this.inOurTime(frames, last.time));
    }
  }

  /**
   * QEMU counts from the start of the capture on by a clock that had begun with the VM, and that stands still while the VM is
   * paused. So its times are right among each other and wrong for the host.
   */
  private inOurTime(frames: readonly Frame[], last: number): readonly Frame[] {
    const now = this.parts.clock.now() * 1000;
    if (this.shift === undefined || Math.abs(now - last - this.shift) > farMicroseconds) this.shift = now - last;
    const { shift } = this;
    return frames.map(frame => ({ ...frame, time: frame.time + shift }));
  }

  private end(reason: string): void {
    this.next?.dispose();
    this.ended.fire(reason);
  }
}
