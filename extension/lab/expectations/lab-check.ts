import { patternText, type ConsolePattern } from '../console-pattern.ts';
import type { TextSpan } from '../text-span.ts';

/** What must hold in a lab that runs, as its file says it. What its sentence means is read by whoever needs it. */
export interface LabCheck {
  /** Its name in the file, by which it is known for good. */
  readonly name: string;
  readonly says: CheckSaying;
  /** For so long it is tried again and again until it holds, in milliseconds. 0: it is tried once. */
  readonly waitMs: number;
  /** Its name in the file. */
  readonly nameSpan: TextSpan;
  /** Name and value in the file. */
  readonly span: TextSpan;
  /** Where the values of its keys are, by key; a sentence that stands alone is behind `check`. */
  readonly spans: Readonly<Record<string, TextSpan>>;
}

export type CheckSaying =
  /** `pc reaches web on tcp/80`; see `readSentence`. */
  { readonly kind: 'sentence'; readonly text: string } | CheckCommand;

/** A command in a guest, and what has to come of it. */
export interface CheckCommand {
  readonly kind: 'command';
  /** The VM. */
  readonly on: string;
  /** A line for its shell. */
  readonly run: string;
  /** Its exit status. */
  readonly status: number;
  /** What it prints has this in it. Undefined: whatever it prints. */
  readonly prints: ConsolePattern | undefined;
}

/** For people, in one line: the sentence, or `web runs "…"`. */
export function checkWords({ says }: LabCheck): string {
  if (says.kind === 'sentence') return says.text;
  const { on, run, status, prints } = says;
  const result = prints === undefined ? `ends with ${status}` : `prints ${patternText(prints)}`;
  return `on ${on}, ${JSON.stringify(run)} ${result}`;
}
