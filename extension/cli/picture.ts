import { pictureFormats } from '../diagram/export/formats.ts';
import { pictureOf } from '../diagram/layout/layouts.ts';
import type { LayoutMode } from '../diagram/picture.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { isDiagFile, openDiagram } from './diagram-file.ts';
import { onlyLabFile } from './lab-file.ts';

const formatNames = Object.keys(pictureFormats).join(', ');

export const pictureCommand: Command = {
  name: 'picture',
  operands: '[FILE]',
  summary: 'Draw a lab file or a .diag (nwdiag, PlantUML)',
  details: [
    `Formats: ${formatNames}; without --format the ending of the output's name tells.`,
    'Layouts: clear (short lines, few crossings) and classic (exactly as nwdiag draws it).',
    'A .diag is drawn classic and a lab clear, unless --layout says otherwise.',
  ],
  options: [
    { name: 'layout', value: 'LAYOUT', summary: 'classic or clear' },
    {
      name: 'out',
      letter: 'o',
      value: 'FILE',
      summary: 'Write to FILE; - or a format: to standard output',
    },
    { name: 'format', value: 'FORMAT', summary: `One of ${formatNames}` },
  ],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const out = options.get('out') ?? '-';
    const render = rendererOf(options.get('format') ?? formatOf(out));
    const given = layoutOf(options.get('layout'));
    const file = operands[0] ?? (await onlyLabFile(ports));
    const layout = given ?? (isDiagFile(file) ? 'classic' : 'clear');
    const rendered = render(pictureOf(await openDiagram(file, ports), layout));
    if (out === '-' || Object.hasOwn(pictureFormats, out)) ports.out(rendered);
    else await ports.files.write(ports.folder.resolve(out), rendered);
    return exitCodes.done;
  },
};

/** `-` says nothing of the format: JSON. */
function formatOf(out: string): string {
  if (out === '-') return 'json';
  const [, ending] = /\.([^./]+)$/.exec(out) ?? [];
  return (ending ?? out).toLowerCase();
}

function rendererOf(format: string): NonNullable<(typeof pictureFormats)[string]> {
  const render = Object.hasOwn(pictureFormats, format) ? pictureFormats[format] : undefined;
  if (!render) throw new UsageError(`There is no format ${format}. Choose one with --format: ${formatNames}.`);
  return render;
}

function layoutOf(name: string | undefined): LayoutMode | undefined {
  if (name === undefined || name === 'classic' || name === 'clear') return name;
  throw new UsageError(`There is no layout ${name}. Choose classic or clear.`);
}
