export interface EditedKeys {
  /** What the terminal is to show for these keys. */
  readonly echo: string;
  /** The line, if Enter ended it; keys after that are in `rest`. */
  readonly line: string | undefined;
  readonly rest: string;
}

const longestHistory = 200;
const bell = '\u0007';

/**
 * A line that is edited in the terminal before anybody else gets it: the usual keys of a shell, a history, completion.
 * Keys in, what to show out.
 */
export class LineEditor {
  private text = '';
  private cursor = 0;
  private readonly history: string[] = [];
  /** Where the history is looked at; its length stands for the line that is being typed. */
  private place = 0;
  private typed = '';
  private readonly words: readonly string[];

  /** `words`: what Tab completes the first word to. */
  constructor(words: readonly string[] = []) {
    this.words = words;
  }

  /** Takes keys up to the first Enter. */
  push(keys: string): EditedKeys {
    let echo = '';
    let at = 0;
    for (const [key] of keys.matchAll(oneKey)) {
      at += key.length;
      if (key === '\r' || key === '\n') {
        echo += `${this.move(this.text.length)}\r\n`;
        return { echo, line: this.enter(), rest: keys.slice(at) };
      }
      echo += this.press(key);
    }
    return { echo, line: undefined, rest: '' };
  }

  /** Shows the line anew, behind the prompt that was printed again. */
  redraw(): string {
    return this.text + back(this.text.length - this.cursor);
  }

  private press(key: string): string {
    const action = this.actions[key];
    if (action) return action();
    return key.length === 1 && key >= ' ' ? this.insert(key) : '';
  }

  private readonly actions: Readonly<Record<string, () => string>> = {
    '\u0001': () => this.move(0),
    '\u001b[H': () => this.move(0),
    '\u001b[1~': () => this.move(0),
    '\u0005': () => this.move(this.text.length),
    '\u001b[F': () => this.move(this.text.length),
    '\u001b[4~': () => this.move(this.text.length),
    '\u001b[D': () => this.move(this.cursor - 1),
    '\u001b[C': () => this.move(this.cursor + 1),
    '\u001b[A': () => this.recall(this.place - 1),
    '\u0010': () => this.recall(this.place - 1),
    '\u001b[B': () => this.recall(this.place + 1),
    '\u000e': () => this.recall(this.place + 1),
    '\u007f': () => this.cut(this.cursor - 1, this.cursor),
    '\b': () => this.cut(this.cursor - 1, this.cursor),
    '\u001b[3~': () => this.cut(this.cursor, this.cursor + 1),
    '\u0004': () => this.cut(this.cursor, this.cursor + 1),
    '\u000b': () => this.cut(this.cursor, this.text.length),
    '\u0015': () => this.cut(0, this.cursor),
    '\u0017': () => this.cut(this.text.slice(0, this.cursor).replace(/\S+\s*$/, '').length, this.cursor),
    '\u0003': () => this.cancel(),
    '\t': () => this.complete(),
  };

  private insert(text: string): string {
    return this.edit(this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor), this.cursor + text.length);
  }

  private cut(from: number, to: number): string {
    if (from < 0 || to > this.text.length) return bell;
    return this.edit(this.text.slice(0, from) + this.text.slice(to), from);
  }

  /** Makes the line another one, and shows what differs. */
  private edit(text: string, cursor: number): string {
    let same = 0;
    while (same < this.cursor && same < text.length && this.text[same] === text[same]) same += 1;
    const isOnlyLonger = this.cursor === this.text.length && text.startsWith(this.text);
    const shown = back(this.cursor - same) + text.slice(same) + (isOnlyLonger ? '' : eraseRest);
    this.text = text;
    this.cursor = cursor;
    return shown + back(text.length - cursor);
  }

  private move(to: number): string {
    if (to < 0 || to > this.text.length) return bell;
    const shown = to < this.cursor ? back(this.cursor - to) : this.text.slice(this.cursor, to);
    this.cursor = to;
    return shown;
  }

  private enter(): string {
    const line = this.text;
    if (line.trim() !== '' && this.history.at(-1) !== line) this.history.push(line);
    if (this.history.length > longestHistory) this.history.shift();
    this.place = this.history.length;
    [this.text, this.cursor] = ['', 0];
    return line;
  }

  private cancel(): string {
    this.place = this.history.length;
    return this.edit('', 0);
  }

  private recall(place: number): string {
    if (place < 0 || place > this.history.length) return bell;
    if (this.place === this.history.length) this.typed = this.text;
    this.place = place;
    const text = this.history[place] ?? this.typed;
    return this.edit(text, text.length);
  }

  private complete(): string {
    const begun = this.text.slice(0, this.cursor);
    const found = /\s/.test(begun) ? [] : this.words.filter(word => word.startsWith(begun));
    if (found.length === 0) return bell;
    const rest = commonStart(found).slice(begun.length) + (found.length === 1 ? ' ' : '');
    return rest === '' ? bell : this.insert(rest);
  }
}

const escape = '\\u001b';
/** One key: an escape sequence, or one character. */
const oneKey = new RegExp(`${escape}[\\[O][0-9;]*[A-Za-z~]|[^]`, 'gu');

export const eraseRest = '\u001b[K';
const back = (columns: number): string => (columns > 0 ? `\u001b[${columns}D` : '');

function commonStart(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let length = first.length;
  for (const word of others) while (!word.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}
