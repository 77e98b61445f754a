import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type YAMLError } from 'yaml';
import { shown } from '../names.ts';
import type { Report } from './report.ts';
import type { TextSpan } from '../text-span.ts';
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';

/** No lab is longer; some broken inputs of this length would keep the YAML parser busy for many seconds. */
export const longestText = 4_000_000;
/** How many values aliases may stand for in all: a file of 1 kB could otherwise stand for billions. */
const mostAliasedValues = 100_000;

/**
 * Options of the parser: `uniqueKeys` compares every key with every other one, and `<<` would hide where a value is;
 * without `prettyErrors`, a message names no line (the span does).
 */
export const yamlOptions = {
  schema: 'core',
  keepSourceTokens: false,
  prettyErrors: false,
  uniqueKeys: false,
  merge: false,
  strict: true,
  // With `silent`, a second document would not be reported.
  logLevel: 'error',
} as const;

/**
 * Undefined: there is nothing but blanks and comments, or nothing can be made of the text. `file`: the path of an included
 * file, for the places in it.
 */
export function readYaml(text: string, report: Report, file?: string): YamlNode | undefined {
  const placed: Report = (code, span, ...rest) => report(code, file === undefined ? span : { ...span, file }, ...rest);
  if (text.length > longestText) {
    placed('yaml-syntax', { start: 0, end: 0 }, `The file is longer than ${longestText} characters. Split the lab.`);
    return undefined;
  }
  try {
    const document = parseDocument(text, yamlOptions);
    for (const error of document.errors) reportSyntax(error, 'error', placed);
    for (const warning of document.warnings) reportSyntax(warning, 'warning', placed);
    return new TreeBuilder(report, file).root(document);
  } catch (error) {
    // The parser and the walk below are recursive; only absurd nesting gets here.
    if (!(error instanceof RangeError)) throw error;
    placed(
      'yaml-syntax',
      { start: 0, end: text.length },
      'The file is nested too deeply. Check its brackets and indentation.',
    );
    return undefined;
  }
}

const advice: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces, not with tabs.',
  BAD_INDENT: 'Indent this line like its neighbours.',
  MULTIPLE_DOCS: 'Keep one lab per file: remove what follows the line `---`.',
  MISSING_CHAR: 'Close the bracket or quote, or put the missing character there.',
  BAD_ALIAS: 'Define the anchor (&name) before its alias (*name), or put the text in quotes.',
  UNEXPECTED_TOKEN: 'Put the text in quotes if it contains characters that mean something in YAML.',
  BLOCK_AS_IMPLICIT_KEY: 'Check the indentation, and put a text with a colon in quotes.',
  MULTILINE_IMPLICIT_KEY: 'Put a colon after the key, or remove the line.',
};

/** `by`: what is to be added to the places, if a piece of a text was parsed. */
export function reportSyntax(error: YAMLError, severity: 'error' | 'warning', report: Report, by = 0): void {
  const [start, end] = error.pos;
  const hint = advice[error.code] ?? 'Correct the YAML here.';
  report('yaml-syntax', { start: start + by, end: end + by }, `${shown(error.message)}. ${hint}`, severity);
}

const ifNotEmpty = (node: YamlNode): YamlNode | undefined =>
  node.kind === 'scalar' && node.value === null ? undefined : node;

const sizes = new WeakMap<YamlNode, number>();
/** How many values a node stands for, itself among them. */
export const sizeOf = (node: YamlNode): number => sizes.get(node) ?? 1;

/** Turns the parser's tree into ours. Shared nodes stay shared, so an alias costs nothing until its values are read. */
export class TreeBuilder {
  /** Whether there was an anchor or an alias. */
  hasAnchors = false;

  private readonly anchors = new Map<string, YamlNode>();
  private aliasedValues = 0;
  private readonly report: Report;
  private readonly file: string | undefined;
  private readonly by: number;

  /** `by`: what is to be added to the parser's places, if a piece of a text was parsed. */
  constructor(report: Report, file: string | undefined, by = 0) {
    this.report = report;
    this.file = file;
    this.by = by;
  }

  root(document: Document): YamlNode | undefined {
    if (document.contents === null) return undefined;
    return ifNotEmpty(this.node(document.contents, this.spanOf(undefined)));
  }

  private node(source: unknown, missingAt: TextSpan): YamlNode {
    if (isAlias(source)) return this.aliased(source.source, this.spanOf(source.range, missingAt));
    const node = this.ownNode(source, missingAt);
    if ((isMap(source) || isSeq(source) || isScalar(source)) && source.anchor !== undefined) {
      this.anchors.set(source.anchor, node);
      this.hasAnchors = true;
    }
    return node;
  }

