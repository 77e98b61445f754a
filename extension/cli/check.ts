import { readLabFiles } from '../runtime/lab-check.ts';
import { exitCodes, jsonOption, printJson, type Command } from './command.ts';
import { warnOfKvmscript } from './kvmscript.ts';
import { onlyLabFile } from './lab-file.ts';
import { lineOf, reportProblems } from './problem-lines.ts';

export const checkCommand: Command = {
  name: 'check',
  operands: '[FILE…]',
  summary: 'Check lab files; several are also checked against each other',
  details: [
    'Prints a line for each problem: FILE:LINE:COLUMN: SEVERITY: MESSAGE [CODE].',
    'With --json: [{file, code, severity, message, line, column, endLine, endColumn}], counted from 1.',
    'Exit code 1 if there is an error; warnings alone give 0.',
  ],
  options: [jsonOption],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const files = operands.length > 0 ? operands : [await onlyLabFile(ports)];
    const paths = files.map(file => ports.folder.resolve(file));
    const readings = await readLabFiles(paths, ports.files, ports.labCheck);
    const problems = files.flatMap((file, index) => {
      const read = readings.get(paths[index] ?? '');
      return read ? reportProblems(file, read.text, read.reading) : [];
    });
    if (options.has('json')) printJson(problems, ports);
    else for (const problem of problems) ports.out(`${lineOf(problem)}\n`);
    await warnOfKvmscript(ports);
    const errors = problems.filter(problem => problem.severity === 'error').length;
    if (!options.has('json')) ports.err(`${summary(files.length, errors, problems.length - errors)}\n`);
    return errors > 0 ? exitCodes.failed : exitCodes.done;
  },
};

function summary(files: number, errors: number, warnings: number): string {
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${count(files, 'lab file')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}.`;
}
