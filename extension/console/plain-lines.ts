// Patterns are made of strings, because lint takes control characters in a literal for mistakes.
const escape = '\\u001b';
const strings = new RegExp(
  `${escape}(?:\\][^\\u0007\\u001b]*(?:\\u0007|${escape}\\\\)?|[PX^_][^\\u001b]*(?:${escape}\\\\)?|[ -/]*[0-Z\\\\^-~])`,
  'g',
);
const pieces = new RegExp(
  `(?:${escape}\\[|\\u009b)([0-?]*)[ -/]*([@-~])|([\\u0000-\\u001f\\u007f\\u009b])|([^\\u0000-\\u001f\\u007f\\u009b]+)`,
  'g',
);

/** A column that no terminal has; a hostile log must not make us write blanks for ever. */
const lastColumn = 4000;

/**
 * One line of recorded terminal output (without its line end) as the text that a person would have seen at its end:
 * colours go, what was typed over or taken back counts. What jumps between lines is not followed.
 */
export function plainLine(raw: string): string {
  if (isPlain(raw)) return raw;
  return plainPrompt(raw).trimEnd();
}

/** A prompt as it stands on the screen, with the blank at its end. */
export function plainPrompt(raw: string): string {
  const line = new PrintedLine();
  line.take(raw);
  return line.text;
}

/** Record (any number of lines) as plain text with the same number of lines. */
export const plainText = (record: string): string => record.split('\n').map(plainLine).join('\n');

class PrintedLine {
  private cells: string[] = [];
  private column = 0;

  get text(): string {
    return this.cells.join('');
  }

  take(raw: string): void {
    for (const [, parameters, final, control, text] of raw.replace(strings, '').matchAll(pieces)) {
      if (text !== undefined) this.print(text);
      else if (control !== undefined) this.control(control);
      else this.sequence(final ?? '', parameters ?? '');
    }
  }

  private print(text: string): void {
    for (const character of text) {
      while (this.cells.length < this.column) this.cells.push(' ');
      this.cells[this.column] = character;
      this.column += 1;
    }
  }

  private control(character: string): void {
    if (character === '\r') this.column = 0;
    if (character === '\b') this.column = Math.max(0, this.column - 1);
    if (character === '\t') this.print(' '.repeat(8 - (this.column % 8)));
  }

  private sequence(final: string, parameters: string): void {
    const count = Math.min(lastColumn, Math.max(1, Number(/^\d+/.exec(parameters)?.[0] ?? 1)));
    if (final === 'C') this.column = Math.min(lastColumn, this.column + count);
    if (final === 'D') this.column = Math.max(0, this.column - count);
    if (final === 'G') this.column = count - 1;
    if (final === 'P') this.cells.splice(this.column, count);
    if (final === 'K' || final === 'J') this.erase(parameters);
  }

  private erase(parameters: string): void {
    if (parameters === '' || parameters === '0') this.cells.length = Math.min(this.cells.length, this.column);
    else if (parameters === '1') this.cells.fill(' ', 0, this.column + 1);
    else this.cells = [];
  }
}

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f || code === 0x9b) return false;
  }
  return true;
}
