import { Utf8Decoder } from './utf8.ts';

/** As much as a pattern can look back on. */
const remembered = 64 * 1024;

// Made of strings, because lint takes control characters in a literal for mistakes.
const escape = '\\u001b';
const unseen = new RegExp(
  `${escape}\\[[0-?]*[ -/]*[@-~]|${escape}\\][^\\u0007\\u001b]*(?:\\u0007|${escape}\\\\)|${escape}[ -/]*[0-Z\\\\^-~]|[\\r\\u0000]`,
  'g',
);

/** Text as a person reads it, without colours, movements and carriage returns. */
export const withoutEscapes = (text: string): string => text.replaceAll(unseen, '');

/** The beginning of something that may be unseen once the rest has come. */
const unfinished = new RegExp(`${escape}(?:\\[[0-?]*[ -/]*|\\][^\\u0007\\u001b]*${escape}?|[ -/]*)?$`);
/** A title that never ends is none: what comes behind it must not stay unseen for ever. */
const longestUnfinished = 256;

/** Bytes of a terminal to text as a person reads it; the same however the bytes are cut. */
export class PlainStream {
  private readonly decoder = new Utf8Decoder();
  private rest = '';

  push(bytes: Uint8Array): string {
    let plain = '';
    // One by one, so that what is too long to be unseen is so wherever the bytes are cut.
    for (const character of this.decoder.push(bytes)) plain += this.take(character);
    return plain;
  }

  private take(character: string): string {
    if (this.rest === '' && character > '\r' && character !== '\u001b') return character;
    const raw = this.rest + character;
    const end = raw.length > longestUnfinished ? raw.length : (unfinished.exec(raw)?.index ?? raw.length);
    this.rest = raw.slice(end);
    return withoutEscapes(raw.slice(0, end));
  }
}

/** Waits for a pattern in what a console prints: in the text as a person reads it, without colours and carriage returns. */
export class Expectation {
  private readonly pattern: RegExp;
  private readonly plain = new PlainStream();
  private text = '';

  constructor(pattern: RegExp) {
    this.pattern = pattern;
  }

  /** True once the pattern is there. */
  push(bytes: Uint8Array): boolean {
    this.text = (this.text + this.plain.push(bytes)).slice(-remembered);
    return this.pattern.test(this.text);
  }

  /** What was printed last, for whoever waited in vain. */
  lastLines(count: number): readonly string[] {
    return this.text.trimEnd().split('\n').slice(-count);
  }
}
