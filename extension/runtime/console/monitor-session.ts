import { DisposableStore } from '../../base/disposable.ts';
import { plainPrompt } from '../../console/plain-lines.ts';
import { Utf8Decoder, encodeUtf8 } from '../../console/utf8.ts';
import type { ByteSession } from './byte-session.ts';

/** The lines that were given to one VM's monitor, the latest first. */
export interface MonitorLines {
  readonly all: () => readonly string[];
  readonly add: (line: string) => void;
}

const prompt = '(qemu) ';
/** QEMU's READLINE_CMD_BUF_SIZE. */
const longestLine = 4095;
/** Each key that edits a line shows all of it again. */
const longestRecord = 64 * 1024;

/**
 * QEMU's monitor as a terminal has it. QEMU edits the line, completes it and shows it. Its history ends with the VM, so
 * Up and Down bring lines that outlive it: what stands on the prompt is taken back with QEMU's own keys, and the other
 * line typed in its place.
 */
export class MonitorSession implements ByteSession {
  readonly onData: ByteSession['onData'];
  readonly onDidChangeState: ByteSession['onDidChangeState'];
  readonly onDidLose: ByteSession['onDidLose'];

  private readonly owned = new DisposableStore();
  private readonly inner: ByteSession;
  private readonly lines: MonitorLines;
  private readonly decoder = new Utf8Decoder();
  /** What was printed since the last line end, with all that moved and erased. */
  private record = '';
  /** Lines that were ended with Enter and that QEMU has not shown the end of. */
  private entered = 0;
  /** What was typed since the last Enter, byte by byte: no more stands on the prompt than what is shown there and this. */
  private typed = '';
  /** Which of the lines stands on the prompt; -1: the user's own, kept in `draft` while another one does. */
  private place = -1;
  private draft = '';

  constructor(inner: ByteSession, lines: MonitorLines) {
    this.inner = this.owned.add(inner);
    this.lines = lines;
    this.onData = inner.onData;
    this.onDidChangeState = inner.onDidChangeState;
    this.onDidLose = inner.onDidLose;
    this.owned.add(inner.onData(bytes => this.receive(this.decoder.push(bytes))));
    this.owned.add(inner.onDidChangeState(() => this.reset()));
  }

  get state(): ByteSession['state'] {
    return this.inner.state;
  }

  open(): void {
    this.inner.open();
  }

  retryNow(): void {
    this.inner.retryNow();
  }

  takeOver(): string | undefined {
    return this.inner.takeOver?.();
  }

  write(bytes: Uint8Array): boolean {
    const keys = bytes.length > longestKey ? '' : latin1(bytes);
    const step = steps[keys];
    const line = this.lineOnPrompt();
    if (step !== undefined && line !== undefined && this.lines.all().length > 0) return this.recall(step, line);
    this.place = -1;
    if (line !== undefined) this.entered += bytes.filter(byte => byte === enter).length;
    return this.type(bytes);
  }

  dispose(): void {
    this.owned.dispose();
  }

  /** Up: one line further back; Down: one further on, and behind the latest what the user had typed. */
  private recall(step: number, line: string): boolean {
    const lines = this.lines.all();
    const place = this.place + step;
    if (place < -1 || place >= lines.length) return this.inner.state.kind === 'connected';
    if (this.place === -1) this.draft = isPlain(this.typed) && this.typed.startsWith(line) ? this.typed : line;
    this.place = place;
    const text = lines[place] ?? this.draft;
    // To the end, and back over all that is there or on its way; one too many does nothing.
    const most = line.length + this.typed.length;
    const replacement = encodeUtf8(text);
    const isTaken = this.type(Uint8Array.of(...encodeUtf8(toEnd + backspace.repeat(most)), ...replacement));
    this.typed = latin1(replacement);
    return isTaken;
  }

  private type(bytes: Uint8Array): boolean {
    const isTaken = this.inner.write(bytes);
    if (isTaken) this.typed = (this.typed + latin1(bytes)).replace(/^[^]*\r/, '').slice(0, longestLine);
    return isTaken;
  }

  /** What stands behind the prompt; undefined: QEMU waits for no command. */
  private lineOnPrompt(): string | undefined {
    const shown = plainPrompt(this.record);
    return shown.startsWith(prompt) ? shown.slice(prompt.length).trimEnd() : undefined;
  }

  private receive(text: string): void {
    const [first = '', ...others] = text.split('\n');
    this.extend(first);
    for (const next of others) {
      this.endLine();
      this.extend(next);
    }
  }

  private extend(text: string): void {
    this.record = (this.record + text).slice(0, longestRecord);
  }

  /** Not only Enter ends the line: Tab does so too when it lists what is possible, and the line comes again. */
  private endLine(): void {
    const line = this.entered > 0 ? this.lineOnPrompt() : undefined;
    this.record = '';
    if (line === undefined) return;
    this.entered -= 1;
    if (line !== '') this.lines.add(line);
  }

  private reset(): void {
    [this.record, this.draft, this.place] = ['', '', -1];
    [this.entered, this.typed] = [0, ''];
  }
}

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, byte => String.fromCharCode(byte)).join('');

/** Keys that stand on the line as they were typed. */
const isPlain = (typed: string): boolean => /^[ -~]*$/.test(typed);

const enter = 0x0d;
const toEnd = '\u0005';
const backspace = '\u007f';
const longestKey = 4;
/** Arrows, as terminals send them in both of their modes, and the keys that shells have for the same. */
const steps: Readonly<Record<string, number>> = {
  '\u001b[A': 1,
  '\u001bOA': 1,
  '\u0010': 1,
  '\u001b[B': -1,
  '\u001bOB': -1,
  '\u000e': -1,
};
