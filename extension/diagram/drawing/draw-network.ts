import type { LivePicture } from '../live.ts';
import type { PlacedLink, PlacedNetwork } from '../picture.ts';
import { thingId } from '../thing-id.ts';
import { safeColor } from './color.ts';
import { lineHeight, type DrawnItem, type DrawnPath, type DrawnText } from './drawing.ts';
import { open, pipe } from './path.ts';
import { glyph, glyphSize } from './state-glyph.ts';
import { fitted, fittedLines, textWidth } from './text.ts';

const busRadius = 4;
const addressSize = 10;
const stateSize = 9;

/** What joins two peers whose lines do not meet: a plain line in place of a bus. Undefined: they do meet. */
export function drawPeers({ network, bus }: PlacedNetwork, links: readonly PlacedLink[]): DrawnItem | undefined {
  const ends = links.flatMap(({ link, line }) =>
    link.network === network.id ? line.filter(({ y }) => y === bus.y) : [],
  );
  const [left, right] = [Math.min(...ends.map(({ x }) => x)), Math.max(...ends.map(({ x }) => x))];
  if (ends.length < 2 || left === right) return undefined;
  const line = [left, right].map(x => ({ x, y: bus.y }));
  const bounds = { left, right, top: bus.y - 3, bottom: bus.y + 3 };
  return { id: undefined, kind: 'network', bounds, line, paths: [{ d: open(line), paint: 'link' }], texts: [] };
}

/** A switch or network: a lying pipe with its name, addresses and state at the left. */
export function drawNetwork(placed: PlacedNetwork, fontSize: number, live: LivePicture): DrawnItem {
  const { network, bus } = placed;
  const { left, right, y } = bus;
  const id = thingId('network', network.id);
  const [body, cap] = pipe(left, right, y, busRadius);
  const fill = safeColor(network.style.color);
  const stroke = safeColor(network.style.lineColor);
  const own = { ...(fill === undefined ? {} : { fill }), ...(stroke === undefined ? {} : { stroke }) };
  const label = labelOf(placed, fontSize, live);
  return {
    id,
    kind: 'network',
    bounds: {
      left: placed.labelBox.left,
      right: right + busRadius,
      top: y - 16,
      bottom: Math.max(y + 8, label.bottom),
    },
    line: [
      { x: left, y },
      { x: right, y },
    ],
    paths: [
      { d: body, paint: 'bus', ...own },
      { d: `M${left} ${y - busRadius / 2}H${right - 1}`, paint: 'busShine' },
      { d: cap, paint: 'busCap', ...(stroke === undefined ? {} : { stroke }) },
      ...label.paths,
    ],
    texts: label.texts,
  };
}

interface Label {
  readonly texts: readonly DrawnText[];
  readonly paths: readonly DrawnPath[];
  readonly bottom: number;
}

/** Name, addresses, state, each right-aligned against the bus and centred on it as a block. */
function labelOf({ network, bus, labelBox }: PlacedNetwork, fontSize: number, live: LivePicture): Label {
  const state = live.states[thingId('network', network.id)];
  const isRoot = live.trees[thingId('network', network.id)]?.words === 'root bridge';
  const words = `${state?.word ?? ''}${isRoot ? ' · root bridge' : ''}`;
  const size = network.style.fontSize ?? fontSize;
  const x = bus.left - 8;
  const room = Math.max(40, x - labelBox.left);
  const color = safeColor(network.style.textColor);
  const own = { anchor: 'end', ...(color === undefined ? {} : { color }) } as const;
  const names = network.label === undefined || network.label === '' ? [] : fittedLines(network.label, size, room, 3);
  const addresses = network.addresses.slice(0, 4).map(address => fitted(address, addressSize, room));
  const rows = [
    { lines: names, size, paint: 'network' },
    { lines: addresses, size: addressSize, paint: 'address' },
    { lines: state ? [fitted(words, stateSize, room - glyphSize - 4)] : [], size: stateSize, paint: 'state' },
  ] as const;
  const height = rows.reduce((sum, row) => sum + row.lines.length * row.size * lineHeight, 0);
  let top = bus.y - height / 2;
  const texts: DrawnText[] = [];
  const paths: DrawnPath[] = [];
  for (const { lines, size: rowSize, paint } of rows) {
    const y = top + rowSize * 0.95;
    if (lines.length > 0) texts.push({ ...own, lines, at: { x, y }, size: rowSize, paint });
    if (paint === 'state' && state) {
      const before = x - textWidth(lines[0] ?? '', rowSize) - 4 - glyphSize / 2;
      paths.push(glyph(state.kind, { x: before, y: y - rowSize * 0.34 }));
    }
    top += lines.length * rowSize * lineHeight;
  }
  return { texts, paths, bottom: top };
}
