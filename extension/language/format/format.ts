import { applyEdits, type TextEdit } from '../../lab/edits/edit.ts';
import { parseForEdit } from '../../lab/edits/yaml-edit.ts';
import { dataOf } from '../../lab/reading/plain-data.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { piecesOf, type Block, type Piece } from './pieces.ts';
import { blankBetween } from './spacing.ts';

/**
 * Edits of blanks and line breaks that lay a lab file out as the samples are: two blanks a level, one blank where one
 * belongs, at most one empty line. Comments, quotes and the choice of style stay. Of a range, the sections (`vms:`) that
 * it touches. None, if the YAML is broken or would not say the same afterwards.
 */
export function formatLab(text: string, range?: TextSpan): readonly TextEdit[] {
  const pieces = piecesOf(text);
  if (!pieces) return [];
  const wanted = range && sectionsAround(pieces, range);
  const edits = layoutEdits(text, pieces).filter(
    ({ span }) => !wanted || (span.start >= wanted.start && span.end <= wanted.end),
  );
  return edits.length > 0 && !saysTheSame(text, applyEdits(text, edits)) ? [] : edits;
}

/** From the beginning of the first section of the range to that of the one behind it; undefined: everything. */
function sectionsAround(pieces: readonly Piece[], range: TextSpan): TextSpan | undefined {
  const starts = pieces.filter(({ isItem, block }) => isItem && block?.parent === undefined);
  // Sections that move to the left or right do so together.
  if (starts.some(({ block }) => block?.from !== block?.to)) return undefined;
  const offsets = starts.map(({ offset }) => offset);
  return {
    start: offsets.findLast(offset => offset <= range.start) ?? 0,
    end: offsets.find(offset => offset >= range.end && offset > range.start) ?? Number.POSITIVE_INFINITY,
  };
}

function saysTheSame(before: string, after: string): boolean {
  const [old, now] = [parseForEdit(before), parseForEdit(after)];
  if (!old || !now || old.errors.length + now.errors.length > 0) return false;
  const data = dataOf(old);
  return data !== undefined && JSON.stringify(data) === JSON.stringify(dataOf(now));
}

function layoutEdits(text: string, pieces: readonly Piece[]): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const put = (start: number, end: number, wanted: string): void => {
    if (text.slice(start, end) !== wanted) edits.push({ span: { start, end }, text: wanted });
  };
  let before: Piece | undefined;
  for (const [index, piece] of pieces.entries()) {
    const end = before ? before.offset + before.source.length : 0;
    const gap = text.slice(end, piece.offset);
    const isLineStart = !before || gap.includes('\n') || (before.isRaw && before.source.endsWith('\n'));
    if (piece.isRaw) put(piece.offset, piece.offset + piece.source.length, shifted(piece));
    else if (isLineStart) put(end, piece.offset, lineBreaks(gap, before) + indentation(text, pieces, index));
    else put(end, piece.offset, before ? blankBetween(before, piece, gap) : '');
    if (!piece.isRaw && piece.source.includes('\n'))
      put(piece.offset, piece.offset + piece.source.length, shifted(piece));
    before = piece;
  }
  if (before && !before.isRaw) put(before.offset + before.source.length, text.length, newlineOf(text));
  return edits;
}

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** Those of the gap, but for more than one empty line; none at the beginning of the file. */
function lineBreaks(gap: string, before: Piece | undefined): string {
  const found = gap.match(/\r?\n/g) ?? [];
  // A block text has the end of its last line in itself.
  return before ? found.slice(0, before.isRaw ? 1 : 2).join('') : '';
}

function indentation(text: string, pieces: readonly Piece[], index: number): string {
  const piece = pieces[index];
  if (!piece) return '';
  const column = columnOf(text, piece);
  const { block } = piece;
  if (piece.type === 'comment' && !piece.isInFlow) return ' '.repeat(commentColumn(pieces, index, column));
  if (piece.isItem && block) return ' '.repeat(block.to);
  return ' '.repeat(Math.max(0, column + shiftOf(block)));
}

const columnOf = (text: string, { offset }: Piece): number => offset - (text.lastIndexOf('\n', offset - 1) + 1);

const shiftOf = (block: Block | undefined): number => (block ? block.to - block.from : 0);

/** A comment on a line of its own goes along with the level at whose column it stands, or else with the next one to its left. */
function commentColumn(pieces: readonly Piece[], index: number, column: number): number {
  const isItem = ({ isItem }: Piece): boolean => isItem;
  const next = nextOf(pieces, index, isItem);
  const levels = [...outwards(previousOf(pieces, index, isItem)?.block), ...(next?.block ? [next.block] : [])];
  const fitting = levels.filter(({ from }) => from <= column).sort((a, b) => b.from - a.from)[0];
  return fitting ? fitting.to + column - fitting.from : column;
}

function nextOf(pieces: readonly Piece[], index: number, fits: (piece: Piece) => boolean): Piece | undefined {
  for (let at = index + 1; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece && fits(piece)) return piece;
  }
  return undefined;
}

function previousOf(pieces: readonly Piece[], index: number, fits: (piece: Piece) => boolean): Piece | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const piece = pieces[at];
    if (piece && fits(piece)) return piece;
  }
  return undefined;
}

/** A block and those around it, the innermost first. */
function outwards(block: Block | undefined): readonly Block[] {
  const blocks: Block[] = [];
  for (let one = block; one; one = one.parent) blocks.push(one);
  return blocks;
}

/** The lines of a text over several lines, as far to the left or right as its block goes; the first one stays unless it is raw. */
function shifted({ source, block, isRaw }: Piece): string {
  const shift = shiftOf(block);
  const move = (line: string): string => {
    if (/^\r?$/.test(line)) return line;
    const blanks = /^ */.exec(line)?.[0].length ?? 0;
    return ' '.repeat(Math.max(0, blanks + shift)) + line.slice(blanks);
  };
  return source
    .split('\n')
    .map((line, at) => (at === 0 && !isRaw ? line : move(line)))
    .join('\n');
}
