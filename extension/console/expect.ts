import { Utf8Decoder } from './utf8.ts';

/** As much as a pattern can look back on. */
const remembered = 64 * 1024;

// Made of strings, because lint takes control characters in a literal for mistakes.
const escape = '\\u001b';
const unseen = new RegExp(
  `${escape}\\[[0-?]*[ -/]*[@-~]|${escape}\\][^\\u0007\\u001b]*(?:\\u0007|${escape}\\\\)|${escape}[ -/]*[0-Z\\\\^-~]|[\\r\\u0000]`,
  'g',
);
/** The beginning of something that may be unseen once the rest has come. */
const unfinished = new RegExp(`${escape}(?:\\[[0-?]*[ -/]*|\\][^\\u0007\\u001b]*${escape}?|[ -/]*)?$`);

/** Waits for a pattern in what a console prints: in the text as a person reads it, without colours and carriage returns. */
export class Expectation {
  private readonly pattern: RegExp;
  private readonly decoder = new Utf8Decoder();
  private rest = '';
  private text = '';

  constructor(pattern: RegExp) {
    this.pattern = pattern;
  }

  /** True once the pattern is there. */
  push(bytes: Uint8Array): boolean {
    const raw = this.rest + this.decoder.push(bytes);
    const end = unfinished.exec(raw)?.index ?? raw.length;
    this.rest = raw.slice(end);
    this.text = (this.text + raw.slice(0, end).replaceAll(unseen, '')).slice(-remembered);
    return this.pattern.test(this.text);
  }

  /** What was printed last, for whoever waited in vain. */
  lastLines(count: number): readonly string[] {
    return this.text.trimEnd().split('\n').slice(-count);
  }
}
