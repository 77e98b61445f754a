import type { DrawnPath, DrawnText, PathPaint, TextPaint } from '../drawing/drawing.ts';
import type { PictureTheme } from './exported.ts';

/** Every colour of a picture. Six digits each, as the simplest readers of SVG know them. */
interface Palette {
  readonly surface: string;
  readonly ink: string;
  readonly quiet: string;
  readonly edge: string;
  readonly face: string;
  readonly bus: string;
  readonly 'bus-edge': string;
  readonly 'bus-shine': string;
  readonly group: string;
  readonly caption: string;
  readonly route: string;
  readonly badge: string;
  readonly 'badge-ink': string;
  readonly 'vlan-0': string;
  readonly 'vlan-1': string;
  readonly 'vlan-2': string;
  readonly 'vlan-3': string;
  readonly 'vlan-4': string;
  readonly 'vlan-5': string;
  readonly 'vlan-6': string;
  readonly 'vlan-7': string;
}

const light: Palette = {
  surface: '#ffffff',
  ink: '#2b2b2b',
  quiet: '#5c6066',
  edge: '#8b8f95',
  face: '#f8f9fa',
  bus: '#b3d2f3',
  'bus-edge': '#4a90d9',
  'bus-shine': '#e6f1fc',
  group: '#d9822b',
  caption: '#7a4a17',
  route: '#652d90',
  badge: '#3f5f8a',
  'badge-ink': '#ffffff',
  'vlan-0': '#c2590c',
  'vlan-1': '#652d90',
  'vlan-2': '#2e7d32',
  'vlan-3': '#c62828',
  'vlan-4': '#8a6d00',
  'vlan-5': '#00798c',
  'vlan-6': '#a8328e',
  'vlan-7': '#1f4fb5',
};

const dark: Palette = {
  surface: '#1f1f1f',
  ink: '#d8d8d8',
  quiet: '#a3a7ad',
  edge: '#7d8187',
  face: '#2a2b2d',
  bus: '#2c5480',
  'bus-edge': '#5b9bd9',
  'bus-shine': '#6d93bb',
  group: '#d18616',
  caption: '#d9b078',
  route: '#b180d7',
  badge: '#4d6f9c',
  'badge-ink': '#ffffff',
  'vlan-0': '#e08a3c',
  'vlan-1': '#b180d7',
  'vlan-2': '#89d185',
  'vlan-3': '#f14c4c',
  'vlan-4': '#cca700',
  'vlan-5': '#29b8db',
  'vlan-6': '#d670d6',
  'vlan-7': '#6fa8ff',
};

/** Black on white; what colours tell elsewhere is told by words and dashes too. */
const print: Palette = {
  ...light,
  ink: '#000000',
  quiet: '#333333',
  edge: '#333333',
  face: '#ffffff',
  bus: '#e4e4e4',
  'bus-edge': '#000000',
  'bus-shine': '#ffffff',
  group: '#777777',
  caption: '#000000',
  route: '#000000',
  badge: '#000000',
};

type Colour = keyof Palette;
type Properties = Readonly<Record<string, string | number | { readonly colour: Colour }>>;
const colour = (name: Colour): { readonly colour: Colour } => ({ colour: name });

const pathStyles: Readonly<Partial<Record<PathPaint, Properties>>> = {
  group: { fill: colour('group'), 'fill-opacity': 0.13, stroke: colour('group'), 'stroke-opacity': 0.55 },
  frame: { stroke: colour('group'), 'stroke-width': 3, 'stroke-dasharray': '10 6' },
  bus: { fill: colour('bus'), stroke: colour('bus-edge') },
  busShine: { stroke: colour('bus-shine'), 'stroke-opacity': 0.75, 'stroke-width': 1.5 },
  busCap: { fill: colour('bus-shine'), stroke: colour('bus-edge') },
  link: { stroke: colour('edge'), 'stroke-width': 1.5 },
  dot: { fill: colour('edge') },
  wire: { stroke: colour('edge'), 'stroke-width': 2.5 },
  route: { stroke: colour('route'), 'stroke-width': 2 },
  external: { stroke: colour('edge') },
  face: { fill: colour('face'), stroke: colour('edge') },
  sheet: { fill: colour('face'), stroke: colour('edge') },
  detail: { stroke: colour('edge') },
  icon: { stroke: colour('ink'), 'stroke-opacity': 0.75, 'stroke-width': 1.2 },
  badge: { fill: colour('badge'), stroke: colour('surface') },
};

