import type { Scope } from '../../lab/reading/read-keys.ts';
import type { YamlNode } from '../../lab/reading/yaml-node.ts';
import type { IncludedFile } from '../../lab/model.ts';
import type { LineIndex, TextSpan } from '../../lab/text-span.ts';
import type { Pattern, ScriptVariable, Template } from '../install-script.ts';
import { namesOf, parsePattern } from '../pattern/parse-pattern.ts';
import { namesIn, parseTemplate } from '../template.ts';

/** What every part of the reader of one script (or included script) needs. */
export interface ScriptScope extends Scope {
  /** Absolute path; undefined: the script itself. */
  readonly file: string | undefined;
  readonly lines: LineIndex;
  /** What counts where a step says nothing. */
  readonly limitMs: number;
  readonly pauseMs: number | undefined;
  readonly whole: WholeScript;
}

/** What a script and those that it includes have together. */
export interface WholeScript {
  /** What the file at `from` (undefined: the script itself) includes by this name. Undefined: it was not brought. */
  readonly include: (from: string | undefined, name: string) => IncludedFile | undefined;
  /** The files that are being read, outermost first, so that none includes itself. */
  readonly open: string[];
  steps: number;
  /** By name. */
  readonly variables: Map<string, ScriptVariable>;
  /** Names that steps give values to. */
  readonly given: Set<string>;
  readonly uses: { readonly name: string; readonly span: TextSpan }[];
}

/** A scalar as text, as it is written: `007` stays. */
function textOf(scope: ScriptScope, key: string, node: YamlNode): string | undefined {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? node.value : node.text;
  scope.report('bad-value', node.span, `${key} takes a text.`);
  return undefined;
}

/** A text with variables, whose uses are remembered. */
export function templateOf(scope: ScriptScope, key: string, node: YamlNode): Template | undefined {
  const text = textOf(scope, key, node);
  if (text === undefined) return undefined;
  const { template, badNames } = parseTemplate(text);
  for (const name of badNames) {
    const message = `\${${name}} names no variable. Names have letters, digits, - and _. Write $\${ for the text \${.`;
    scope.report('unknown-variable', node.span, message);
  }
  use(scope, namesIn(template), node.span);
  return template;
}

/** A pattern; what its named groups take are variables from then on. */
export function patternOf(scope: ScriptScope, key: string, node: YamlNode): Pattern | undefined {
  const text = textOf(scope, key, node);
  if (text === undefined) return undefined;
  const reading = parsePattern(text);
  if ('refusal' in reading) {
    scope.report('bad-pattern', node.span, reading.refusal);
    return undefined;
  }
  const names = namesOf(reading.pattern.node);
  for (const name of names.set) scope.whole.given.add(name);
  use(scope, names.used, node.span);
  return reading.pattern;
}

function use(scope: ScriptScope, names: readonly string[], span: TextSpan): void {
  scope.whole.uses.push(...names.map(name => ({ name, span })));
}
