import { isMap, isScalar, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';
import type { Problem } from '../problem.ts';
import type { TextSpan } from '../text-span.ts';
import type { Report } from './report.ts';
import { atEnd, cutText, type TextPiece, type TextSection } from './text-pieces.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts';
import { joinedMap, longestText, reportSyntax, sizeOf, sized, TreeBuilder, yamlOptions } from './yaml-tree.ts';

/** What one piece of a text says, with the places it had when it was last read. */
interface ReadPiece {
  readonly start: number;
  readonly entries: readonly YamlEntry[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a text that changes a little at a time: only the pieces that were not there the last time are parsed. What comes out
 * is what parsing the whole text gives. One for each text; it holds no more than the pieces of the text it read last.
 */
export class YamlPieces {
  private known: ReadonlyMap<string, ReadPiece> = new Map();

  /** Undefined: this text cannot be read in pieces, and nothing was reported. */
  read(text: string, report: Report): YamlMap | undefined {
    const sections = text.length > longestText ? undefined : cutText(text);
    if (!sections) return undefined;
    const reading = new Reading(text, this.known);
    const read = reading.sections(sections);
    if (!read) return undefined;
    this.known = reading.used;
    for (const { code, span, message, severity } of reading.problems) report(code, span, message, severity);
    const entries = read.flatMap(section => joinedSection(section, report));
    const start = entries[0]?.keySpan.start ?? 0;
    return joinedMap(emptyMap({ start, end: start }), entries, report);
  }
}

interface ReadSection {
  readonly head: readonly YamlEntry[];
  readonly more: readonly YamlEntry[];
}

const emptyMap = (span: TextSpan): YamlMap => ({ kind: 'map', entries: [], span });

/** The entries of a section go into the map that its head began. */
function joinedSection({ head, more }: ReadSection, report: Report): readonly YamlEntry[] {
  const last = head.at(-1);
  if (more.length === 0 || last?.value.kind !== 'map') return head;
  return [...head.slice(0, -1), { ...last, value: joinedMap(last.value, more, report) }];
}

/** One reading of one text. */
class Reading {
  readonly used = new Map<string, ReadPiece>();
  readonly problems: Problem[] = [];
  private readonly text: string;
  private readonly known: ReadonlyMap<string, ReadPiece>;

  constructor(text: string, known: ReadonlyMap<string, ReadPiece>) {
    this.text = text;
    this.known = known;
  }

  /** Undefined: a piece does not end where it seemed to. */
  sections(sections: readonly TextSection[]): readonly ReadSection[] | undefined {
    const read: ReadSection[] = [];
    for (const { head, entries } of sections) {
      const [ofHead, ofEntries] = [this.pieces([head]), this.pieces(entries)];
      if (!ofHead || !ofEntries) return undefined;
      read.push({ head: ofHead, more: ofEntries });
    }
    return read;
  }

  /** Neighbours that are not known yet are parsed together. */
  private pieces(pieces: readonly TextPiece[]): readonly YamlEntry[] | undefined {
    const entries: YamlEntry[] = [];
    for (let at = 0; at < pieces.length;) {
      const known = this.knownOf(pieces[at]);
      let next = at + 1;
      if (!known) while (next < pieces.length && !this.knownOf(pieces[next])) next += 1;
      const run = pieces.slice(at, next);
      const read = known ? [known] : parsePieces(this.text, run);
      if (!read) return undefined;
      run.forEach((piece, index) => this.keep(piece, read[index], entries));
      at = next;
    }
    return entries;
  }

  private knownOf(piece: TextPiece | undefined): ReadPiece | undefined {
    return piece && this.known.get(this.keyOf(piece));
  }

  /** How a piece is read depends on its own text and on what follows it. */
  private keyOf({ start, end, follower }: TextPiece): string {
    return `${follower} ${this.text.slice(start, end)}`;
  }

  private keep(piece: TextPiece, read: ReadPiece | undefined, entries: YamlEntry[]): void {
    if (!read) return;
    const placed = shifted(read, piece.start);
    this.used.set(this.keyOf(piece), placed);
    this.problems.push(...placed.problems);
    entries.push(...placed.entries);
  }
}

/** Puts pieces into the surroundings that they have in the whole text. */
const before = 'v:\n';
const sentinel = 'z:\n';

/**
 * Parses neighbouring pieces of one level, with one more key behind them in the place of what follows. Undefined: a key is
 * not found where a piece begins, so a piece before it is not over, or something in it concerns the whole text.
 */
function parsePieces(text: string, run: readonly TextPiece[]): readonly ReadPiece[] | undefined {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return [];
  const behind = last.follower === atEnd ? '' : ' '.repeat(last.follower) + sentinel;
  const source = before + text.slice(first.start, last.end) + behind;
  const by = first.start - before.length;
  try {
    const document = parseDocument(source, yamlOptions);
    const root = blockMap(document.contents);
    const sentinelAt = source.length - sentinel.length;
    if (!root || (behind !== '' && !dropSentinel(root, last.follower, sentinelAt))) return undefined;
    const pairs = first.indent === 0 ? root.items.slice(1) : onlyEntries(root);
    return pairs && piecesOf(document, pairs, run, by);
  } catch (error) {
    // As for a whole text: only absurd nesting gets here.
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

const blockMap = (node: unknown): YAMLMap | undefined => (isMap(node) && node.flow !== true ? node : undefined);

const onlyEntries = (root: YAMLMap): readonly Pair[] | undefined =>
  root.items.length === 1 ? blockMap(root.items[0]?.value)?.items : undefined;

/** False: it was taken for something else. */
function dropSentinel(root: YAMLMap, indent: number, at: number): boolean {
  const map = indent === 0 ? root : blockMap(root.items.at(-1)?.value);
  return map !== undefined && startOf(map.items.pop()) === at;
}

/** Undefined: its key is missing, although the parser has a place for it, or no word. */
function startOf(pair: Pair | undefined): number | undefined {
  const [start = 0, end = 0] = (isScalar(pair?.key) ? pair.key.range : undefined) ?? [];
  return end > start ? start : undefined;
}

/** `by`: what is to be added to the places in the document. */
function piecesOf(
  document: Document,
  pairs: readonly Pair[],
  run: readonly TextPiece[],
  by: number,
): readonly ReadPiece[] | undefined {
  const syntax: Problem[] = [];
  for (const error of document.errors) reportSyntax(error, 'error', into(syntax), by);
  for (const warning of document.warnings) reportSyntax(warning, 'warning', into(syntax), by);
  const read: ReadPiece[] = [];
  let [nextPair, placed] = [0, 0];
  for (const piece of run) {
    const problems = syntax.filter(({ span }) => isInside(span, piece));
    placed += problems.length;
    const first = nextPair;
    while (nextPair < pairs.length && (startOf(pairs[nextPair]) ?? 0) + by < piece.end) nextPair += 1;
    const own = pairs.slice(first, nextPair);
    const builder = new TreeBuilder(into(problems), undefined, by);
    const entries = own.flatMap(pair => builder.entry(pair) ?? []);
    if (entries[0]?.keySpan.start !== piece.start + piece.indent || builder.hasAnchors) return undefined;
    read.push({ start: piece.start, entries, problems });
  }
  return nextPair === pairs.length && placed === syntax.length ? read : undefined;
}

const into =
  (problems: Problem[]): Report =>
  (code, span, message, severity = 'error') =>
    void problems.push({ code, span, message, severity });

/** Behind the beginning of its key: what is said of that may be about what is before it. */
const isInside = ({ start, end }: TextSpan, piece: TextPiece): boolean =>
  start > piece.start + piece.indent && start <= end && end <= piece.end;

function shifted(read: ReadPiece, start: number): ReadPiece {
  const by = start - read.start;
  if (by === 0) return read;
  return {
    start,
    entries: read.entries.map(entry => shiftedEntry(entry, by)),
    problems: read.problems.map(problem => ({ ...problem, span: shiftedSpan(problem.span, by) })),
  };
}

const shiftedSpan = ({ start, end }: TextSpan, by: number): TextSpan => ({ start: start + by, end: end + by });

const shiftedEntry = ({ key, keySpan, value }: YamlEntry, by: number): YamlEntry => ({
  key,
  keySpan: shiftedSpan(keySpan, by),
  value: shiftedNode(value, by),
});

function shiftedNode(node: YamlNode, by: number): YamlNode {
  const span = shiftedSpan(node.span, by);
  if (node.kind === 'scalar') return { kind: node.kind, value: node.value, text: node.text, span };
  const moved: YamlNode =
    node.kind === 'map'
      ? { kind: node.kind, entries: node.entries.map(entry => shiftedEntry(entry, by)), span }
      : { kind: node.kind, items: node.items.map(item => shiftedNode(item, by)), span };
  return sized(moved, sizeOf(node));
}
