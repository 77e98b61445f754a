import type { Problem, ProblemCode, Severity } from '../problem.ts';
import type { TextSpan } from '../text-span.ts';

/** Takes one finding of a check. An error unless said otherwise. */
export type Report<Code extends string = ProblemCode> = (
  code: Code,
  span: TextSpan,
  message: string,
  severity?: Severity,
) => void;

/** What many VMs share (a template, a row) would be said for each of them: of one place, only so much of a kind. */
const mostAtOnePlace = 5;

/** Collects problems, each once. Every span is brought inside its text, whatever a parser claimed. */
export class ProblemList<Code extends string = ProblemCode> {
  private readonly found: Problem<Code>[] = [];
  private readonly said = new Map<string, Set<string>>();
  private readonly textLength: number;
  private readonly included: ReadonlyMap<string, number>;

  /** `included`: the lengths of the texts of included files, by their paths. */
  constructor(textLength: number, included: ReadonlyMap<string, number> = new Map()) {
    this.textLength = textLength;
    this.included = included;
  }

  readonly report: Report<Code> = (code, span, message, severity = 'error') => {
    const last = span.file === undefined ? this.textLength : (this.included.get(span.file) ?? 0);
    const start = Math.max(0, Math.min(span.start, last));
    const end = Math.max(start, Math.min(span.end, last));
    const place = `${code} ${start} ${end} ${span.file ?? ''}`;
    const said = this.said.get(place) ?? new Set();
    if (said.has(message) || said.size >= mostAtOnePlace) return;
    this.said.set(place, said.add(message));
    this.found.push({ code, severity, message, span: { ...span, start, end } });
  };

  /** In the order of the file, those of included files behind it; at the same place in the order in which they were found. */
  inFileOrder(): readonly Problem<Code>[] {
    const fileOf = ({ span }: Problem<Code>): string => span.file ?? '';
    return [...this.found].sort(
      (a, b) => (fileOf(a) < fileOf(b) ? -1 : Number(fileOf(a) > fileOf(b))) || a.span.start - b.span.start,
    );
  }
}

export const hasErrors = (problems: readonly Problem<string>[]): boolean =>
  problems.some(problem => problem.severity === 'error');
