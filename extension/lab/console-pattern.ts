/** A text to look for in what a console prints, or a regular expression for one of its lines. */
export interface ConsolePattern {
  readonly kind: 'text' | 'expression';
  readonly text: string;
}

/** `login:` is a text, `/login: $/` an expression. */
export function readPattern(text: string): ConsolePattern {
  const [, inner] = /^\/(.+)\/$/.exec(text) ?? [];
  return inner === undefined ? { kind: 'text', text } : { kind: 'expression', text: inner };
}

/**
 * Whether it can be matched, and in good time whatever a guest prints: with repetitions inside of repetitions, or many
 * in a row, a line could keep us busy for hours.
 */
export function isSoundPattern({ kind, text }: ConsolePattern): boolean {
  if (kind === 'text') return text.trim() !== '';
  const bare = text.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if ((bare.match(/[*+{]/g)?.length ?? 0) > mostRepetitions || /\)[*+{]/.test(bare)) return false;
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

const mostRepetitions = 3;
/** Of a longer line the end is looked at. */
const longestLine = 400;

/** Whether text without control sequences has it. */
export function matches({ kind, text }: ConsolePattern, output: string): boolean {
  if (kind === 'text') return output.includes(text);
  const expression = new RegExp(text, 'u');
  return output.split('\n').some(line => expression.test(line.slice(-longestLine)));
}

/** As it stands in a lab file. */
export const patternText = ({ kind, text }: ConsolePattern): string => (kind === 'text' ? `"${text}"` : `/${text}/`);
