/**
 * A pattern as data. What is missing of JavaScript's regular expressions (looking around, back references) is what keeps
 * others from running in linear time.
 */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  /** The value of a variable, as it is. */
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'either'; readonly choices: readonly PatternNode[] }
  /** `name`: what it takes becomes a variable. */
  | { readonly kind: 'group'; readonly name: string | undefined; readonly inner: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly inner: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    }
  | { readonly kind: 'assertion'; readonly of: Assertion };

export type Assertion = 'line start' | 'line end' | 'word border' | 'no word border';

export interface CharacterSet {
  /** First and last code point of each range. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  readonly isNegated: boolean;
  readonly ignoresCase: boolean;
}

export const oneCharacter = (point: number, ignoresCase = false): PatternNode => ({
  kind: 'set',
  set: { ranges: [[point, point]], isNegated: false, ignoresCase },
});

/** The text as it is. */
export const literally = (text: string, ignoresCase = false): readonly PatternNode[] =>
  Array.from(text, character => oneCharacter(character.codePointAt(0) ?? 0, ignoresCase));
