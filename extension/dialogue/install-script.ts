import type { Problem } from '../lab/problem.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { PatternNode } from './pattern/pattern-node.ts';

/**
 * An install script (`*.install.yaml`) as it was read: every time in milliseconds, every step with the limit that counts
 * for it, included scripts in the place of the step that includes them.
 */
export interface InstallScript {
  readonly description: string | undefined;
  /** Those of included scripts too; each name once. */
  readonly vars: readonly ScriptVariable[];
  readonly steps: readonly Step[];
}

export interface ScriptReading {
  /** Undefined only if the text has no map at its top at all. Incomplete where there are errors. */
  readonly script: InstallScript | undefined;
  readonly problems: readonly Problem[];
}

export interface ScriptVariable {
  readonly name: string;
  readonly description: string | undefined;
  /** Its value comes from the environment or is asked for, and is shown nowhere. */
  readonly isSecret: boolean;
  /** Undefined: it has to be given. */
  readonly value: Template | undefined;
  readonly span: TextSpan;
}

/** A text with variables: `hello ${name}`; `$${` stands for `${`. */
export type Template = readonly (string | { readonly name: string })[];

/** What is waited for: a text, or a regular expression between slashes. */
export interface Pattern {
  /** As the script has it. */
  readonly source: string;
  readonly node: PatternNode;
}

/** One step: something that is waited for, something that is done then, or both. */
export interface Step {
  /** Counted from 1 over the whole script, in the order of reading. */
  readonly number: number;
  readonly name: string | undefined;
  readonly place: StepPlace;
  readonly expect: Expectation | undefined;
  readonly deed: Deed | undefined;
}

export interface StepPlace {
  /** Absolute path of the included script; undefined: the script itself. */
  readonly file: string | undefined;
  /** Counted from 1. */
  readonly line: number;
  readonly span: TextSpan;
}

export interface Expectation extends Waiting {
  readonly pattern: Pattern;
}

/** Every wait has a limit. */
export interface Waiting {
  readonly limitMs: number;
  /** What is done when the limit has passed. Undefined: the script fails there. */
  readonly otherwise: readonly Step[] | undefined;
}

export type Deed =
  /** `isLine`: Enter is pressed behind each line. `pauseMs`: between characters; undefined: as fast as the guest takes it. */
  | {
      readonly kind: 'type';
      readonly text: Template;
      readonly isLine: boolean;
      readonly pauseMs: number | undefined;
    }
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** The first of several that comes says what is done. */
  | ({ readonly kind: 'choose'; readonly branches: readonly Branch[] } & Waiting)
  /** Rounds until the pattern comes, or while it comes; without either, so many. */
  | ({
      readonly kind: 'repeat';
      readonly most: number;
      readonly until: Pattern | undefined;
      readonly while: Pattern | undefined;
      readonly steps: readonly Step[];
      /** Of a round: the first of them, or of `until`, that comes. Empty: `steps` are done. */
      readonly branches: readonly Branch[];
    } & Waiting)
  | { readonly kind: 'wait'; readonly ms: number }
  /** Until nothing was printed for so long. */
  | ({ readonly kind: 'silence'; readonly ms: number } & Waiting)
  | { readonly kind: 'set'; readonly values: readonly (readonly [name: string, value: Template])[] }
  | {
      readonly kind: 'include';
      /** As the step names it. */
      readonly file: string;
      readonly steps: readonly Step[];
    }
  /** Undefined: the CD is taken out. A relative path begins at the folder of `from`. */
  | { readonly kind: 'cd'; readonly file: Template | undefined; readonly from: string | undefined }
  | ({ readonly kind: 'vm'; readonly order: VmOrder } & Waiting);

/** `reboot` is Ctrl+Alt+Delete, `powerdown` the power button, `off` waits until the VM has ended. */
export type VmOrder = 'reboot' | 'reset' | 'powerdown' | 'off';

export interface Branch {
  readonly pattern: Pattern;
  readonly steps: readonly Step[];
}
