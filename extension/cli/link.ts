import { readTime } from '../base/time-text.ts';
import { shortestFlapMs } from '../lab/scenario.ts';
import { cableSides, flap, type CableSide } from '../runtime/change/cables.ts';
import { untilEndOf } from '../runtime/capture/capture-parent.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command, type ExitCode } from './command.ts';
import { linkTarget, type LinkTarget } from './link-target.ts';
import { printable } from './text-table.ts';
import { parentOf, untilExitOption } from './until-exit.ts';

export const linkCommand: Command = {
  name: 'link',
  operands: '[FILE] VM NIC|SWITCH SWITCH|WIRE [up|down|flap]',
  summary: 'Pull the cable of a NIC or a wire of switches, or plug it in again',
  details: [
    'Without up, down or flap it prints what is; with --json as {cable, guest, switch}, each up or down.',
    'Exit code 3: it was so already.',
    'VM is a name, LAB/NAME, or a pid; NIC is its number, counted from 1. A wire has no sides.',
    'flap pulls and plugs, again and again; at the end, and after Ctrl+C, it is as it was.',
  ],
  options: [
    { name: 'at', value: 'SIDE', summary: 'guest (no carrier; the default), switch (its port is free) or both' },
    { name: 'every', value: 'TIME', summary: 'From one pull to the next, half of it pulled: 500ms, 2s (the default)' },
    { name: 'for', value: 'TIME', summary: 'How long to flap: 30s (the default), 5m' },
    untilExitOption('Stop flapping when this process has ended'),
    jsonOption,
  ],
  maxOperands: 4,
  async run({ operands, options }, ports) {
    const last = operands.at(-1) ?? '';
    const order = /^(up|down|flap)$/.test(last) ? last : undefined;
    const target = await linkTarget(order === undefined ? operands : operands.slice(0, -1), sideOf(options), ports);
    if (order === 'flap') return flapNow(target, options, ports);
    const outcome = order === undefined ? 'done' : await target.cable.set(order === 'down');
    await tell(target, options, ports);
    return exitCodes[outcome];
  },
};

function sideOf(options: Arguments['options']): CableSide {
  const text = options.get('at') ?? 'guest';
  const side = cableSides.find(one => one === text);
  if (side === undefined) throw new UsageError(`--at ${text}: say guest, switch or both.`);
  return side;
}

async function tell(target: LinkTarget, options: Arguments['options'], ports: CliPorts): Promise<void> {
  await ports.watcher.poll();
  const now = await target.state();
  if (options.has('json')) printJson({ cable: target.cable.name, ...now }, ports);
  else ports.out(printable(`The cable of ${target.cable.name} ${wordsOf[`${now.guest} ${now.switch}`]}.`) + '\n');
}

const wordsOf = {
  'up up': 'is plugged in',
  'down up': 'is pulled (no carrier)',
  'up down': 'is pulled at the switch',
  'down down': 'is pulled at both ends',
} as const;

async function flapNow({ cable }: LinkTarget, options: Arguments['options'], ports: CliPorts): Promise<ExitCode> {
  const [everyMs, forMs] = [timeOf('every', '2s', options), timeOf('for', '30s', options)];
  if (everyMs < shortestFlapMs) throw new UsageError(`--every is at least ${shortestFlapMs}ms.`);
  const onChange = (isPulled: boolean, count: number): void =>
    ports.err(printable(`${count}. ${cable.name} ${isPulled ? 'down' : 'up'}`) + '\n');
  const end = untilEndOf(parentOf(options), ports);
  try {
    const count = await flap(cable, { everyMs, forMs, clock: ports.clock, signal: end.signal, onChange });
    ports.err(printable(`${cable.name}: pulled ${count} times, and now as it was.`) + '\n');
    return end.signal.aborted ? exitCodes.failed : exitCodes.done;
  } finally {
    end.dispose();
  }
}

function timeOf(name: string, otherwise: string, options: Arguments['options']): number {
  const text = options.get(name) ?? otherwise;
  const ms = readTime(text);
  if (ms === undefined) throw new UsageError(`--${name} ${text}: say a time with its unit, as 500ms, 2s or 5m.`);
  return ms;
}
