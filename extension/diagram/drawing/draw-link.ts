import type { DiagramLink } from '../diagram.ts';
import type { LivePicture, StateKind } from '../live.ts';
import type { Box, PlacedLink, PlacedWire, Polyline } from '../picture.ts';
import { linkId, thingId } from '../thing-id.ts';
import { safeColor } from './color.ts';
import { lineHeight, type DrawnItem, type DrawnPath, type DrawnText } from './drawing.ts';
import { ellipse, jumping, open } from './path.ts';
import { fitted, textWidth } from './text.ts';

const addressSize = 9.5;
const mostLines = 6;
const mostWidth = 150;

/** What all lines of one picture are drawn by. */
export interface LineContext {
  readonly live: LivePicture;
  /** The place of each VLAN among the picture's, which gives it its colour. */
  readonly vlans: ReadonlyMap<number, number>;
  /** The height of each bus that can be seen. */
  readonly buses: ReadonlyMap<string, number>;
}

/** A NIC: the line from its node to the bus, with addresses, VLANs and what goes through. */
export function drawLink({ link, line, textAt, jumps }: PlacedLink, context: LineContext): DrawnItem {
  const id = linkId(link);
  const { live, vlans, buses } = context;
  const bus = buses.get(link.network);
  const traffic = live.traffic[id];
  const colour = vlanColour(link.vlan, vlans);
  const path: DrawnPath = {
    d: jumping(line, jumps),
    paint: isCarrying(link, live) ? 'link' : 'linkOff',
    ...lineStyle(link.style),
    ...colour,
    ...(traffic ? { width: trafficWidth(traffic.bytesPerSecond) } : {}),
  };
  const tap = line.find(({ y }) => y === bus);
  const dots: readonly DrawnPath[] = tap ? [{ d: ellipse(tap, 2.5), paint: 'dot', ...colour }] : [];
  const isBelowBus = bus !== undefined && bus < textAt.y;
  const extra: readonly Row[] = [
    { paint: 'fault', text: live.faults[id] ?? '' },
    { paint: 'traffic', text: traffic?.label ?? '' },
  ];
  const texts = besideLine(linkRows(link), textAt, safeColor(link.style.textColor)).concat(
    extraTexts(extra, textAt, isBelowBus, rowCount(link)),
  );
  const paths = [path, ...dots, ...faultMark(line, live.faults[id])];
  return { id, kind: 'link', bounds: boundsOf(line, texts), line, paths, texts };
}

/** A wire between two switches. */
export function drawWire({ wire, line, textAt }: PlacedWire, { live, vlans }: LineContext): DrawnItem {
  const id = thingId('wire', wire.id);
  const state = live.states[id];
  const isOn = state === undefined || state.kind === 'running';
  const colour = vlanColour(wire.vlan ?? (wire.tagged?.length === 1 ? wire.tagged[0] : undefined), vlans);
  const traffic = live.traffic[id];
  const isBlocked = live.trees[id]?.isBlocked === true;
  const rows: readonly Row[] = [
    { paint: 'note', text: wire.label },
    { paint: 'vlan', text: vlanWords(wire) },
    { paint: 'state', text: state && !isOn ? state.word : isBlocked ? 'blocked (STP)' : '' },
    { paint: 'fault', text: live.faults[id] ?? '' },
    { paint: 'traffic', text: traffic?.label ?? '' },
  ];
  const texts = besideLine(rows, textAt, undefined);
  const ends = [line.at(0), line.at(-1)].flatMap(end => end ?? []);
  return {
    id,
    kind: 'wire',
    bounds: boundsOf(line, texts),
    line,
    paths: [
      { d: open(line), paint: isOn && !isBlocked ? 'wire' : 'wireOff', ...colour },
      ...ends.map((end): DrawnPath => ({ d: ellipse(end, 3), paint: 'dot', ...colour })),
      ...faultMark(line, live.faults[id]),
    ],
    texts,
  };
}

interface Row {
  readonly paint: DrawnText['paint'];
  readonly text: string;
}

const linkRows = (link: DiagramLink): readonly Row[] => [
  ...link.addresses.map(text => ({ paint: 'address', text }) as const),
  { paint: 'vlan', text: vlanWords(link) },
];

/**
 * What is wrong and what goes through, beyond the addresses as seen from the node: the layout leaves room for those
 * alone, so below the last one there would be the node.
 */
