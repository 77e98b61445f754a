import type { Box } from '../picture.ts';
import { icon, type IconName } from './icons.ts';
import { cloud, cylinder, ellipse, open, polygon, rectangle, rounded } from './path.ts';

/** One node's shape: what lies under its text, and where the text has its place. */
export interface Shape {
  /** The outline, whose face shows the node's colour and state. Undefined: nothing but text. */
  readonly face: string | undefined;
  /** Lines over the face. */
  readonly details: readonly string[];
  /** A small drawing beside the text. */
  readonly icon: string | undefined;
  readonly textBox: Box;
}

/** The shape of this name, in nwdiag's, PlantUML's or Cisco's words; a box if nobody knows it. */
export function shapeOf(name: string, box: Box): Shape {
  const word = name.toLowerCase().replace(/^(flowchart|cisco|aws)\./, '');
  const make = Object.hasOwn(shapes, word) ? shapes[word] : undefined;
  if (make) return make(box);
  const found = iconWords.find(([words]) => words.test(word));
  return found ? withIcon(box, found[1]) : plain(rounded(box, 4), box);
}

const iconWords: readonly (readonly [words: RegExp, icon: IconName])[] = [
  [/router|gateway|vpn/, 'router'],
  [/firewall|\basa\b|pix/, 'firewall'],
  [/switch|bridge|hub/, 'switch'],
  [/actor|agent|person|user/, 'person'],
  [/wireless|wlan|access.?point|antenna|radio/, 'antenna'],
  [/server|mainframe|host|rack/, 'server'],
  [/pc|laptop|workstation|desktop|computer|boundary|control|interface|entity/, 'screen'],
  [/phone/, 'phone'],
];

const shapes: Readonly<Record<string, (box: Box) => Shape>> = {
  box: box => plain(rounded(box, 4), box),
  rectangle: box => plain(rectangle(box), box),
  square: box => plain(rectangle(squareIn(box)), squareIn(box)),
  roundedbox: box => plain(rounded(box, 12), box),
  card: box => plain(rounded(box, 8), box),
  storage: box => plain(rounded(box, 20), box),
  terminator: box => plain(rounded(box, 999), inset(box, 12, 0)),
  ellipse: box => plain(ellipse(middle(box), width(box) / 2, height(box) / 2), inset(box, 12, 4)),
  usecase: box => plain(ellipse(middle(box), width(box) / 2, height(box) / 2), inset(box, 12, 4)),
  circle: box => plain(ellipse(middle(box), height(box) / 2), box),
  beginpoint: box => plain(ellipse(middle(box), height(box) / 4), box),
  endpoint: box => ({
    ...plain(ellipse(middle(box), height(box) / 4), box),
    details: [ellipse(middle(box), height(box) / 8)],
  }),
  diamond: box => plain(diamond(box), inset(box, width(box) / 6, 4)),
  minidiamond: box => plain(diamond(around(box, 12)), box),
  cloud: box => plain(cloud(grown(box, 6)), inset(box, 10, 2)),
  database: box => standing(box),
  queue: box => plain(rounded(box, 14), inset(box, 6, 0)),
  input: box => plain(slanted(box), inset(box, 12, 0)),
  hexagon: box => plain(cut(box, 10, height(box) / 2), inset(box, 8, 0)),
  loopin: box => plain(cornersCut(box, 'top'), box),
  loopout: box => plain(cornersCut(box, 'bottom'), box),
  note: box => folded(box),
  file: box => folded(box),
  artifact: box => folded(box),
  folder: box => tabbed(box),
  package: box => tabbed(box),
  mail: box => ({
    ...plain(rectangle(box), inset(box, 0, 4)),
    details: [open([corner(box, 0, 0), { x: middle(box).x, y: box.top + height(box) * 0.4 }, corner(box, 1, 0)])],
  }),
  collections: box => ({ ...plain(rectangle(box), box), details: [open(edgeOf(box))] }),
  stack: box => ({ ...plain(rectangle(box), box), details: [open(edgeOf(box))] }),
  component: box => ({ ...plain(rectangle(box), inset(box, 10, 0)), details: lugs(box) }),
  frame: box => ({ ...plain(rectangle(box), box), details: [rectangle(inset(box, 3, 3))] }),
  dots: box => ({ ...plain(undefined, box), details: dots(box) }),
  textbox: box => plain(undefined, box),
  label: box => plain(undefined, box),
  none: box => plain(undefined, box),
};

const plain = (face: string | undefined, textBox: Box): Shape => ({ face, details: [], icon: undefined, textBox });

