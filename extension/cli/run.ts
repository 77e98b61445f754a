import { sameAnswers, troubleOf } from '../runtime/guests/answer-words.ts';
import { answerLines } from '../runtime/guests/side-by-side.ts';
import { isGood, runOnMany, vmsMeant, type VmAnswer } from '../runtime/guests/run-on-many.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { openLab, takeLabFile } from './lab-file.ts';
import { renderTable } from './text-table.ts';

const defaultTimeout = '30';
/** What fits beside the name of its VM. */
const shortAnswer = 100;
const terminalWidth = 100;

export const runCommand: Command = {
  name: 'run',
  operands: '[FILE] VM[,VM…] -- COMMAND…',
  summary: 'Run a command in several VMs and show their answers side by side',
  details: [
    'VM is a VM or a group of the lab, NAME-* for a row, or all. COMMAND is run by the shell at the',
    'serial console, where whoever has it open sees it; "shell:" in the lab file says how to log in.',
    'It ends with 0 if all VMs ran it and no exit status was another than 0.',
    'With --json: {lab, command, answers: [{vm, status, output, cut, failure, ms}]}.',
  ],
  options: [
    { name: 'timeout', value: 'SECONDS', summary: `Interrupt what takes longer (default ${defaultTimeout})` },
    { name: 'force', summary: 'Interrupt what runs there, and take back what somebody has begun to type' },
    jsonOption,
  ],
  maxOperands: Infinity,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    const [words, ...command] = others;
    if (words === undefined || command.length === 0)
      throw new UsageError('Say in which VMs, and what: kvmlab run all -- uptime.');
    const limitMs = secondsOf(options.get('timeout') ?? defaultTimeout) * 1000;
    const { path, lab } = await openLab(file, ports);
    const vms = vmsMeant(lab, words.split(','));
    await ports.watcher.poll();
    const order = { lab: path, vms, command: command.join(' '), limitMs, isForced: options.has('force') };
    const answers = await runOnMany({ ...order, signal: ports.signal }, ports.shells, ports.clock);
    if (options.has('json')) printJson({ lab: lab.name, command: order.command, answers: answers.map(plain) }, ports);
    else show(answers, ports);
    return answers.every(isGood) && !ports.signal.aborted ? exitCodes.done : exitCodes.failed;
  },
};

function secondsOf(text: string): number {
  if (/^\d{1,6}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`--timeout takes seconds, and not ${text}.`);
}

const plain = ({ vm, answer, failure, ms }: VmAnswer) => ({
  vm,
  status: answer?.status ?? null,
  output: answer?.output ?? null,
  cut: answer?.isCut ?? false,
  failure: failure ?? null,
  ms,
});

const isShortText = (text: string): boolean => text.length <= shortAnswer && !text.trimEnd().includes('\n');

/** Short answers are a table; of longer ones those that are the same stand once, beside the others if that fits. */
function show(answers: readonly VmAnswer[], ports: CliPorts): void {
  const isShort = answers.every(({ answer }) => isShortText(answer?.output ?? ''));
  if (isShort) {
    const rows = answers.map(one => [one.vm, troubleOf(one) ?? 'ok', (one.answer?.output ?? '').trimEnd()] as const);
    ports.out(renderTable(['VM', 'STATUS', 'ANSWER'], rows));
    return;
  }
  for (const line of answerLines(sameAnswers(answers), terminalWidth)) ports.out(`${line}\n`);
}
