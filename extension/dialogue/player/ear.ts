import { PlainStream } from '../../console/expect.ts';
import type { Program } from '../pattern/compile-pattern.ts';
import { PatternSearch, type PatternMatch } from '../pattern/pattern-search.ts';

/** As much is kept of what nobody waited for; older output goes. */
const mostUnread = 64 * 1024;
const mostRecent = 16 * 1024;

/** What came of several things that were waited for. */
export interface Heard {
  /** Which of the patterns. */
  readonly index: number;
  /** What its named groups took. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * What a console printed, as text, and what is waited for in it. Text that was found is over: the next search begins
 * behind it. What the guest echoes of what was typed counts for nothing, where it comes at once and unbroken.
 */
export class Ear {
  private readonly plain = new PlainStream();
  private unread = '';
  /** What `unread` begins behind: so many units of the search's text are gone. */
  private gone = 0;
  private looked = 0;
  private before: number | undefined;
  private searches: readonly PatternSearch[] = [];
  private echo = '';
  private echoed = 0;
  private recent = '';

  hear(bytes: Uint8Array): void {
    const text = this.plain.push(bytes);
    this.recent = (this.recent + text).slice(-mostRecent);
    for (const character of text) this.unread += this.withoutEcho(character);
    this.forget();
  }

  /** From now on this text is expected to come back. */
  expectEcho(text: string): void {
    const [line = ''] = text.split('\n');
    this.giveBackEcho();
    this.echo = line;
  }

  /** Begins to look for these; ends any other search. */
  listen(programs: readonly Program[]): void {
    this.gone = 0;
    this.looked = 0;
    this.searches = programs.map(program => new PatternSearch(program, this.before));
  }

  /** What is there for sure; of several things the one that was sure first, then the one that stands first. */
  look(): Heard | undefined {
    while (this.looked - this.gone < this.unread.length) {
      const point = this.unread.codePointAt(this.looked - this.gone) ?? 0;
      this.looked += point > 0xffff ? 2 : 1;
      const matches = this.searches.map(search => search.push(point));
      const heard = this.firstOf(matches);
      if (heard) return heard;
    }
    return undefined;
  }

  /** Nothing more comes for now: what is there, if that is so. */
  quiet(): Heard | undefined {
    this.giveBackEcho();
    return this.look() ?? this.firstOf(this.searches.map(search => search.quiet()));
  }

  /** Whether something would be found if nothing more came. */
  get isHopeful(): boolean {
    return this.echoed > 0 || this.searches.some(search => search.isHopeful);
  }

  /** Forgets all but the line on which the cursor stands: a person may have done anything meanwhile. */
  startAfresh(): void {
    this.searches = [];
    this.echo = '';
    this.echoed = 0;
    this.unread = this.recent.slice(this.recent.lastIndexOf('\n') + 1);
    this.before = undefined;
    [this.gone, this.looked] = [0, 0];
  }

  /** What came last, for people; without blank lines at the end. */
  lastLines(count: number): readonly string[] {
    return this.recent.trimEnd().split('\n').slice(-count);
  }

  private firstOf(matches: readonly (PatternMatch | undefined)[]): Heard | undefined {
    const index = matches.findIndex(match => match !== undefined);
    const match = matches[index];
    if (!match) return undefined;
    const part = (from: number, to: number): string => this.unread.slice(Math.max(0, from - this.gone), to - this.gone);
    const values = new Map([...match.groups].map(([name, [from, to]]) => [name, part(from, to)]));
    const end = match.end - this.gone;
    if (end > 0) this.before = this.unread.codePointAt(end - 1) ?? this.before;
    this.unread = this.unread.slice(end);
    this.searches = [];
    return { index, values };
  }

  /** Echo comes right behind what was typed; what does not is output. */
  private withoutEcho(character: string): string {
    if (this.echoed >= this.echo.length) return character;
    if (this.echo.startsWith(character, this.echoed)) {
      this.echoed += character.length;
      if (this.echoed === this.echo.length) [this.echo, this.echoed] = ['', 0];
      return '';
    }
    const begun = this.echo.slice(0, this.echoed);
    [this.echo, this.echoed] = ['', 0];
    return begun + character;
  }

  private giveBackEcho(): void {
    this.unread += this.echo.slice(0, this.echoed);
    [this.echo, this.echoed] = ['', 0];
  }

  private forget(): void {
    const surplus = this.unread.length - mostUnread;
    if (surplus <= 0) return;
    // What is still to be looked at stays, or something could be missed.
    const count = this.searches.length > 0 ? Math.min(surplus, this.looked - this.gone) : surplus;
    this.before = count > 0 ? (this.unread.codePointAt(count - 1) ?? this.before) : this.before;
    this.unread = this.unread.slice(count);
    this.gone += count;
  }
}
