import type { Piece } from './pieces.ts';

const isOpening = ({ type }: Piece): boolean => type === 'flow-map-start' || type === 'flow-seq-start';
const isClosing = ({ type }: Piece): boolean => type === 'flow-map-end' || type === 'flow-seq-end';

/** What belongs between two pieces on one line; `gap` is what is there. */
export function blankBetween(before: Piece, piece: Piece, gap: string): string {
  // Comments at the ends of lines may be in columns of their own.
  if (piece.type === 'comment') return gap;
  if (isOpening(before) && isClosing(piece)) return '';
  if (before.type === 'flow-map-start' || piece.type === 'flow-map-end') return ' ';
  if (before.type === 'flow-seq-start' || piece.type === 'flow-seq-end' || piece.type === 'comma') return '';
  // Without the blank an alias would have the colon in its name.
  if (piece.type === 'map-value-ind') return before.type === 'alias' ? ' ' : '';
  const isApart = ['comma', 'map-value-ind', 'seq-item-ind', 'anchor', 'tag', 'doc-start'].includes(before.type);
  return isApart ? ' ' : gap;
}