  private ownNode(source: unknown, missingAt: TextSpan): YamlNode {
    if (isMap(source)) return this.map(source.items, this.spanOf(source.range, missingAt), source.flow === true);
    if (isSeq(source)) return this.list(source.items, this.spanOf(source.range, missingAt), source.flow === true);
    // A value that is not there has its place right behind its key, wherever the parser saw that it is missing.
    if (isScalar(source) && source.value === null && (source.source ?? '') === '') return scalar(null, '', missingAt);
    if (isScalar(source)) return scalar(source.value, source.source, this.spanOf(source.range, missingAt));
    return scalar(null, '', missingAt);
  }

  private map(pairs: readonly Pair[], whole: TextSpan, isFlow: boolean): YamlMap {
    const entries = pairs.flatMap(pair => this.entry(pair) ?? []);
    const empty: YamlMap = { kind: 'map', entries: [], span: { ...whole, end: whole.start } };
    const map = joinedMap(empty, entries, this.report);
    return isFlow ? sized({ ...map, span: whole }, sizeOf(map)) : map;
  }

  /** Undefined: it has no name, which is reported. */
  entry(pair: Pair): YamlEntry | undefined {
    const key = this.key(pair.key);
    if (!key) return undefined;
    return { key: key.text, keySpan: key.span, value: this.node(pair.value, { ...key.span, start: key.span.end }) };
  }

  private key(source: unknown): { readonly text: string; readonly span: TextSpan } | undefined {
    const span =
      isScalar(source) || isMap(source) || isSeq(source) || isAlias(source) ? this.spanOf(source.range) : undefined;
    const text = isScalar(source) ? (source.source ?? String(source.value)) : undefined;
    if (text !== undefined && text !== '' && span) return { text, span };
    if (span) this.report('yaml-syntax', span, 'A name is missing before the colon. Use plain text as the name.');
    return undefined;
  }

  private list(sources: readonly unknown[], whole: TextSpan, isFlow: boolean): YamlList {
    const items = sources.map(source => this.node(source, whole));
    const end = isFlow ? whole.end : Math.max(whole.start, items.at(-1)?.span.end ?? whole.start);
    const span = { ...whole, end };
    return sized(
      { kind: 'list', items, span },
      items.reduce((size, item) => size + sizeOf(item), 1),
    );
  }

  private aliased(anchor: string, span: TextSpan): YamlNode {
    this.hasAnchors = true;
    const node = this.anchors.get(anchor);
    if (!node) {
      // Also an alias inside of what it stands for: the anchor is known only behind its value.
      this.report(
        'yaml-syntax',
        span,
        `No anchor &${shown(anchor)} ends before this alias. Define it or write the value out.`,
      );
      return scalar(null, '', span);
    }
    this.aliasedValues += sizeOf(node);
    if (this.aliasedValues <= mostAliasedValues) return node;
    this.report('yaml-syntax', span, `Aliases stand for more than ${mostAliasedValues} values. Write the values out.`);
    return scalar(null, '', span);
  }

  /** The range of the value itself; the third number of the parser's range also covers the comment behind it. */
  private spanOf(range: readonly number[] | null | undefined, missingAt?: TextSpan): TextSpan {
    if (!range && missingAt) return missingAt;
    const [first = 0, last = first] = range ?? [];
    const [start, end] = [first + this.by, last + this.by];
    return this.file === undefined ? { start, end } : { start, end, file: this.file };
  }
}

/**
 * The map with more entries behind its own; those whose names it has already are reported. It ends with its last value:
 * the parser's range of a block goes on through comments and blank lines.
 */
export function joinedMap(map: YamlMap, more: readonly YamlEntry[], report: Report): YamlMap {
  const entries = [...map.entries];
  const seen = new Set(entries.map(({ key }) => key));
  let size = sizeOf(map);
  let { end } = map.span;
  for (const entry of more) {
    end = Math.max(end, entry.keySpan.end, entry.value.span.end);
    if (seen.has(entry.key)) {
      report(
        'yaml-syntax',
        entry.keySpan,
        `"${shown(entry.key)}" is there twice; the first one counts. Remove or rename this one.`,
      );
      continue;
    }
    seen.add(entry.key);
    size += sizeOf(entry.value);
    entries.push(entry);
  }
  return sized({ ...map, entries, span: { ...map.span, end } }, size);
}

function scalar(value: unknown, source: string | undefined, span: TextSpan): YamlScalar {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', value: isPlain ? value : null, text: source ?? '', span };
}

export function sized<Node extends YamlNode>(node: Node, size: number): Node {
  sizes.set(node, size);
  return node;
}