const iconSize = 22;

function withIcon(box: Box, name: IconName): Shape {
  const x = box.left + 8;
  const y = middle(box).y - iconSize / 2;
  return {
    ...plain(rounded(box, 4), { ...box, left: x + iconSize + 2 }),
    icon: icon(name, { left: x, top: y, right: x + iconSize, bottom: y + iconSize }),
  };
}

function standing(box: Box): Shape {
  const lid = Math.min(6, height(box) / 5);
  const [body, rim] = cylinder(box, lid);
  return { ...plain(body, { ...box, top: box.top + lid }), details: [rim] };
}

function folded(box: Box): Shape {
  const size = Math.min(10, height(box) / 3);
  const { left, top, right, bottom } = box;
  const fold = [
    { x: right - size, y: top },
    { x: right - size, y: top + size },
    { x: right, y: top + size },
  ];
  const [a, b, c] = [fold[0] ?? corner(box, 1, 0), fold[1], fold[2] ?? corner(box, 1, 0)];
  const outline = [{ x: left, y: top }, a, c, { x: right, y: bottom }, { x: left, y: bottom }];
  return { ...plain(polygon(outline), box), details: b ? [open([a, b, c])] : [] };
}

function tabbed(box: Box): Shape {
  const { left, top, right, bottom } = box;
  const [tab, high] = [width(box) * 0.4, 5];
  const outline = [
    { x: left, y: top },
    { x: left + tab, y: top },
    { x: left + tab + high, y: top + high },
    { x: right, y: top + high },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return plain(polygon(outline), { ...box, top: top + high });
}

const diamond = (box: Box): string => cut(box, width(box) / 2, height(box) / 2);

/** A hexagon whose corners are cut by so much; a diamond if nothing is left of the sides. */
function cut({ left, top, right, bottom }: Box, x: number, y: number): string {
  return polygon([
    { x: left, y: top + y },
    { x: left + x, y: top },
    { x: right - x, y: top },
    { x: right, y: top + y },
    { x: right - x, y: bottom },
    { x: left + x, y: bottom },
  ]);
}

function slanted({ left, top, right, bottom }: Box): string {
  const by = Math.min(12, (right - left) / 4);
  return polygon([
    { x: left + by, y: top },
    { x: right, y: top },
    { x: right - by, y: bottom },
    { x: left, y: bottom },
  ]);
}

function cornersCut({ left, top, right, bottom }: Box, side: 'top' | 'bottom'): string {
  const by = Math.min(10, (bottom - top) / 3);
  const [near, far, step] = side === 'top' ? [top, bottom, by] : [bottom, top, -by];
  return polygon([
    { x: left, y: near + step },
    { x: left + by, y: near },
    { x: right - by, y: near },
    { x: right, y: near + step },
    { x: right, y: far },
    { x: left, y: far },
  ]);
}

const lugs = (box: Box): readonly string[] =>
  [0.25, 0.6].map(part => {
    const top = box.top + height(box) * part;
    return rectangle({ left: box.left - 4, top, right: box.left + 6, bottom: top + 6 });
  });

const dots = (box: Box): readonly string[] =>
  [-14, 0, 14].map(x => ellipse({ x: middle(box).x + x, y: middle(box).y }, 3));

/** A second sheet behind the lower right. */
const edgeOf = ({ left, top, right, bottom }: Box) => [
  { x: right, y: top + 4 },
  { x: right + 4, y: top + 4 },
  { x: right + 4, y: bottom + 4 },
  { x: left + 4, y: bottom + 4 },
  { x: left + 4, y: bottom },
];

const width = ({ left, right }: Box): number => right - left;
const height = ({ top, bottom }: Box): number => bottom - top;
const middle = ({ left, right, top, bottom }: Box) => ({ x: (left + right) / 2, y: (top + bottom) / 2 });
const corner = ({ left, right, top, bottom }: Box, x: 0 | 1, y: 0 | 1) => ({
  x: x === 0 ? left : right,
  y: y === 0 ? top : bottom,
});
const inset = ({ left, right, top, bottom }: Box, x: number, y: number): Box => ({
  left: left + x,
  right: right - x,
  top: top + y,
  bottom: bottom - y,
});
const grown = (box: Box, by: number): Box => inset(box, -by, -by);

function around(box: Box, radius: number): Box {
  const { x, y } = middle(box);
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
}

const squareIn = (box: Box): Box => around(box, Math.min(width(box), height(box)) / 2);
