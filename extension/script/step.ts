import { escapeInDoubleQuotes, quote } from './quote.ts';

/**
 * A word of a command line that is known when the script runs: text and shell variables in a row.
 * `comma`: commas of the value are doubled, as QEMU wants it inside an option (qemu(1), "-drive file=").
 */
export type Part = string | { readonly variable: string; readonly comma?: true };
/** `all`: every item of a shell array, one word each. */
export type Word = readonly Part[] | { readonly all: string };

/** Some words of a command line and why they are there. */
export interface Step {
  readonly comment: string | undefined;
  readonly words: readonly Word[];
  /** The words are there only if the variable has this value, or any value but the empty one. */
  readonly when?: { readonly variable: string; readonly is?: string };
}

/** What the shell variables hold: text, or an array. */
export type Variables = ReadonlyMap<string, string | readonly string[]>;

export const text = (...parts: readonly Part[]): Word => parts;
export const words = (...all: readonly string[]): readonly Word[] => all.map(word => [word]);

/** The Bash of one word; it expands to exactly one argument (an array: to as many as it has). */
export function renderWord(word: Word): string {
  if ('all' in word) return `"\${${word.all}[@]}"`;
  if (word.every(part => typeof part === 'string')) return quote(word.join(''));
  const inner = word.map((part, at) => {
    if (typeof part === 'string') return escapeInDoubleQuotes(part);
    if (part.comma) return `\${${part.variable}//,/,,}`;
    const next = word[at + 1];
    const needsBraces = typeof next === 'string' && /^[\w[]/.test(next);
    return needsBraces ? `\${${part.variable}}` : `$${part.variable}`;
  });
  return `"${inner.join('')}"`;
}

/** What the shell will make of the steps: the argument list. The Bash of `renderWord` and this must agree (tested). */
export function resolveSteps(steps: readonly Step[], variables: Variables): readonly string[] {
  const value = (name: string): string => {
    const held = variables.get(name) ?? '';
    return typeof held === 'string' ? held : (held[0] ?? '');
  };
  return steps
    .filter(
      ({ when }) => !when || (when.is === undefined ? value(when.variable) !== '' : value(when.variable) === when.is),
    )
    .flatMap(step => step.words)
    .flatMap(word => {
      if ('all' in word) {
        const held = variables.get(word.all) ?? [];
        return typeof held === 'string' ? [held] : held;
      }
      const part = (one: Part): string => {
        if (typeof one === 'string') return one;
        return one.comma ? value(one.variable).replaceAll(',', ',,') : value(one.variable);
      };
      return [word.map(part).join('')];
    });
}

/** Lines that fill a Bash array `name` with the steps, a comment above each. */
export function renderArray(name: string, steps: readonly Step[]): string {
  return [`${name}=()`, ...steps.map(step => renderStep(name, step))].join('\n');
}

/** Most steps are the same for every VM of a lab; each is rendered once. */
const rendered = new WeakMap<Step, { readonly name: string; readonly text: string }>();

function renderStep(name: string, step: Step): string {
  const known = rendered.get(step);
  if (known?.name === name) return known.text;
  const { comment, words: list, when } = step;
  const line = `${renderCondition(when)}${name}+=(${renderWords(list)})`;
  const text = comment ? `# ${comment}\n${line}` : line;
  rendered.set(step, { name, text });
  return text;
}

function renderCondition(when: Step['when']): string {
  if (!when) return '';
  return when.is === undefined ? `[[ -z $${when.variable} ]] || ` : `[[ $${when.variable} != ${quote(when.is)} ]] || `;
}

/** On one line if it is short, else one option a line. */
function renderWords(list: readonly Word[]): string {
  const all = list.map(renderWord);
  const oneLine = all.join(' ');
  if (oneLine.length <= 90) return oneLine;
  const lines: string[] = [];
  for (const word of all) {
    if (word.startsWith('-') || lines.length === 0) lines.push(`  ${word}`);
    else lines.push(`${lines.pop() ?? ''} ${word}`);
  }
  return `\n${lines.join('\n')}\n`;
}
