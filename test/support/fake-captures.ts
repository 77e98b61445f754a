import type { CapturePorts } from '../../extension/cli/command.ts';
import type { CaptureMark, CaptureMarks, CaptureSink } from '../../extension/runtime/capture-ports.ts';
import { FakeLogs } from './fake-logs.ts';

/** Captures that are said to go on; what is captured stays in memory. Nothing listens on its sockets. */
export class FakeCaptures implements CapturePorts {
  readonly going: CaptureMark[] = [];
  readonly removed: string[] = [];
  readonly sizes = new FakeLogs();
  readonly pid = 4000;
  readonly compiler = { compile: () => Promise.resolve(undefined) };
  readonly sockets = { open: () => Promise.reject(new Error('nobody listens')) };
  readonly sinks = {
    file: (path: string) => Promise.resolve(this.sink(path)),
    standardOutput: () => this.sink('-'),
    wireshark: () => Promise.resolve(this.sink('wireshark')),
  };
  /** What each sink was given. */
  readonly written = new Map<string, Uint8Array[]>();

  readonly marks: CaptureMarks = {
    list: () => [...this.going],
    add: mark => {
      const added = { ...mark, pid: this.pid, startTicks: 1 };
      this.going.push(added);
      return { dispose: () => this.drop(added) };
    },
    end: mark => this.drop(mark),
  };

  readonly remove = (file: string): Promise<void> => {
    this.removed.push(file);
    return Promise.resolve();
  };

  private drop(mark: CaptureMark): boolean {
    const at = this.going.indexOf(mark);
    if (at >= 0) this.going.splice(at, 1);
    return at >= 0;
  }

  private sink(name: string): CaptureSink {
    const written: Uint8Array[] = [];
    this.written.set(name, written);
    return {
      backlog: 0,
      onClose: () => ({ dispose: () => undefined }),
      write: bytes => void written.push(bytes),
      end: () => Promise.resolve(),
    };
  }
}
