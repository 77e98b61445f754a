/** Which program's rules a text is written for: PlantUML's if it has an `@start…` line, else nwdiag's. */
export type Dialect = 'nwdiag' | 'plantuml';

export type TokenKind =
  /** An id or keyword. */
  | 'name'
  /** Digits, IP addresses and numbers without quotes. */
  | 'number'
  | 'string'
  /** A value without quotes as only PlantUML takes it (`10.0.0.0/24`, `#ff0000`); found behind `=` only. */
  | 'bare'
  | '{'
  | '}'
  | ';'
  | ','
  | '='
  | '['
  | ']'
  | '--'
  | '->'
  /** A line of PlantUML's that is no statement: `@startuml`, `title …`, `<style>…</style>`. */
  | 'directive'
  /** A quote without its end; reaches to the end of the line. */
  | 'open-string'
  /** Characters that mean nothing. */
  | 'unknown'
  | 'end';

/** A piece of the text; between two tokens lies only blank space and comments. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Without quotes, and without the backslashes before quotes. */
  readonly value: string;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Without its marks and the blanks at both ends. */
  readonly text: string;
}
