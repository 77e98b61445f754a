import type { DiagramLink, DiagramWire } from '../diagram.ts';
import { lineHeight } from '../drawing/drawing.ts';
import { textWidth } from '../drawing/text.ts';
import type { Size } from '../picture.ts';

/** As the drawing writes what stands beside a line. */
const fontSize = 9.5;
const mostWidth = 150;
const mostRows = 6;

/** How much room is taken by what stands beside a link: its addresses, and its VLANs in a line below them. */
export function linkTextSize({ addresses, vlan, tagged = [] }: DiagramLink): Size {
  if (vlan === undefined && tagged.length === 0) return textSize(addresses);
  return textSize([...addresses, ...vlanRows(vlan, tagged)]);
}

export const linkTextHeight = ({ addresses, vlan, tagged = [] }: DiagramLink): number =>
  Math.min(mostRows, addresses.length + (vlan === undefined && tagged.length === 0 ? 0 : 1)) * fontSize * lineHeight;

export function wireTextSize({ label, vlan, tagged = [] }: DiagramWire): Size {
  return textSize([...(label === '' ? [] : [label]), ...vlanRows(vlan, tagged)]);
}

function textSize(rows: readonly string[]): Size {
  let width = 0;
  for (const row of rows)
    width = Math.max(width, textWidth(row.length > mostWidth ? row.slice(0, mostWidth) : row, fontSize));
  return { width: Math.min(mostWidth, width), height: Math.min(mostRows, rows.length) * fontSize * lineHeight };
}

function vlanRows(vlan: number | undefined, tagged: readonly number[]): readonly string[] {
  const words = [
    ...(vlan === undefined ? [] : [`VLAN ${vlan}`]),
    ...(tagged.length === 0 ? [] : [`tagged ${tagged.join(', ')}`]),
  ];
  return words.length === 0 ? [] : [words.join(' · ')];
}
