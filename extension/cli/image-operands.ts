import type { ImageFormat } from '../images/image-header.ts';
import { defaultFormat } from '../lab/images.ts';
import type { NamedImage } from '../runtime/images/image-actions.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { CliPorts } from './command.ts';

/** The image that the first operand names. */
export function imageOperand({ operands, options }: Arguments, most: number, ports: CliPorts): NamedImage {
  const [file] = operands;
  if (file === undefined) throw new UsageError('Which image?');
  const surplus = operands[most];
  if (surplus !== undefined) throw new UsageError(`"image" can do nothing with ${surplus}.`);
  return named(file, options.get('format'), ports);
}

/** The image of --base. */
export function baseOption({ options }: Arguments, ports: CliPorts): NamedImage | undefined {
  const file = options.get('base');
  return file === undefined ? undefined : named(file, options.get('base-format'), ports);
}

function named(file: string, format: string | undefined, ports: CliPorts): NamedImage {
  return { path: ports.folder.resolve(file), format: formatOf(format) ?? defaultFormat(file) };
}

function formatOf(text: string | undefined): ImageFormat | undefined {
  if (text === undefined || text === 'qcow2' || text === 'raw') return text;
  throw new UsageError(`"${text}" is no format that is used here: qcow2 or raw.`);
}

/** Says every tenth of a long work that it goes on. */
export function progressLines(what: string, ports: CliPorts): (percent: number) => void {
  let said = 0;
  return percent => {
    const tenth = Math.floor(percent / 10) * 10;
    if (tenth <= said) return;
    said = tenth;
    ports.err(`${what}: ${tenth}%\n`);
  };
}
