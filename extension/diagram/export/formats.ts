import { writeDiag } from '../language/write-diag.ts';
import { pictureD2 } from './d2.ts';
import { pictureDot } from './dot.ts';
import { pictureDrawio } from './drawio.ts';
import type { Exported, ExportOptions, PictureFormat } from './exported.ts';
import type { Picture } from '../picture.ts';
import { pictureJson } from './json.ts';
import { mermaidEdges, pictureMermaid } from './mermaid.ts';
import { pictureSvg } from './svg.ts';

const whole = (text: string): Exported => ({ text, losses: [] });

/** What a picture can be written as: the one table of exports. */
export const pictureFormats = {
  svg: { name: 'SVG', endings: ['svg'], write: (picture, options) => whole(pictureSvg(picture, options)) },
  png: {
    name: 'PNG',
    endings: ['png'],
    isRaster: true,
    write: (picture, options) => whole(pictureSvg(picture, withoutVariables(options))),
  },
  diag: { name: 'nwdiag', endings: ['diag', 'nwdiag'], write: picture => writeDiag(picture.diagram, 'portable') },
  dot: {
    name: 'Graphviz',
    endings: ['dot', 'gv'],
    write: (picture, { title }) => whole(pictureDot(picture, title)),
  },
  d2: { name: 'D2', endings: ['d2'], write: (picture, { title }) => whole(pictureD2(picture, title)) },
  mmd: {
    name: 'Mermaid',
    endings: ['mmd', 'mermaid'],
    write: (picture, { title }) => ({ text: pictureMermaid(picture, title), losses: mermaidLosses(picture) }),
  },
  drawio: {
    name: 'draw.io',
    endings: ['drawio'],
    write: (picture, { title }) => whole(pictureDrawio(picture, title)),
  },
  json: {
    name: 'JSON',
    endings: ['json'],
    write: picture => whole(`${JSON.stringify(pictureJson(picture), null, 2)}\n`),
  },
} as const satisfies Readonly<Record<string, PictureFormat>>;

export type FormatName = keyof typeof pictureFormats;

/** The format of this name or ending. */
export function findFormat(wanted: string): PictureFormat | undefined {
  const formats: readonly PictureFormat[] = Object.values(pictureFormats);
  return formats.find(({ endings }) => endings.includes(wanted.toLowerCase()));
}

/** What makes pixels knows no variables, and has nobody to ask what is light or dark. */
const withoutVariables = (options: ExportOptions): ExportOptions =>
  options.theme === 'auto' ? { ...options, theme: 'light' } : options;

const mermaidLosses = ({ links, wires }: Picture): readonly string[] =>
  links.length + wires.length <= mermaidEdges
    ? []
    : [
        `Mermaid draws at most ${mermaidEdges} lines unless the page sets maxEdges; these are ${links.length + wires.length}.`,
      ];
