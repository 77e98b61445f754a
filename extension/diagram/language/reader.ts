import { NearestName, shown } from '../../lab/names.ts';
import { ProblemList } from '../../lab/reading/report.ts';
import type { Diagram } from '../diagram.ts';
import { finish } from './finish.ts';
import { interpret } from './interpret.ts';
import { parseDiag } from './parser.ts';
import { plantumlRefusals } from './plantuml-lines.ts';
import type { DiagProblem, DiagProblemCode, DiagReport } from './problem.ts';
import type { DiagSyntax } from './syntax.ts';

export interface DiagReading {
  /** As much as could be read; maybe without any node. */
  readonly diagram: Diagram;
  readonly syntax: DiagSyntax;
  /** In the order of the file. The file is accepted if none is an error. */
  readonly problems: readonly DiagProblem[];
}

/** Reads a `.diag`: nwdiag 3's language and PlantUML's. Never throws for any text, and takes time linear in its length. */
export function readDiag(text: string): DiagReading {
  const problems = new ProblemList<DiagProblemCode>(text.length);
  const { report } = problems;
  const syntax = parseDiag(text, report);
  if (syntax.dialect === 'plantuml') reportRefusals(text, report);
  else reportBareValues(syntax, report);
  const scope = { report, dialect: syntax.dialect, nearest: new NearestName() };
  const diagram = finish(interpret(syntax, report), scope);
  return { diagram, syntax, problems: problems.inFileOrder() };
}

/** Whether a text that could also be a lab file begins as a diagram: with a brace, maybe words before it, or `@start`. */
export function looksLikeDiag(text: string): boolean {
  const { tokens, dialect } = parseDiag(text, () => undefined);
  const brace = tokens.findIndex(token => token.kind !== 'name');
  return dialect === 'plantuml' || (brace <= 2 && tokens[brace]?.kind === '{');
}

function reportRefusals(text: string, report: DiagReport): void {
  for (const { span, reason } of plantumlRefusals(text))
    report('not-plantuml', span, `PlantUML stops here. ${reason}`, 'warning');
}

function reportBareValues({ tokens }: DiagSyntax, report: DiagReport): void {
  for (const { kind, value, start, end } of tokens) {
    if (kind !== 'bare') continue;
    const message = `nwdiag takes this value in double quotes only; PlantUML does not mind. Write "${shown(value)}".`;
    report('not-nwdiag', { start, end }, message, 'warning');
  }
}
