/** A message of QMP is short; the schema of all commands, its longest answer, has 200 kB. */
const longestMessage = 8_000_000;

/**
 * Cuts a stream of text into the JSON objects in it, wherever the stream itself was cut, on one line each or pretty.
 * Throws an Error on text outside an object and on an object that never ends; nothing is to be expected after that.
 */
export class JsonObjects {
  private readonly longest: number;
  private parts: string[] = [];
  private length = 0;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  constructor(longest = longestMessage) {
    this.longest = longest;
  }

  push(text: string): readonly string[] {
    const objects: string[] = [];
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      if (this.depth === 0 && !isBegin(text, at)) {
        start = at + 1;
        continue;
      }
      if (!this.isEndAfter(text.charCodeAt(at))) continue;
      objects.push(this.parts.join('') + text.slice(start, at + 1));
      this.parts = [];
      this.length = 0;
      start = at + 1;
    }
    this.keep(text.slice(start));
    return objects;
  }

  private keep(rest: string): void {
    this.length += rest.length;
    if (this.length > this.longest) throw new Error(`a message of more than ${this.longest} characters`);
    if (rest !== '') this.parts.push(rest);
  }

  /** Whether the outermost object ends with this character. */
  private isEndAfter(code: number): boolean {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (code === backslash) this.isEscaped = true;
      else if (code === quote) this.isInString = false;
      return false;
    }
    if (code === quote) this.isInString = true;
    else if (code === openBrace) this.depth += 1;
    else if (code === closeBrace) this.depth -= 1;
    return this.depth === 0;
  }
}

const [quote, backslash, openBrace, closeBrace] = [0x22, 0x5c, 0x7b, 0x7d] as const;

/** Between objects there is nothing but white space. */
function isBegin(text: string, at: number): boolean {
  const char = text.charAt(at);
  if (char === '{') return true;
  if (/[ \t\r\n]/.test(char)) return false;
  throw new Error(`${JSON.stringify(text.slice(at, at + 20))} where a message should begin`);
}
