import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { CaptureMark, CaptureMarks } from '../capture-ports.ts';
import type { Clock } from '../host.ts';
import type { LogReader } from '../console-ports.ts';

/** A capture that goes on, with the size of its file. */
export interface RunningCapture extends CaptureMark {
  /** In bytes; undefined: it goes to a program. */
  readonly size: number | undefined;
}

export interface CaptureWatchParts {
  readonly marks: CaptureMarks;
  readonly sizes: Pick<LogReader, 'size'>;
  readonly clock: Clock;
}

const intervalMs = 2_000;

/** Which captures go on, of this window or not. Looks by itself while somebody looks at it. */
export class CaptureWatch implements Disposable {
  private readonly parts: CaptureWatchParts;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private next: Disposable | undefined;
  private isLooking = false;
  private isDisposed = false;
  private round = 0;
  captures: readonly RunningCapture[] = [];

  constructor(parts: CaptureWatchParts) {
    this.parts = parts;
  }

  /** Whether the captures are on the screen. */
  setLooking(isLooking: boolean): void {
    if (this.isLooking === isLooking) return;
    this.isLooking = isLooking;
    if (isLooking) void this.look();
    else this.next?.dispose();
  }

  async look(): Promise<void> {
    this.next?.dispose();
    this.round += 1;
    const { round } = this;
    const captures = await Promise.all(
      this.parts.marks.list().map(async mark => ({ ...mark, size: await this.sizeOf(mark) })),
    );
    // A later look has overtaken this one.
    if (round !== this.round || this.isDisposed) return;
    if (JSON.stringify(captures) !== JSON.stringify(this.captures)) {
      this.captures = captures;
      this.changed.fire();
    }
    if (this.isLooking) this.next = this.parts.clock.after(intervalMs, () => void this.look());
  }

  /** Ends a capture in good order. False: it had ended. */
  end(mark: CaptureMark): boolean {
    return this.parts.marks.end(mark);
  }

  dispose(): void {
    this.isDisposed = true;
    this.next?.dispose();
    this.changed.dispose();
  }

  private sizeOf({ file }: CaptureMark): Promise<number | undefined> {
    return file === undefined ? Promise.resolve(undefined) : this.parts.sizes.size(file).catch(() => undefined);
  }
}
