import { UserError } from '../base/user-error.ts';
import type { Diagram } from '../diagram/diagram.ts';
import { labDiagram } from '../diagram/from-lab.ts';
import { looksLikeDiag, readDiag, type DiagReading } from '../diagram/language/reader.ts';
import { readLab } from '../lab/reading/reader.ts';
import { hasErrors } from '../lab/reading/report.ts';
import { isDiagFile } from '../runtime/picture/picture-file.ts';
import type { CliPorts } from './command.ts';
import { openLab } from './lab-file.ts';
import { problemLines } from './problem-lines.ts';

/** Standard input, as the operand says it. */
const standardInput = '-';

/**
 * What a lab file or a `.diag` draws; its problems go to standard error. Of a lab with errors as much as there is; a
 * `.diag` that nobody accepts is a UserError. Of standard input the text itself tells which of them it is.
 */
export async function openDiagram(file: string, ports: CliPorts): Promise<Diagram> {
  if (isDiagFile(file)) return (await openDiag(file, ports)).reading.diagram;
  if (file !== standardInput) {
    const { text, lab, reading } = await openLab(file, ports);
    for (const line of problemLines(file, text, reading)) ports.err(`${line}\n`);
    return labDiagram(lab);
  }
  const text = await readText(file, ports);
  if (looksLikeDiag(text)) return acceptDiag(file, text, ports).diagram;
  const { lab, problems } = readLab(text);
  const lines = problemLines('standard input', text, { problems });
  if (!lab) throw new UserError(['Standard input is neither a lab file nor a diagram.', ...lines].join('\n'));
  for (const line of lines) ports.err(`${line}\n`);
  return labDiagram(lab);
}

/** A `.diag` without errors; its warnings go to standard error. */
export async function openDiag(
  file: string,
  ports: CliPorts,
): Promise<{ readonly text: string; readonly reading: DiagReading }> {
  const text = await readText(file, ports);
  return { text, reading: acceptDiag(file, text, ports) };
}

export async function readText(file: string, ports: CliPorts): Promise<string> {
  const path = file === standardInput ? '/dev/stdin' : ports.folder.resolve(file);
  const text = await ports.files.read(path);
  if (text === undefined) throw new UserError(`There is no file ${file}.`);
  return text;
}

function acceptDiag(file: string, text: string, ports: CliPorts): DiagReading {
  const reading = readDiag(text);
  const lines = problemLines(file === standardInput ? 'standard input' : file, text, reading);
  if (hasErrors(reading.problems)) throw new UserError([`${file} cannot be drawn.`, ...lines].join('\n'));
  for (const line of lines) ports.err(`${line}\n`);
  return reading;
}
