import type { Hover } from '../hover.ts';
import { keyCard } from '../hover.ts';
import { beside, codeMarkdown as code, paragraphs, plainMarkdown as plain } from '../markdown.ts';
import { schemaCursorAt } from '../place.ts';
import { installPlaces, looseVariables, type LooseVariable } from './install-places.ts';

/** What there is to say of the word at an offset of an install script. Undefined: nothing. */
export function installHoverAt(text: string, offset: number): Hover | undefined {
  const place = schemaCursorAt(text, offset, installPlaces);
  if (!place || place.cursor.word.text === '') return undefined;
  const { cursor, tree, places } = place;
  const { word, path } = cursor;
  const variables = looseVariables(tree);
  if (cursor.part === 'value') return variableHover(text, offset, variables);
  const own = path.length === 1 && path[0] === 'vars' ? variables.find(({ name }) => name === word.text) : undefined;
  if (own) return { span: word.span, markdown: variableCard(own) };
  const known = places.key(path, word.text);
  return known && { span: word.span, markdown: keyCard(known) };
}

/** The `${name}` that the offset is in. */
function variableHover(text: string, offset: number, variables: readonly LooseVariable[]): Hover | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
  for (const { 0: whole, 1: name, index } of line.matchAll(/(?<!\$)\$\{([\w-]+)\}/g)) {
    const span = { start: lineStart + index, end: lineStart + index + whole.length };
    const known = variables.find(one => one.name === name);
    if (known && span.start <= offset && offset <= span.end) return { span, markdown: variableCard(known) };
  }
  return undefined;
}

function variableCard({ name, description, value, isSecret }: LooseVariable): string {
  const source = isSecret
    ? 'secret: asked for once, or from the environment; shown nowhere'
    : value === undefined
      ? 'has to be given'
      : `default ${code(value)}`;
  return paragraphs(beside(`**${plain(name)}**`, source), description === undefined ? undefined : plain(description));
}
