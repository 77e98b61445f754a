/** The answer to one command. */
export interface ManagementAnswer {
  /** 1000: done; 1000 + errno: refused; 9999: the session ends. Undefined: an empty line was answered by a prompt. */
  readonly code: number | undefined;
  /** What stands beside the code: `Success`, `Invalid argument`. */
  readonly text: string;
  /** The lines between `0000 DATA END WITH '.'` and the dot, each ended by a newline. Empty if there were none. */
  readonly data: string;
}

export type ManagementEvent =
  /** The switch waits for a command. One command per write, and no other before the next `ready`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly answer: ManagementAnswer }
  /** A line that nobody asked for, after `debug/add`: code 3011 … 3045 and its text. */
  | { readonly kind: 'news'; readonly code: number; readonly text: string };

/**
 * The management protocol of vde_switch and wirefilter, without a socket: text in, events out, cut anywhere.
 * An end line and its prompt may arrive in two reads, with news between them, so `ready` comes from the prompt alone.
 */
export class ManagementProtocol {
  /** `banner` until the first prompt, `data` inside a data block. */
  private state: 'banner' | 'answer' | 'data' = 'banner';
  private line = '';
  private data = '';
  private isAnswered = true;

  push(text: string): readonly ManagementEvent[] {
    const events: ManagementEvent[] = [];
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      const words = text.slice(at, end < 0 ? text.length : end);
      // Tables may be long, and there are no prompts in them.
      if (this.state === 'data') this.line += words;
      else events.push(...this.pushWords(words));
      if (end >= 0) events.push(...this.endLine());
      at += words.length + 1;
    }
    return events;
  }

  /** The prompt has no newline after it, and news may follow on the same line. */
  private pushWords(words: string): readonly ManagementEvent[] {
    const events: ManagementEvent[] = [];
    for (let at = 0; at < words.length; at += 1) {
      // No prompt is so long: what is left of the line cannot be one.
      if (this.line.length > longestPrompt) {
        this.line += words.slice(at);
        break;
      }
      this.line += words.charAt(at);
      if (this.line.endsWith(' ') && isPrompt(this.line)) events.push(...this.prompt());
    }
    return events;
  }

  /** The connection has ended: the answer to logout and shutdown comes without a newline. */
  end(): readonly ManagementEvent[] {
    return this.line === '' ? [] : this.endLine();
  }

  private prompt(): readonly ManagementEvent[] {
    const isEmptyAnswer = this.state === 'answer' && !this.isAnswered;
    this.line = '';
    this.isAnswered = false;
    this.state = 'answer';
    const empty: ManagementEvent = { kind: 'answer', answer: { code: undefined, text: '', data: '' } };
    return isEmptyAnswer ? [empty, { kind: 'ready' }] : [{ kind: 'ready' }];
  }

  private endLine(): readonly ManagementEvent[] {
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
    this.line = '';
    if (this.state === 'banner') return [];
    if (this.state === 'data') {
      if (line === '.') this.state = 'answer';
      else this.data += `${line}\n`;
      return [];
    }
    return this.answerLine(line);
  }

  private answerLine(line: string): readonly ManagementEvent[] {
    const [, digits, text = ''] = /^(\d{4}) ?(.*)$/.exec(line) ?? [];
    if (digits === undefined) return [];
    const code = Number(digits);
    if (code === 0) {
      this.state = 'data';
      return [];
    }
    if (digits.startsWith('3')) return [{ kind: 'news', code, text }];
    const { data } = this;
    this.data = '';
    this.isAnswered = true;
    return [{ kind: 'answer', answer: { code, text, data } }];
  }
}

const longestPrompt = 22;

/** `vde$ ` of vde_switch, `VDEwf$ ` of wirefilter. */
const isPrompt = (line: string): boolean => /^[A-Za-z_]{1,20}\$ $/.test(line);
