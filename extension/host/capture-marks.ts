import fs from 'node:fs';
import path from 'node:path';
import { disposable, type Disposable } from '../base/disposable.ts';
import type { CaptureMark, CaptureMarks } from '../runtime/capture-ports.ts';
import type { ProcessTable } from '../runtime/host.ts';

/** One small file for each capture, `captures/PID-N.json`, in the folder over all run-time folders. */
export class CaptureMarkFiles implements CaptureMarks {
  private readonly folder: string;
  private readonly processes: ProcessTable;
  private count = 0;

  constructor(root: string, processes: ProcessTable) {
    this.folder = path.join(root, 'captures');
    this.processes = processes;
  }

  list(): readonly CaptureMark[] {
    const files = namesIn(this.folder).filter(name => /^\d+-\d+\.json$/.test(name));
    return files.flatMap(name => {
      const file = path.join(this.folder, name);
      const mark = readMark(file);
      if (mark && this.lives(mark)) return [mark];
      // A process that was killed; one that is just being written has no whole name yet.
      fs.rmSync(file, { force: true });
      return [];
    });
  }

  add(mark: Omit<CaptureMark, 'pid' | 'startTicks'>): Disposable {
    const [self] = this.processes.find([process.pid]);
    this.count += 1;
    const file = path.join(this.folder, `${process.pid}-${this.count}.json`);
    fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ ...mark, pid: process.pid, startTicks: self?.startTicks ?? 0 });
    fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
    return disposable(() => fs.rmSync(file, { force: true }));
  }

  end(mark: CaptureMark): boolean {
    if (!this.lives(mark)) return false;
    process.kill(mark.pid, 'SIGTERM');
    return true;
  }

  /** Pids are used again. */
  private lives({ pid, startTicks }: CaptureMark): boolean {
    return this.processes.find([pid]).some(one => one.startTicks === startTicks);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    // Nobody has captured anything yet.
    return [];
  }
}

const subjectKinds = ['nic', 'port', 'switch', 'wire'];

/** Undefined: it is gone, or of another version of ours. */
function readMark(file: string): CaptureMark | undefined {
  try {
    const mark = JSON.parse(fs.readFileSync(file, 'utf8')) as CaptureMark;
    const { kind, name, number } = mark.subject;
    const isWhole = subjectKinds.includes(kind) && typeof name === 'string' && Number.isInteger(number);
    return isWhole && Number.isInteger(mark.pid) && mark.pid > 1 ? mark : undefined;
  } catch {
    return undefined;
  }
}
