/** What stands for a secret wherever it would be seen. */
const maskText = '•••';

/** What line editors put into a long echo: blanks and line ends where the line wraps, backspaces. */
const isBetween = (character: string): boolean => /[\s\b]/.test(character);
/** So many of them between two characters of a secret at most. */
const mostBetween = 4;

/** A place at which a secret may have begun. */
interface Trace {
  readonly secret: readonly string[];
  /** In what is held back. */
  readonly start: number;
  readonly matched: number;
  readonly between: number;
}

/**
 * Takes secrets out of a text that arrives in pieces, also where a line editor has broken them. What may be the beginning
 * of one is held back until it is known; so the result is the same however the text is cut.
 */
export class SecretMask {
  private readonly secrets: readonly (readonly string[])[];
  private held: string[] = [];
  private traces: readonly Trace[] = [];
  private hits = 0;

  constructor(secrets: Iterable<string>) {
    this.secrets = [...new Set(secrets)].filter(secret => secret !== '').map(secret => Array.from(secret));
  }

  /** How many were found. */
  get found(): number {
    return this.hits;
  }

  push(text: string): string {
    if (this.secrets.length === 0) return text;
    let safe = '';
    for (const character of text) safe += this.take(character);
    return safe;
  }

  /** The end. Half a secret and more is covered as if it were one. */
  end(): string {
    const half = this.traces.filter(({ secret, matched }) => 2 * matched >= secret.length);
    const start = Math.min(this.held.length, ...half.map(trace => trace.start));
    const rest = this.held.slice(0, start).join('') + (start < this.held.length ? maskText : '');
    this.held = [];
    this.traces = [];
    return rest;
  }

  private take(character: string): string {
    this.held.push(character);
    const begun = this.secrets.map(secret => ({ secret, start: this.held.length - 1, matched: 0, between: 0 }));
    this.traces = [...this.traces, ...begun].flatMap(trace => followed(trace, character) ?? []);
    const whole = this.traces.filter(({ secret, matched }) => matched === secret.length);
    if (whole.length > 0) return this.cover(Math.min(...whole.map(({ start }) => start)));
    return this.release(Math.min(this.held.length, ...this.traces.map(({ start }) => start)));
  }

  /** A secret ends here. What begins within it and is longer goes on from its own beginning. */
  private cover(start: number): string {
    this.hits += 1;
    const before = this.held.slice(0, start).join('');
    this.held = [];
    // A longer secret that has begun in the same text may go on: its beginning is gone already.
    this.traces = this.traces
      .filter(({ secret, matched }) => matched < secret.length)
      .map(trace => ({ ...trace, start: 0 }));
    return before + maskText;
  }

  private release(count: number): string {
    if (count === 0) return '';
    const safe = this.held.splice(0, count).join('');
    this.traces = this.traces.map(trace => ({ ...trace, start: trace.start - count }));
    return safe;
  }
}

function followed(trace: Trace, character: string): Trace | undefined {
  const { secret, matched, between } = trace;
  if (secret[matched] === character) return { ...trace, matched: matched + 1, between: 0 };
  if (matched > 0 && between < mostBetween && isBetween(character)) return { ...trace, between: between + 1 };
  return undefined;
}

/** A text that is whole. */
export function masked(text: string, secrets: Iterable<string>): string {
  const mask = new SecretMask(secrets);
  return mask.push(text) + mask.end();
}