const textStyles: Readonly<Partial<Record<TextPaint, Properties>>> = {
  name: { 'font-weight': 600 },
  network: { 'font-weight': 600 },
  address: { fill: colour('quiet') },
  note: { fill: colour('quiet') },
  vlan: { fill: colour('quiet'), 'font-style': 'italic' },
  caption: { fill: colour('caption'), 'font-weight': 600 },
  badge: { fill: colour('badge-ink') },
};

const lineStyles: Readonly<Record<NonNullable<DrawnPath['line']>, Properties>> = {
  dotted: { 'stroke-dasharray': '1.5 3.5' },
  dashed: { 'stroke-dasharray': '6 4' },
  none: { stroke: 'none' },
};

/** As wide as the widths that labels were fitted by, where the reader has one of these. */
const fonts = `'Segoe UI', system-ui, 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif`;
const vlanColours = 8;

/** The class of the picture's own element: its rules touch nothing else of a page that it is put into. */
export const pictureClass = 'kvmlab-picture';

export const textClass = ({ paint }: DrawnText): string => `t-${paint}`;

export function pathClasses({ paint, line, vlan }: DrawnPath): string {
  const of = [`p-${paint}`];
  if (vlan !== undefined) of.push(`vlan-${vlan % vlanColours}`);
  if (line !== undefined) of.push(`line-${line}`);
  return of.join(' ');
}

/** The style sheet of a picture. Made of constants alone: nothing of the file gets into it. */
export function styleSheet(theme: PictureTheme): string {
  const palette = theme === 'dark' ? dark : theme === 'print' ? print : light;
  const rule = (selector: string, properties: Properties): string =>
    `.${pictureClass} ${selector}{${declarations(properties, palette, theme === 'auto')}}`;
  const vlans = Array.from({ length: vlanColours }, (_, place) => {
    const own = colour(`vlan-${place}` as Colour);
    return [
      rule(`.p-link.vlan-${place}`, { stroke: own }),
      rule(`.p-wire.vlan-${place}`, { stroke: own }),
      rule(`.p-dot.vlan-${place}`, { fill: own }),
    ];
  });
  return [
    ...(theme === 'auto' ? variables() : []),
    rule('path', { fill: 'none', stroke: 'none', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }),
    rule('text', { fill: colour('ink'), 'font-family': fonts }),
    rule('.page', { fill: colour('surface') }),
    ...Object.entries(pathStyles).map(([paint, style]) => rule(`.p-${paint}`, style)),
    ...(theme === 'print' ? [] : vlans.flat()),
    ...Object.entries(lineStyles).map(([line, style]) => rule(`path.line-${line}`, style)),
    ...Object.entries(textStyles).map(([paint, style]) => rule(`.t-${paint}`, style)),
  ].join('\n');
}

const variables = (): readonly string[] => [
  `.${pictureClass}{color-scheme:light dark;${assigned(light)}}`,
  `@media (prefers-color-scheme:dark){.${pictureClass}{${assigned(dark)}}}`,
];

const assigned = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** With variables each colour is said twice: readers that know none keep the first. */
function declarations(properties: Properties, palette: Palette, withVariables: boolean): string {
  return Object.entries(properties)
    .flatMap(([name, value]) => {
      if (typeof value !== 'object') return [`${name}:${value}`];
      const plain = `${name}:${palette[value.colour]}`;
      return withVariables ? [plain, `${name}:var(--kvmlab-${value.colour},var(--${value.colour}))`] : [plain];
    })
    .join(';');
}
