import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { RecordedPart, Recording } from '../../dialogue/learn/recording.ts';
import type { ConsoleLog } from '../console-ports.ts';
import { ConsoleLine, type ConsoleHost } from './console-line.ts';
import { LogStream } from './console-log-stream.ts';
import type { ConsoleState } from './console-state.ts';

/** A recording is kept in memory; from here on nothing is added to it. */
const mostBytes = 64 * 1024 * 1024;
/** Where a prompt begins that stood there before. */
const lookedBack = 4 * 1024;

export interface RecorderOptions {
  /** The console's log: what stands on the last line when the recording begins is recorded too. */
  readonly log?: ConsoleLog | undefined;
}

/**
 * Writes down what a console prints and what anybody types into it, in the order in which it happens: in this process,
 * in other windows, and with `kvmlab konnect`. It never types. What it has is not to be stored: there are passwords in it.
 */
export class ConsoleRecorder implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<ConsoleState>());
  readonly onDidChangeState = this.changed.event;
  private readonly line: ConsoleLine;
  private readonly host: ConsoleHost;
  private readonly options: RecorderOptions;
  private readonly parts: RecordedPart[] = [];
  private bytes = 0;
  private skipped = 0;
  private beganMs = 0;

  constructor(host: ConsoleHost, port: number, options: RecorderOptions = {}) {
    this.host = host;
    this.options = options;
    this.line = this.owned.add(new ConsoleLine(host, port, 'dialogue'));
    this.owned.add(this.line.onData(bytes => this.write('printed', bytes)));
    this.owned.add(this.line.onTyped(bytes => this.write('typed', bytes)));
    this.owned.add(this.line.onSkipped(bytes => (this.skipped += bytes)));
    this.owned.add(this.line.onDidChangeState(state => this.changed.fire(state)));
  }

  /** Begins, once. What is typed is recorded from the state `connected` on. */
  async start(): Promise<void> {
    this.beganMs = this.host.clock.now();
    const prompt = await this.promptThere();
    if (prompt) this.write('printed', prompt);
    this.line.open();
  }

  /** To be called when there is reason to think that the console can be heard. */
  retryNow(): void {
    this.line.retryNow();
  }

  get state(): ConsoleState {
    return this.line.state;
  }

  /** What happened so far. */
  get recording(): Recording {
    return { parts: [...this.parts] };
  }

  /** Something was printed or typed that is not in the recording, because it came too fast or there is too much. */
  get isIncomplete(): boolean {
    return this.skipped > 0 || this.bytes > mostBytes;
  }

  dispose(): void {
    this.owned.dispose();
    this.options.log?.dispose();
  }

  private write(kind: RecordedPart['kind'], bytes: Uint8Array): void {
    this.bytes += bytes.length;
    if (this.bytes > mostBytes) return;
    // A copy: the link reads into one buffer again and again.
    this.parts.push({ kind, bytes: bytes.slice(), atMs: this.host.clock.now() - this.beganMs });
  }

  private async promptThere(): Promise<Uint8Array | undefined> {
    const { log } = this.options;
    if (!log) return undefined;
    const unheard = { data: () => undefined, lost: () => undefined, failed: () => undefined };
    const stream = new LogStream(log, this.host.clock, unheard);
    const history = await stream.history(lookedBack);
    stream.dispose();
    return history?.bytes.subarray(history.bytes.lastIndexOf(newline) + 1);
  }
}

const newline = 0x0a;
