import type { Problem, ProblemCode, Severity } from '../problem.ts';
import type { TextSpan } from '../text-span.ts';

/** Takes one finding of a check. An error unless said otherwise. */
export type Report<Code extends string = ProblemCode> = (
  code: Code,
  span: TextSpan,
  message: string,
  severity?: Severity,
) => void;

/** Collects problems. Every span is brought inside the text, whatever a parser claimed. */
export class ProblemList<Code extends string = ProblemCode> {
  private readonly found: Problem<Code>[] = [];
  private readonly textLength: number;

  constructor(textLength: number) {
    this.textLength = textLength;
  }

  readonly report: Report<Code> = (code, span, message, severity = 'error') => {
    const start = Math.max(0, Math.min(span.start, this.textLength));
    const end = Math.max(start, Math.min(span.end, this.textLength));
    this.found.push({ code, severity, message, span: { start, end } });
  };

  /** In the order of the file; problems at the same place in the order in which they were found. */
  inFileOrder(): readonly Problem<Code>[] {
    return [...this.found].sort((a, b) => a.span.start - b.span.start);
  }
}

export const hasErrors = (problems: readonly Problem<string>[]): boolean =>
  problems.some(problem => problem.severity === 'error');
