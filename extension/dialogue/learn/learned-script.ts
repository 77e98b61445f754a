import type { Template } from '../install-script.ts';

/** An install script as it comes out of a recording. */
export interface LearnedScript {
  readonly secrets: readonly LearnedSecret[];
  readonly steps: readonly LearnedStep[];
}

export interface LearnedSecret {
  readonly name: string;
  /** The prompt behind which it was typed. */
  readonly description: string;
}

/** Something that is waited for, something that is done then, or both. */
export interface LearnedStep {
  /** A text, or a regular expression between slashes. */
  readonly expect?: string;
  /** Undefined: the script's own. */
  readonly timeoutMs?: number;
  readonly deed?: LearnedDeed;
}

export type LearnedDeed =
  /** `send` presses Enter behind it. */
  | { readonly kind: 'send' | 'type'; readonly text: Template }
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'wait'; readonly ms: number };
