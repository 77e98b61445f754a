import { matches, patternText, type ConsolePattern } from '../../lab/console-pattern.ts';
import { plainPrompt } from '../../console/plain-lines.ts';
import { Utf8Decoder } from '../../console/utf8.ts';
import type { LogReader } from '../console-ports.ts';
import type { SignWatch } from './sign.ts';

export interface PromptSource {
  readonly logs: LogReader;
  /** The console log of the VM. */
  readonly log: string;
  /** The byte of the log with which this start of the VM begins. Undefined: not known yet. */
  readonly from: () => Promise<number | undefined>;
}

const pieceBytes = 64 * 1024;
/** Characters of a line that is not over; more than a screen has. */
const longestLine = 4000;
const shownLines = 5;

/** Whether a console has printed something since the VM started. What was read is not read again. */
export class PromptSign implements SignWatch {
  readonly restMs = 250;
  private readonly pattern: ConsolePattern;
  private readonly source: PromptSource;
  private readonly decoder = new Utf8Decoder();
  private offset: number | undefined;
  private rest = '';
  private last: readonly string[] = [];
  private hasCome = false;

  constructor(pattern: ConsolePattern, source: PromptSource) {
    this.pattern = pattern;
    this.source = source;
  }

  async look(): Promise<string | undefined> {
    const { logs, log, from } = this.source;
    this.offset ??= await from().catch(() => undefined);
    if (this.offset === undefined) return 'It has printed nothing yet.';
    for (;;) {
      const bytes = this.hasCome ? undefined : await logs.read(log, this.offset, pieceBytes).catch(() => undefined);
      if (!bytes || bytes.length === 0) break;
      this.offset += bytes.length;
      this.take(this.decoder.push(bytes));
    }
    return this.hasCome ? undefined : this.words();
  }

  private take(text: string): void {
    const [first = '', ...more] = text.split('\n');
    const raw = [this.rest + first, ...more];
    this.rest = (raw.at(-1) ?? '').slice(-longestLine);
    const shown = raw.map(line => plainPrompt(line.slice(-longestLine)));
    this.hasCome = shown.some(line => matches(this.pattern, line));
    const ended = shown.slice(0, -1).filter(line => line.trim() !== '');
    this.last = [...this.last, ...ended].slice(-shownLines);
  }

  private words(): string {
    const lines = [...this.last, plainPrompt(this.rest)].filter(line => line.trim() !== '').slice(-shownLines);
    const missing = `Its serial console has not printed ${patternText(this.pattern)}`;
    return lines.length === 0
      ? `${missing}, nor anything else.`
      : `${missing}. It printed last:\n${lines.map(line => `    ${line.trimEnd().slice(0, 200)}`).join('\n')}`;
  }
}
