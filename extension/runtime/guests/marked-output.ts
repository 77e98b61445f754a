import { Utf8Decoder } from '../../console/utf8.ts';
import { cutByKernel } from './kernel-messages.ts';

export interface GuestAnswer {
  /** Exit status; undefined: the guest's shell does not tell one. */
  readonly status: number | undefined;
  /** What was printed, lines ended by `\n`. Bytes that are no text are U+FFFD. */
  readonly output: string;
  /** The end of a very long output was left out. */
  readonly isCut: boolean;
}

const longestOutput = 2_000_000;

/**
 * Takes what a command prints out of all that a console prints: what stands between the lines `MARK<1.` and `MARK>0.`,
 * the number behind `>` being the exit status. Messages of the kernel may stand anywhere, also in the middle of a mark.
 */
export class MarkedOutput {
  private readonly decoder = new Utf8Decoder();
  private readonly begin: RegExp;
  private readonly end: RegExp;
  private pending = '';
  /** The beginning of a line that goes on behind a message of the kernel, and how many lines were kept before it. */
  private head = '';
  private headAt = 0;
  private lines: string[] = [];
  private length = 0;
  private isCut = false;
  private hasBegun = false;
  private done: GuestAnswer | undefined;

  /** `mark`: letters and digits. */
  constructor(mark: string) {
    this.begin = new RegExp(`${mark}<\\d+\\.`);
    this.end = new RegExp(`${mark}>(\\d+)\\.`);
  }

  /** The command has been taken on. */
  get isBegun(): boolean {
    return this.hasBegun;
  }

  /** Undefined until the command has ended. */
  get answer(): GuestAnswer | undefined {
    return this.done;
  }

  /** What was printed so far, the line that is not ended as well. */
  get soFar(): GuestAnswer {
    const rest = this.hasBegun ? this.pending : '';
    return { status: undefined, output: this.lines.join('') + rest, isCut: this.isCut };
  }

  push(bytes: Uint8Array): void {
    const parts = this.decoder.push(bytes).split('\n');
    for (const [at, part] of parts.entries()) {
      this.pending += part;
      if (at === parts.length - 1 || this.done) continue;
      const line = this.pending;
      this.pending = '';
      this.take(line);
    }
  }

  private take(line: string): void {
    const whole = this.head + line;
    const cut = cutByKernel(line);
    if (this.hasBegun) this.takeOutput(line, whole);
    // Cut by the kernel, the rest of this line is still to come.
    else this.hasBegun = cut === undefined && this.begin.test(whole);
    if (this.head === '') this.headAt = this.lines.length - 1;
    this.head = cut === undefined ? '' : this.head + cut;
  }

  private takeOutput(line: string, whole: string): void {
    const [inLine, inWhole] = [this.end.exec(line), this.end.exec(whole)];
    const end = inLine ?? inWhole;
    if (!end) {
      this.keep(`${line.replace(/\r$/, '')}\n`);
      return;
    }
    if (!inLine) this.lines.length = Math.min(this.lines.length, this.headAt);
    this.lines.push((inLine ? line : whole).slice(0, end.index));
    this.done = { status: Number(end[1]), output: this.lines.join(''), isCut: this.isCut };
  }

  private keep(text: string): void {
    this.length += text.length;
    if (this.length > longestOutput) this.isCut = true;
    else this.lines.push(text);
  }
}
