import { readSendText } from '../console/send-text.ts';
import type { ConsoleKind } from '../runtime/console/console-target.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, type CliPorts, type Command, type ExitCode } from './command.ts';
import { listConsoles } from './konnect-list.ts';
import { interact } from './konnect-live.ts';
import { printLog } from './konnect-log.ts';
import { converse, type Dialogue } from './konnect-script.ts';
import { movedConsole } from './konnect-move.ts';
import { findConsole, labsHere } from './konnect-target.ts';

const defaultTimeout = '30';

export const konnectCommand: Command = {
  name: 'konnect',
  operands: '[VM] [serial|monitor]',
  summary: 'Connect to a console of a VM, of a lab or not',
  details: [
    'VM is a name, LAB/NAME, an ID or a port. Ctrl-] then q leaves, b sends a break.',
    'All windows of VS Code and all kvmlab of one user share a console;',
    'any other program is connected alone. A VM that is migrated meanwhile is followed.',
    `Exit codes: 1 if what was expected did not come, ${exitCodes.already} if another program holds the console.`,
    'In TEXT: \\n \\r \\t \\e \\\\ \\xNN. REGEX is matched line by line, without colours and carriage returns.',
    'With --list --json: [{vm, lab, id, console, port, log, holder: {pid, program}}];',
    'null where there is nothing.',
  ],
  options: [
    { name: 'take', summary: 'End the program that holds the console' },
    { name: 'list', summary: 'List every console of this host and who is connected' },
    jsonOption,
    { name: 'log', summary: 'Print all that the serial console ever printed' },
    { name: 'follow', summary: 'With --log: go on until Ctrl+C' },
    { name: 'send', value: 'TEXT', summary: 'Type this' },
    { name: 'expect', value: 'REGEX', summary: 'Wait until this is printed' },
    { name: 'timeout', value: 'SECONDS', summary: `With --send or --expect: give up (default ${defaultTimeout})` },
  ],
  maxOperands: 2,
  async run(args, ports) {
    refuseNonsense(args);
    if (args.options.has('list')) return listConsoles(args.options.has('json'), ports);
    return connect(args, ports);
  },
};

async function connect({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const [word, kindWord] = operands;
  if (word === undefined) throw new UsageError('To the console of which VM? --list shows all.');
  const dialogue = readDialogue(options);
  const found = await findConsole(word, readKind(kindWord), ports);
  if (options.has('log')) return printLog(found, options.has('follow'), ports);
  const moved = found.pid === undefined ? await movedConsole(found, () => labsHere(ports), ports) : undefined;
  const console = moved?.console ?? found;
  return dialogue ? converse(console, dialogue, ports) : interact(console, options.has('take'), ports);
}

/** Options that belong to another one. */
function refuseNonsense({ operands, options }: Arguments): void {
  const needs = [
    ['json', ['list']],
    ['follow', ['log']],
    ['timeout', ['send', 'expect']],
  ] as const;
  for (const [name, others] of needs) {
    if (options.has(name) && !others.some(other => options.has(other)))
      throw new UsageError(`--${name} goes with ${others.map(other => `--${other}`).join(' or ')}.`);
  }
  if (options.has('list') && operands.length > 0) throw new UsageError('--list shows the consoles of all VMs.');
}

function readKind(word: string | undefined): ConsoleKind {
  if (word === undefined || word === 'serial' || word === 'monitor') return word ?? 'serial';
  throw new UsageError(`A VM has the consoles serial and monitor, and no ${word}.`);
}

function readDialogue(options: Arguments['options']): Dialogue | undefined {
  const [text, pattern] = [options.get('send'), options.get('expect')];
  if (text === undefined && pattern === undefined) return undefined;
  const seconds = options.get('timeout') ?? defaultTimeout;
  if (!/^\d+(\.\d+)?$/.test(seconds)) throw new UsageError(`--timeout takes seconds, and not ${seconds}.`);
  return {
    send: text === undefined ? undefined : readText(text),
    expect: pattern === undefined ? undefined : readPattern(pattern),
    timeoutMs: Number(seconds) * 1000,
    canTake: options.has('take'),
  };
}

function readText(text: string): Uint8Array {
  const bytes = readSendText(text);
  if (!bytes) throw new UsageError('In --send, a backslash stands before n, r, t, e, \\ or xNN.');
  return bytes;
}

function readPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'm');
  } catch (error) {
    throw new UsageError(`--expect: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
