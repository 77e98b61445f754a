import type { TextSpan } from '../../lab/text-span.ts';
import type { Comment, Dialect, Token } from './token.ts';

/**
 * A `.diag` as it is written: every statement in its order, nothing interpreted. Whatever is written between two tokens
 * stays in the text, so an edit by spans leaves all else as it was.
 */
export interface DiagSyntax {
  readonly text: string;
  readonly dialect: Dialect;
  readonly statements: readonly Statement[];
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}

export type Statement =
  | BlockStatement
  | NodeStatement
  | PeerStatement
  | ArrowStatement
  | AttributeStatement
  | ExtensionStatement
  | DirectiveStatement;

/** An id or a value. */
export interface Word {
  /** Without quotes. */
  readonly value: string;
  readonly kind: 'name' | 'number' | 'string' | 'bare';
  readonly span: TextSpan;
}

/** `[color = red, stacked]` */
export interface Option {
  readonly name: Word;
  /** Undefined: a flag. */
  readonly value: Word | undefined;
}

/** `network lan { … }`, `group { … }`, `route { … }`. */
export interface BlockStatement {
  readonly kind: 'network' | 'group' | 'route';
  /** Undefined: anonymous. */
  readonly id: Word | undefined;
  readonly body: readonly Statement[];
  readonly span: TextSpan;
  /** The keyword and the id. */
  readonly headSpan: TextSpan;
}

/** `web [address = ".1"]` */
export interface NodeStatement {
  readonly kind: 'node';
  readonly id: Word;
  readonly options: readonly Option[];
  readonly span: TextSpan;
}

/** `a -- b -- c`: at least two ids. */
export interface PeerStatement {
  readonly kind: 'peer';
  readonly ids: readonly Word[];
  readonly options: readonly Option[];
  readonly span: TextSpan;
}

/** `a -> b -> c` in a route: at least two ids. */
export interface ArrowStatement {
  readonly kind: 'arrow';
  readonly ids: readonly Word[];
  readonly options: readonly Option[];
  readonly span: TextSpan;
}

export interface AttributeStatement {
  readonly kind: 'attribute';
  readonly name: Word;
  readonly value: Word;
  readonly span: TextSpan;
}

export interface ExtensionStatement {
  readonly kind: 'class' | 'plugin';
  readonly id: Word;
  readonly options: readonly Option[];
  readonly span: TextSpan;
}

/** PlantUML's `title …` and the like. */
export interface DirectiveStatement {
  readonly kind: 'directive';
  readonly text: string;
  readonly span: TextSpan;
}
