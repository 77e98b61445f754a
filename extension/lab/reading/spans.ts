import type { ValueSpans } from '../model.ts';
import type { TextSpan } from '../text-span.ts';

interface Placed {
  readonly span: TextSpan;
  readonly nameSpan?: TextSpan;
  readonly spans?: ValueSpans;
}

/** Where a key's value (or one item of it) is; else where the thing's name is, else the whole thing. */
export function valueSpan(thing: Placed, key: string, index?: number): TextSpan {
  const item = index === undefined ? undefined : thing.spans?.[`${key}.${index}`];
  return item ?? thing.spans?.[key] ?? thing.nameSpan ?? thing.span;
}
