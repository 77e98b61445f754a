import { UserError } from '../base/user-error.ts';
import type { Diagram } from '../diagram/diagram.ts';
import { labDiagram } from '../diagram/from-lab.ts';
import { readDiag } from '../diagram/language/reader.ts';
import { hasErrors } from '../lab/report.ts';
import type { CliPorts } from './command.ts';
import { openLab } from './lab-file.ts';
import { problemLines } from './problem-lines.ts';

/** Files in nwdiag's language; all others are lab files. */
export const isDiagFile = (name: string): boolean => /\.(nw)?diag$|\.(p|pl|planta?)?uml$/i.test(name);

/**
 * What a lab file or a `.diag` draws; its problems go to standard error. Of a lab with errors as much as there is; a
 * `.diag` that nobody accepts is a UserError.
 */
export async function openDiagram(file: string, ports: CliPorts): Promise<Diagram> {
  if (!isDiagFile(file)) {
    const { text, lab, reading } = await openLab(file, ports);
    for (const line of problemLines(file, text, reading)) ports.err(`${line}\n`);
    return labDiagram(lab);
  }
  const text = await ports.files.read(ports.folder.resolve(file));
  if (text === undefined) throw new UserError(`There is no file ${file}.`);
  const { diagram, problems } = readDiag(text);
  const lines = problemLines(file, text, { problems });
  if (hasErrors(problems)) throw new UserError([`${file} cannot be drawn.`, ...lines].join('\n'));
  for (const line of lines) ports.err(`${line}\n`);
  return diagram;
}
