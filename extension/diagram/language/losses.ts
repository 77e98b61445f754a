import { shown } from '../../lab/names.ts';

/** What could not be written, and of what: one line each, whatever the number of things. */
export class Losses {
  private readonly found = new Map<string, string[]>();

  /** `what` reads on: "Not written: WHAT (fw, web)". */
  add(what: string, of?: string): void {
    const things = this.found.get(what) ?? [];
    if (of !== undefined && !things.includes(of)) things.push(of);
    this.found.set(what, things);
  }

  lines(beginning = 'Not written'): readonly string[] {
    return [...this.found].map(([what, things]) => `${beginning}: ${what}${wordsOf(things)}.`);
  }
}

/** As many names as a line can hold. */
const mostNames = 5;

function wordsOf(things: readonly string[]): string {
  if (things.length === 0) return '';
  const names = things.slice(0, mostNames).map(shown).join(', ');
  return ` (${names}${things.length > mostNames ? ` and ${things.length - mostNames} more` : ''})`;
}
