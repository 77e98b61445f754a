import { pictureThemes, type PictureFormat, type PictureTheme } from '../diagram/export/exported.ts';
import { findFormat, pictureFormats } from '../diagram/export/formats.ts';
import { pictureOf } from '../diagram/layout/layouts.ts';
import type { LayoutMode } from '../diagram/picture.ts';
import { exportPicture } from '../runtime/picture/export-picture.ts';
import { baseName } from '../runtime/paths.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { isDiagFile } from '../runtime/picture/picture-file.ts';
import { openDiagram } from './diagram-file.ts';
import { onlyLabFile } from './lab-file.ts';
import { printable } from './text-table.ts';

const formatNames = Object.keys(pictureFormats).join(', ');
const themeNames = pictureThemes.join(', ');

export const pictureCommand: Command = {
  name: 'picture',
  operands: '[FILE]',
  summary: 'Draw a lab file or a .diag (nwdiag, PlantUML)',
  details: [
    `Formats: ${formatNames}.`,
    "Without --format the ending of the output's name tells.",
    'Layouts: clear (short lines, few crossings) and classic (exactly as nwdiag draws it); a .diag is',
    'drawn classic and a lab clear, unless --layout says otherwise.',
    'Themes of svg and png: light, dark, print, and auto (as the reader has it; a png is light).',
  ],
  options: [
    { name: 'layout', value: 'LAYOUT', summary: 'classic or clear' },
    {
      name: 'out',
      letter: 'o',
      value: 'FILE',
      summary: 'Write to FILE; - or the name of a format: to standard output',
    },
    { name: 'format', value: 'FORMAT', summary: `One of ${formatNames}` },
    { name: 'theme', value: 'THEME', summary: `One of ${themeNames}` },
  ],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const out = options.get('out') ?? '-';
    const format = formatOf(options.get('format') ?? formatNameOf(out));
    const toOutput = out === '-' || Object.hasOwn(pictureFormats, out);
    if (toOutput && format.isRaster === true)
      throw new UsageError(`${format.name} is no text: name a file to write it to, as in -o picture.png.`);
    const theme = themeOf(options.get('theme'));
    const given = layoutOf(options.get('layout'));
    const file = operands[0] ?? (await onlyLabFile(ports));
    const layout = given ?? (isDiagFile(file) ? 'classic' : 'clear');
    const picture = pictureOf(await openDiagram(file, ports), layout);
    const title = baseName(file).replace(/(\.lab)?\.[^.]*$/, '');
    const { content, losses } = await exportPicture(picture, format, { title, theme }, ports.rasterizer);
    for (const line of losses) ports.err(`${printable(line)}\n`);
    if (toOutput && typeof content === 'string') ports.out(content);
    else await ports.files.write(ports.folder.resolve(out), content);
    return exitCodes.done;
  },
};

/** `-` says nothing of the format: JSON. */
function formatNameOf(out: string): string {
  if (out === '-') return 'json';
  const [, ending] = /\.([^./]+)$/.exec(out) ?? [];
  return ending ?? out;
}

function formatOf(name: string): PictureFormat {
  const format = findFormat(name);
  if (!format) throw new UsageError(`There is no format ${name}. Choose one with --format: ${formatNames}.`);
  return format;
}

function layoutOf(name: string | undefined): LayoutMode | undefined {
  if (name === undefined || name === 'classic' || name === 'clear') return name;
  throw new UsageError(`There is no layout ${name}. Choose classic or clear.`);
}

function themeOf(name: string | undefined): PictureTheme {
  const theme = pictureThemes.find(one => one === (name ?? 'auto'));
  if (theme) return theme;
  throw new UsageError(`There is no theme ${name ?? ''}. Choose ${themeNames}.`);
}