function extraTexts(
  rows: readonly Row[],
  { x, y }: PlacedLink['textAt'],
  isBelowBus: boolean,
  count: number,
): readonly DrawnText[] {
  const said = rows.filter(({ text }) => text !== '');
  const first = isBelowBus ? -said.length : count;
  return besideLine(said, { x, y: y + first * addressSize * lineHeight }, undefined);
}

/** A triangle on the longest part of the line, above what is written beside its middle. */
function faultMark(line: Polyline, words: string | undefined): readonly DrawnPath[] {
  if (words === undefined || words === '') return [];
  let best = { x: 0, y: 0, length: -1 };
  for (const [at, end] of line.entries()) {
    const start = line[at - 1];
    const length = start ? Math.abs(end.x - start.x) + Math.abs(end.y - start.y) : -1;
    if (!start || length <= best.length) continue;
    const [near, far] = start.y <= end.y ? [start, end] : [end, start];
    best = { x: near.x + (far.x - near.x) / 4, y: near.y + (far.y - near.y) / 4, length };
  }
  const { x, y } = best;
  return [{ d: `M${x} ${y - 6}L${x + 6} ${y + 4.5}L${x - 6} ${y + 4.5}Z`, paint: 'fault' }];
}

const rowCount = (link: DiagramLink): number =>
  Math.min(mostLines, linkRows(link).filter(({ text }) => text !== '').length);

/** `VLAN 10 · tagged 20, 30`; empty: in none. */
export const vlanWords = ({ vlan, tagged = [] }: Pick<DiagramLink, 'vlan' | 'tagged'>): string =>
  [vlan === undefined ? '' : `VLAN ${vlan}`, tagged.length > 0 ? `tagged ${tagged.join(', ')}` : '']
    .filter(words => words !== '')
    .join(' · ');

/** Rows below one another; each is a text of its own, as they are painted differently. */
function besideLine(
  rows: readonly Row[],
  { x, y }: PlacedLink['textAt'],
  color: string | undefined,
): readonly DrawnText[] {
  return rows
    .filter(({ text }) => text !== '')
    .slice(0, mostLines)
    .map(({ text, paint }, index) => ({
      lines: [fitted(text, addressSize, mostWidth)],
      at: { x, y: y + addressSize * (0.95 + index * lineHeight) },
      anchor: 'start',
      paint,
      size: addressSize,
      ...(color === undefined ? {} : { color }),
    }));
}

const carrying: ReadonlySet<StateKind> = new Set(['running', 'booting', 'paused']);

/** Nothing is known of a `.diag`: its lines are drawn as if all were well. */
function isCarrying(link: DiagramLink, { states }: LivePicture): boolean {
  const ends = [states[thingId('node', link.node)], states[thingId('network', link.network)]];
  return ends.every(state => state === undefined || carrying.has(state.kind));
}

/** One pixel more for each factor of ten, from a kilobyte a second on. */
const trafficWidth = (bytesPerSecond: number): number =>
  1.5 + Math.min(4, Math.max(0, Math.log10(Math.max(1, bytesPerSecond)) - 2));

const vlanColour = (vlan: number | undefined, vlans: ReadonlyMap<number, number>): { readonly vlan?: number } => {
  const place = vlan === undefined ? undefined : vlans.get(vlan);
  return place === undefined ? {} : { vlan: place };
};

function lineStyle(style: DiagramLink['style']): Partial<DrawnPath> {
  const stroke = safeColor(style.lineColor ?? style.color);
  return {
    ...(stroke === undefined ? {} : { stroke }),
    ...(style.line === undefined || style.line === 'solid' ? {} : { line: style.line }),
    ...(style.thickness === undefined ? {} : { width: Math.min(style.thickness, 20) }),
  };
}

function boundsOf(line: Polyline, texts: readonly DrawnText[]): Box {
  const boxes = texts.map(({ lines, at, size }) => ({
    left: at.x,
    right: at.x + Math.max(...lines.map(one => textWidth(one, size))),
    top: at.y - size,
    bottom: at.y + 3,
  }));
  const all = [...boxes, ...line.map(({ x, y }) => ({ left: x - 8, right: x + 8, top: y - 3, bottom: y + 3 }))];
  return {
    left: Math.min(...all.map(box => box.left)),
    right: Math.max(...all.map(box => box.right)),
    top: Math.min(...all.map(box => box.top)),
    bottom: Math.max(...all.map(box => box.bottom)),
  };
}
