import { didYouMean, type NearestName, shown } from '../../lab/names.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { readColour } from './colours.ts';
import type { StyleDraft } from './drafts.ts';
import type { DiagReport } from './problem.ts';
import type { Word } from './syntax.ts';
import type { Dialect } from './token.ts';

/** What everybody who interprets statements needs. */
export interface Interpreting {
  readonly report: DiagReport;
  readonly dialect: Dialect;
  readonly nearest: NearestName;
}

/** One attribute, of a block, of a `[…]` or of a class. */
export interface Attribute {
  readonly name: string;
  /** Undefined: a flag, as in `[stacked]`. */
  readonly value: Word | undefined;
  readonly span: TextSpan;
}

/** For good that nwdiag does not take: said only in files that are not PlantUML's anyway. */
export function notNwdiag({ report, dialect }: Interpreting, span: TextSpan, message: string): void {
  if (dialect === 'nwdiag') report('not-nwdiag', span, message, 'warning');
}

export const textOf = ({ value }: Attribute): string => value?.value ?? '';

/** `\n` stands for a new line. */
export const linesOf = (text: string): string => text.replace(/\\n|\r\n?/g, '\n');

/** PlantUML's icons and markup are left out of what is drawn. */
export function withoutMarkup(text: string): string {
  const plain = text.replace(/<[&$][\w.*-]{1,60}>|<\/?(?:b|i|u|s|w|size|color|font|back)\b[^<>\n]{0,60}>/g, '');
  return linesOf(plain)
    .split('\n')
    .map(line => line.trim())
    .filter((line, _at, all) => line !== '' || all.length === 1)
    .join('\n');
}

/** `10.0.0.1, fd00::1` is one a line. */
export const addressesOf = (text: string): readonly string[] =>
  linesOf(text)
    .split(/[,\n]/)
    .map(one => one.trim())
    .filter(one => one !== '');

/** Larger or smaller ones are no use to anybody and would make endless pages. */
const bounds = { smallest: 1, largest: 5000 };

/** A size in pixels. What is none is reported: an error if it is the whole diagram's. */
export function readSize(scope: Interpreting, attribute: Attribute, isDiagram = false): number | undefined {
  const text = textOf(attribute);
  const number = Number(text);
  const isGood = /^\d+$/.test(text) && number >= bounds.smallest && number <= bounds.largest;
  if (isGood) return number;
  const message = `${attribute.name} is a whole number of pixels, 1 to ${bounds.largest}; "${shown(text)}" is not.`;
  scope.report('bad-value', attribute.value?.span ?? attribute.span, message, isDiagram ? 'error' : 'warning');
  return undefined;
}

export function readColourOf(scope: Interpreting, attribute: Attribute): string | undefined {
  const text = textOf(attribute);
  const colour = readColour(text);
  if (colour !== undefined) return colour;
  const message = `"${shown(text)}" is no colour. Write "#rrggbb" in quotes, or a colour's name as CSS has it.`;
  scope.report('unknown-colour', attribute.value?.span ?? attribute.span, message, 'warning');
  return undefined;
}

/** Attributes that look alike wherever they stand. Whether it was one. */
export function applyStyle(scope: Interpreting, style: StyleDraft, attribute: Attribute): boolean {
  switch (attribute.name) {
    case 'color':
      set(style, 'color', readColourOf(scope, attribute));
      return true;
    case 'linecolor':
      set(style, 'lineColor', readColourOf(scope, attribute));
      return true;
    case 'textcolor':
      set(style, 'textColor', readColourOf(scope, attribute));
      return true;
    case 'fontsize':
      set(style, 'fontSize', readSize(scope, attribute));
      return true;
    case 'style':
      applyLine(scope, style, attribute);
      return true;
    case 'thick':
      // As nwdiag draws thick lines.
      style.thickness = 3;
      return true;
    default:
      return false;
  }
}

function set<Key extends keyof StyleDraft>(style: StyleDraft, key: Key, value: StyleDraft[Key] | undefined): void {
  if (value !== undefined) style[key] = value;
}

function applyLine(scope: Interpreting, style: StyleDraft, attribute: Attribute): void {
  const text = textOf(attribute);
  const line = (['solid', 'dotted', 'dashed', 'none'] as const).find(one => one === text);
  const isDashes = /^\d{1,3}(\s*,\s*\d{1,3}){0,15}$/.test(text);
  if (line ?? isDashes) delete style.dashes;
  if (line) style.line = line;
  else if (isDashes) Object.assign(style, { line: 'dashed', dashes: text.split(',').map(Number) });
  else {
    const hint = didYouMean(scope.nearest.find(text, ['solid', 'dotted', 'dashed', 'none']));
    const message = `"${shown(text)}" is no style of lines.${hint} There are solid, dotted, dashed, none and "4,2".`;
    scope.report('bad-value', attribute.value?.span ?? attribute.span, message, 'warning');
  }
}
