import { drawPicture } from '../drawing/draw.ts';
import { lineHeight, type DrawnItem, type DrawnPath, type DrawnText } from '../drawing/drawing.ts';
import type { Picture } from '../picture.ts';
import { thingId } from '../thing-id.ts';
import type { ExportOptions } from './exported.ts';
import { pathClasses, pictureClass, styleSheet, textClass } from './svg-style.ts';
import { oneLine, pictureWords, type PictureWords } from './words.ts';
import { xmlAttributes, xmlText } from './xml.ts';

/**
 * A picture as an SVG file that needs nothing else: no script, no style sheet or font from elsewhere. It shows what the
 * view shows; VMs and networks have names for screen readers. Nodes and networks in the order of the drawing.
 */
export function pictureSvg(picture: Picture, { title, theme }: ExportOptions): string {
  const { width, height } = picture.size;
  const words = pictureWords(picture);
  const head = xmlAttributes({
    xmlns: 'http://www.w3.org/2000/svg',
    ...{ width, height, viewBox: `0 0 ${width} ${height}` },
    class: pictureClass,
    role: 'graphics-document document',
    'aria-label': oneLine(title),
    'aria-roledescription': 'network diagram',
  });
  const spoken = spokenNames(picture, words);
  return [
    `<svg${head}>`,
    `<title>${xmlText(oneLine(picture.diagram.settings.title ?? title))}</title>`,
    `<desc>${xmlText(words.summary)}</desc>`,
    `<style>\n${styleSheet(theme)}\n</style>`,
    `<rect${xmlAttributes({ class: 'page', width: '100%', height: '100%' })}/>`,
    ...drawPicture(picture).items.map(item => itemSvg(item, item.id === undefined ? undefined : spoken.get(item.id))),
    '</svg>\n',
  ].join('\n');
}

function spokenNames({ groups, wires }: Picture, words: PictureWords): ReadonlyMap<string, string> {
  return new Map([
    ...[...words.nodes].map(([id, name]) => [thingId('node', id), name] as const),
    ...[...words.networks].map(([id, name]) => [thingId('network', id), name] as const),
    ...groups.map(({ group }) => [thingId('group', group.id), `${oneLine(group.label) || 'no name'}, group`] as const),
    ...wires.map(({ wire }) => [thingId('wire', wire.id), `${oneLine(wire.id)}, wire`] as const),
  ]);
}

function itemSvg({ kind, paths, texts }: DrawnItem, spoken: string | undefined): string {
  const named = spoken === undefined ? {} : { role: 'graphics-symbol img', 'aria-label': spoken };
  const title = spoken === undefined ? '' : `<title>${xmlText(spoken)}</title>`;
  const children = [...paths.map(pathSvg), ...texts.map(textSvg)].join('');
  return `<g${xmlAttributes({ class: `k-${kind}`, ...named })}>${title}${children}</g>`;
}

function pathSvg(path: DrawnPath): string {
  const { d, fill, stroke, width } = path;
  // As a style, which is stronger than the rules; drawing lets through nothing but names and numbers of colours.
  const own = [
    ...(fill === undefined ? [] : [`fill:${fill}`]),
    ...(stroke === undefined || path.line === 'none' ? [] : [`stroke:${stroke}`]),
    ...(width === undefined ? [] : [`stroke-width:${width}`]),
  ];
  return `<path${xmlAttributes({ class: pathClasses(path), d, style: own.join(';') || undefined })}/>`;
}

function textSvg(text: DrawnText): string {
  const { lines, at, anchor, size, color, rotate } = text;
  const attributes = xmlAttributes({
    class: textClass(text),
    ...{ x: at.x, y: at.y, 'text-anchor': anchor, 'font-size': size },
    transform: rotate === undefined ? undefined : `rotate(${rotate} ${at.x} ${at.y})`,
    style: color === undefined ? undefined : `fill:${color}`,
  });
  const [first = ''] = lines;
  const content =
    lines.length <= 1
      ? xmlText(first)
      : lines.map((line, index) => lineSvg(line, at.x, at.y + index * size * lineHeight)).join('');
  return `<text${attributes}>${content}</text>`;
}

const lineSvg = (line: string, x: number, y: number): string =>
  `<tspan${xmlAttributes({ x, y })}>${xmlText(line)}</tspan>`;
