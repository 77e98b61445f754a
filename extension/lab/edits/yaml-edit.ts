import { isMap, isNode, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Pair, Range, YAMLMap, YAMLSeq } from 'yaml';
import type { TextSpan } from '../text-span.ts';

/** Replaces a range of a text. */
export interface TextEdit {
  readonly span: TextSpan;
  readonly text: string;
}

/** Parses for an edit: whatever is broken stays broken. Undefined: nothing can be made of the text. */
export function parseForEdit(text: string): Document | undefined {
  try {
    return parseDocument(text, { schema: 'core', prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  } catch (error) {
    // Absurd nesting exhausts the parser's stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The first pair with this key, as it is written. */
export const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find(({ key: found }) => isScalar(found) && (found.source ?? String(found.value)) === key);

/** Whether the key has nothing behind it. */
export const isEmptyValue = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '');

/** Puts a value behind a key that has none; before a comment on that line. */
export function afterColon(text: string, pair: Pair, value: string): TextEdit | undefined {
  const colon = colonOf(text, pair);
  if (colon === undefined) return undefined;
  const isFollowed = /[^\s]/.test(text[colon + 1] ?? ' ');
  return { span: at(colon + 1), text: ` ${value}${isFollowed ? ' ' : ''}` };
}

/** Puts another value behind a key, whatever was there. */
export function replaceValue(text: string, pair: Pair, value: string): TextEdit | undefined {
  if (isEmptyValue(pair.value)) return afterColon(text, pair, value);
  const end = endOf(text, pair);
  if (isScalar(pair.value) && pair.value.range)
    return { span: { start: pair.value.range[0], end: pair.value.range[1] }, text: value };
  const colon = colonOf(text, pair);
  return colon === undefined || end === undefined ? undefined : { span: { start: colon + 1, end }, text: ` ${value}` };
}

export const at = (offset: number): TextSpan => ({ start: offset, end: offset });

type Collection = YAMLMap | YAMLSeq;

/**
 * Takes items out of a map or a list and puts others behind the last that stays, each in the style of its neighbours.
 * Undefined: nothing would stay, or the items are written in a way in which nothing can be put safely.
 */
export function editItems(
  text: string,
  collection: Collection,
  isRemoved: (item: unknown) => boolean,
  added: readonly string[],
): readonly TextEdit[] | undefined {
  const places = collection.items.map(item => placeOf(text, collection, item));
  const known = places.filter(place => place !== undefined);
  const kept = known.filter((_, index) => !isRemoved(collection.items[index]));
  const last = kept.at(-1);
  if (known.length < places.length || !last) return undefined;
  const removals = runsOf(known, place => !kept.includes(place)).flatMap(([first, final]) =>
    collection.flow ? [removalInFlow(text, known, first, final)] : removalsOfLines(text, known, first, final),
  );
  const additions = added.map(item => (collection.flow ? `, ${item}` : lineOf(text, collection, known, item)));
  const end = collection.flow ? last.end : lineEnd(text, last.end);
  const insertion = additions.length === 0 ? [] : [{ span: at(end), text: additions.join('') }];
  return joined([...removals.map(span => ({ span, text: '' })), ...insertion]);
}

/**
 * Takes all items out of a map or a list; comments on lines of their own stay. Undefined: they are written in a way in
 * which nothing can be taken safely.
 */
export function removeItems(text: string, collection: Collection): readonly TextEdit[] | undefined {
  if (collection.flow) {
    const [start = 0, end = 0] = collection.range ?? [];
    const isSafe = !text.slice(start, end).includes('#');
    return isSafe ? [{ span: { start: start + 1, end: end - 1 }, text: '' }] : undefined;
  }
  const places = collection.items.map(item => placeOf(text, collection, item));
  const known = places.filter(place => place !== undefined);
  if (known.length < places.length) return undefined;
  return joined(removalsOfLines(text, known, 0, known.length - 1).map(span => ({ span, text: '' })));
}

/**
 * Puts others in the place of all items of a map or a list. Undefined: they are written in a way in which nothing can be
 * put safely.
 */
export function replaceItems(
  text: string,
  collection: Collection,
  added: readonly string[],
): readonly TextEdit[] | undefined {
  if (collection.flow) {
    const inner = isMap(collection) ? ` ${added.join(', ')} ` : added.join(', ');
    return removeItems(text, collection)?.map(({ span }) => ({ span, text: inner }));
  }
  const places = collection.items.flatMap(item => placeOf(text, collection, item) ?? []);
  const [first] = places;
  if (!first || places.length < collection.items.length) return undefined;
  const lines = added.map(item => lineOf(text, collection, places, item)).join('');
  const removals = places.length === 1 ? [] : removalsOfLines(text, places, 1, places.length - 1);
  return joined([
    { span: { start: first.start, end: lineEnd(text, first.end) }, text: lines.trimStart() },
    ...removals.map(span => ({ span, text: '' })),
  ]);
}

/** From the first sign of an item (the dash, in a block list) to the last one of its value. */
function placeOf(text: string, collection: Collection, item: unknown): TextSpan | undefined {
  const node = isPair(item) ? item.key : item;
  const start = rangeOf(node)?.[0];
  const end = endOf(text, item);
  if (start === undefined || end === undefined) return undefined;
  const dash = isSeq(collection) && !collection.flow ? text.lastIndexOf('-', start - 1) : start;
  return dash < 0 ? undefined : { start: dash, end };
}

/** Where a value or a pair ends, without the blanks and comments that the parser counts to it. */
function endOf(text: string, node: unknown): number | undefined {
  if (isPair(node)) {
    const colon = isEmptyValue(node.value) ? colonOf(text, node) : undefined;
    return colon === undefined ? endOf(text, node.value) : colon + 1;
  }
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) return endOf(text, node.items.at(-1));
  let end = rangeOf(node)?.[1];
  // A block text is counted with the line break behind it.
  while (end !== undefined && end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

const rangeOf = (node: unknown): Range | null | undefined => (isNode(node) ? node.range : undefined);

function colonOf(text: string, pair: Pair): number | undefined {
  const keyEnd = isScalar(pair.key) ? pair.key.range?.[1] : undefined;
  const colon = keyEnd === undefined ? -1 : text.indexOf(':', keyEnd);
  return keyEnd === undefined || colon < 0 || text.slice(keyEnd, colon).trim() !== '' ? undefined : colon;
}

/** Neighbours that fit, as indexes of the first and the last one. */
function runsOf(
  places: readonly TextSpan[],
  fits: (place: TextSpan) => boolean,
): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [index, place] of places.entries()) {
    if (!fits(place)) continue;
    const run = runs.at(-1);
    if (run?.[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

/** With the comma before it, unless that has a comment behind it; that of the first one stands behind it. */
function removalInFlow(text: string, places: readonly TextSpan[], first: number, final: number): TextSpan {
  const [before, next] = [places[first - 1], places[final + 1]];
  const [start, end] = [places[first]?.start ?? 0, places[final]?.end ?? 0];
  const isApart = before && !text.slice(before.end, start).includes('#');
  return isApart ? { start: before.end, end } : { start, end: next?.start ?? end };
}

/** Those of neighbours; comments on lines of their own between them stay, but for one at the very end of the file. */
function removalsOfLines(text: string, places: readonly TextSpan[], first: number, final: number): readonly TextSpan[] {
  const [start, end] = [places[first]?.start ?? 0, places[final]?.end ?? 0];
  const isBehindDash = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).trim() !== '';
  if (isBehindDash || !text.includes('\n', end)) return [removalOfLines(text, places, first, final)];
  return places.slice(first, final + 1).map((_, index) => removalOfLines(text, places, first + index, first + index));
}

/** Whole lines, with the comments on them; what stands behind the dash of a list makes room for the next line. */
function removalOfLines(text: string, places: readonly TextSpan[], first: number, final: number): TextSpan {
  const [start, end] = [places[first]?.start ?? 0, places[final]?.end ?? 0];
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') return { start, end: places[final + 1]?.start ?? end };
  const next = text.indexOf('\n', end);
  // The last line of a file without a line break at its end: the one before it goes instead.
  const lineBefore = text[lineStart - 2] === '\r' ? lineStart - 2 : Math.max(0, lineStart - 1);
  return next < 0 ? { start: lineBefore, end: text.length } : { start: lineStart, end: next + 1 };
}

/** A new line behind the others, as far to the right as the first of them. */
function lineOf(text: string, collection: Collection, places: readonly TextSpan[], item: string): string {
  const start = places[0]?.start ?? 0;
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  return `${text.includes('\r\n') ? '\r\n' : '\n'}${' '.repeat(column)}${isSeq(collection) ? '- ' : ''}${item}`;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

/** In their order; those that touch become one. */
export function joined(edits: readonly TextEdit[]): readonly TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    const before = result.at(-1);
    if (before?.span.end === edit.span.start)
      result.splice(-1, 1, { span: { start: before.span.start, end: edit.span.end }, text: before.text + edit.text });
    else result.push(edit);
  }
  return result;
}
