import type { Lab } from '../lab/model.ts';
import type { Outcome, Progress, Verb } from '../runtime/lab-control.ts';
import type { ThingRef } from '../runtime/state.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type CliPorts, type Command, type ExitCode } from './command.ts';
import { openLab, openSoundLab, takeLabFile } from './lab-file.ts';
import { budgetOptions, isEnough } from './start-budget.ts';
import { printable } from './text-table.ts';

interface Words {
  readonly summary: string;
  readonly done: string;
  readonly already: string;
}

const words: Readonly<Record<Verb, Words>> = {
  start: { summary: 'Start a whole lab, or some VMs of it', done: 'started', already: 'already running' },
  stop: { summary: 'Stop a whole lab, or some VMs of it, in good order', done: 'stopped', already: 'already stopped' },
  kill: { summary: 'End a whole lab, or some VMs of it, at once', done: 'killed', already: 'already stopped' },
  restart: { summary: 'Stop and start a whole lab, or some VMs of it', done: 'restarted', already: 'already running' },
};

export const controlCommands: readonly Command[] = [
  controlCommand('start'),
  controlCommand('stop'),
  controlCommand('kill'),
  controlCommand('restart'),
];

function controlCommand(verb: Verb): Command {
  return {
    name: verb,
    operands: '[FILE] [VM…]',
    summary: words[verb].summary,
    details: ['A name may also be that of a group, a switch or a wire. Without a name: the whole lab.'],
    options: verb === 'start' ? budgetOptions : [],
    maxOperands: Infinity,
    async run({ operands, options }, ports) {
      const { file, others } = await takeLabFile(operands, ports);
      // What runs can be stopped even while somebody is half-way through a change of the file.
      const isEnding = verb === 'stop' || verb === 'kill';
      const { path, lab } = await (isEnding ? openLab : openSoundLab)(file, ports);
      const things = others.length > 0 ? others.map(name => thingOf(name, path, lab)) : [wholeLab(path, lab)];
      if (verb === 'start' && !(await isEnough(things, options, ports))) return exitCodes.already;
      const onProgress = (progress: Progress): void => report(verb, progress, ports);
      const outcomes = await ports.control.run(verb, things, { signal: ports.signal, onProgress });
      return exitCodeOf(outcomes, ports);
    },
  };
}

const wholeLab = (path: string, lab: Lab): ThingRef => ({ lab: path, kind: 'lab', name: lab.name });

function thingOf(name: string, path: string, lab: Lab): ThingRef {
  const kinds = [
    ['vm', lab.vms],
    ['group', lab.groups],
    ['switch', lab.switches],
    ['wire', lab.wires],
  ] as const;
  const found = kinds.find(([, list]) => list.some(one => one.name === name));
  if (found) return { lab: path, kind: found[0], name };
  const vms = lab.vms.map(vm => vm.name).join(', ');
  throw new UsageError(`Lab ${lab.name} has no ${name}. Its VMs: ${vms === '' ? 'none' : vms}.`);
}

function report(verb: Verb, { thing, outcome, finished, total, waitsFor }: Progress, ports: CliPorts): void {
  if (waitsFor)
    ports.err(`${thing.kind} ${thing.name}: waits until ${waitsFor.join(', ')} ${isOrAre(waitsFor)} ready\n`);
  if (!outcome) return;
  const happened = { done: words[verb].done, already: words[verb].already, failed: 'failed', cancelled: 'called off' };
  const [first = '', ...more] = outcome.message.trim().split('\n').map(printable);
  const head = `${thing.kind} ${thing.name}: ${happened[outcome.kind]}`;
  // What a script says names the thing and what became of it, so it needs a word of ours only when it failed.
  const line = first === '' ? head : outcome.kind === 'failed' ? `${head}: ${first}` : first;
  ports.err([`[${finished}/${total}] ${line}`, ...more.map(text => `    ${text}`), ''].join('\n'));
}

const isOrAre = (names: readonly string[]): string => (names.length === 1 ? 'is' : 'are');

function exitCodeOf(outcomes: readonly Outcome[], ports: CliPorts): ExitCode {
  const count = (kind: Outcome['kind']): number => outcomes.filter(outcome => outcome.kind === kind).length;
  if (count('cancelled') > 0) ports.err(`Called off; ${count('done')} of ${outcomes.length} done.\n`);
  if (count('failed') + count('cancelled') > 0) return exitCodes.failed;
  return outcomes.length > 0 && count('already') === outcomes.length ? exitCodes.already : exitCodes.done;
}
