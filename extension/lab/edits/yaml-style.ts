import { isList, isRecord, type Plain } from '../reading/plain-data.ts';
import { yamlText } from '../reading/yaml-text.ts';

/** How a file is written. */
export interface YamlStyle {
  readonly newline: '\n' | '\r\n';
  /** Blanks for one level. */
  readonly step: number;
}

/** In one line: `{ id: 34, nics: [{ switch: lan }] }`. */
export function flowText(value: Plain): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return yamlText(value);
  if (isList(value)) return `[${value.map(flowText).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const entries = Object.entries(value).map(([key, one]) => `${yamlText(key)}: ${flowText(one)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** Whether it is easier to read over several lines: it holds a map somewhere inside. */
export function isDeep(value: Plain): boolean {
  const children = isList(value) ? value : isRecord(value) ? Object.values(value) : [];
  return children.some(child => isRecord(child) || isDeep(child));
}

/** What stands behind a key at this column, with the blank or the line break before it. */
export function textBehindKey(value: Plain, isBlock: boolean, column: number, style: YamlStyle): string {
  if (!isBlock || !(isList(value) || isRecord(value))) return ` ${flowText(value)}`;
  const inner = column + style.step;
  const lines = isList(value)
    ? value.map(item => `- ${blockText(item, isDeep(item), inner + 2, style)}`)
    : [blockText(value, true, inner, style)];
  return lines.map(line => lineBreak(inner, style) + line).join('');
}

/** A value whose first line begins at this column. */
export function blockText(value: Plain, isBlock: boolean, column: number, style: YamlStyle): string {
  if (!isBlock || !isRecord(value)) return flowText(value);
  return Object.entries(value)
    .map(([key, one]) => `${yamlText(key)}:${textBehindKey(one, isDeep(one), column, style)}`)
    .join(lineBreak(column, style));
}

const lineBreak = (column: number, { newline }: YamlStyle): string => newline + ' '.repeat(column);
