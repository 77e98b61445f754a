import { writeDialects, type WriteDialect } from '../diagram/language/dialects.ts';
import { writeDiag } from '../diagram/language/write-diag.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { openDiagram } from './diagram-file.ts';
import { onlyLabFile } from './lab-file.ts';
import { printable } from './text-table.ts';
import { runningDiagram } from './running-diagram.ts';

export const net2nwdiagCommand: Command = {
  name: 'net2nwdiag',
  operands: '[FILE]',
  summary: 'Write a lab, or what runs here, for nwdiag and PlantUML',
  details: [
    'FILE is a lab file or a .diag; - is standard input. Dialects: portable (what both programs take',
    'and draw alike), nwdiag, plantuml. What a dialect cannot say is told on standard error.',
  ],
  options: [
    { name: 'running', summary: 'Of what runs on this host now, of a lab or not' },
    { name: 'dialect', value: 'DIALECT', summary: 'portable (if not said), nwdiag or plantuml' },
    { name: 'out', letter: 'o', value: 'FILE', summary: 'Write to FILE instead of standard output' },
  ],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const dialect = dialectOf(options.get('dialect'));
    const isRunning = options.has('running');
    if (isRunning && operands[0] !== undefined) throw new UsageError(`With --running, ${operands[0]} is one too many.`);
    const diagram = isRunning
      ? await runningDiagram(ports)
      : await openDiagram(operands[0] ?? (await onlyLabFile(ports)), ports);
    const { text, losses } = writeDiag(diagram, dialect);
    for (const line of losses) ports.err(`${printable(line)}\n`);
    const out = options.get('out') ?? '-';
    if (out === '-') ports.out(text);
    else await ports.files.write(ports.folder.resolve(out), text);
    return exitCodes.done;
  },
};

function dialectOf(name: string | undefined): WriteDialect {
  const dialect = writeDialects.find(one => one === (name ?? 'portable'));
  if (dialect) return dialect;
  throw new UsageError(`There is no dialect ${name ?? ''}. Choose ${writeDialects.join(', ')}.`);
}
