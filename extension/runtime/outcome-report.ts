import { UserError, type UserAction } from '../base/user-error.ts';
import type { Outcome, Verb } from './lab-control.ts';
import { reasonLines } from './reason.ts';
import type { ThingRef } from './state.ts';
import { kindWord } from './views/thing-list.ts';
import { count } from './views/tree-node.ts';

const words: Readonly<Record<Verb, { readonly doing: string; readonly done: string; readonly not: string }>> = {
  start: { doing: 'Starting', done: 'started', not: 'did not start' },
  stop: { doing: 'Stopping', done: 'stopped', not: 'did not stop' },
  kill: { doing: 'Killing', done: 'killed', not: 'could not be killed' },
  restart: { doing: 'Restarting', done: 'restarted', not: 'did not restart' },
};

/** `Starting VM fw`, `Stopping 3 VMs and switches` … */
export const doingWords = (verb: Verb, things: readonly ThingRef[]): string =>
  `${words[verb].doing} ${listWords(things)}`;

/** One line when nothing failed: `VM fw started.` */
export function doneWords(verb: Verb, outcomes: readonly Outcome[]): string {
  const of = (kind: Outcome['kind']): readonly ThingRef[] =>
    outcomes.filter(one => one.kind === kind).map(one => one.thing);
  const [done, already, cancelled] = [of('done'), of('already'), of('cancelled')];
  const was = verb === 'start' ? 'ran already' : 'did not run';
  const parts = [
    done.length > 0 ? `${listWords(done)} ${words[verb].done}` : '',
    already.length > 0 ? `${listWords(already)} ${was}` : '',
    cancelled.length > 0 ? `${listWords(cancelled)} called off` : '',
  ].filter(part => part !== '');
  return parts.length > 0 ? `${sentence(parts.join(', '))}.` : 'Nothing to do.';
}

/** The error to show if anything failed: which thing, why in the words of who refused, and what can be done next. */
export function outcomeError(verb: Verb, outcomes: readonly Outcome[]): UserError | undefined {
  const failed = outcomes.filter(one => one.kind === 'failed');
  const [first] = failed;
  if (!first) return undefined;
  const reason = oneLine(reasonLines(first.thing.name, first.message));
  const others = failed.map(one => one.thing.name).join(', ');
  const message =
    failed.length === 1
      ? `${sentence(nameWords(first.thing))} ${words[verb].not}: ${reason}`
      : `${failed.length} of ${outcomes.length} ${words[verb].not} (${cut(others, 80)}). ${sentence(nameWords(first.thing))}: ${reason}`;
  // Words for the log, not a bug: no stack.
  const cause = new UserError(failed.map(one => `${nameWords(one.thing)}:\n${one.message}`).join('\n'));
  const steps = nextSteps(failed.length === 1 ? first.thing : undefined);
  const needingRoot = failed.find(one => one.message.includes('which needs root. Run: sudo'));
  const needingImages = failed.filter(one => one.message.includes(' is not fetched yet. ')).map(one => one.thing);
  const remedies = [
    ...(needingRoot ? [startWithSudo(needingRoot.thing)] : []),
    ...(needingImages.length > 0 ? [fetchAndStart(needingImages)] : []),
  ];
  return new UserError(message, [...remedies, ...steps], { cause });
}

/** The scripts download nothing; they say what is missing. */
const fetchAndStart = (vms: readonly ThingRef[]): UserAction => ({
  title: 'Fetch Image',
  command: 'kvmlab.fetchAndStart',
  args: [vms[0], vms],
});

/** The tap of a switch can be made by root only: its script says so, and a terminal is where sudo can ask. */
const startWithSudo = (thing: ThingRef): UserAction => ({
  title: 'Start Switch with sudo',
  command: 'kvmlab.startWithSudo',
  args: [{ lab: thing.lab, kind: 'lab', name: '' }],
});

function nextSteps(thing: ThingRef | undefined): readonly UserAction[] {
  const showLog: UserAction = { title: 'Show Log', command: 'kvmlab.showLog' };
  if (!thing) return [showLog];
  const openScript: UserAction = { title: 'Open Script', command: 'kvmlab.openScript', args: [thing] };
  if (thing.kind !== 'vm') return [showLog, openScript];
  return [showLog, openScript, { title: 'Open Console Log', command: 'kvmlab.openConsoleLog', args: [thing] }];
}

/** `VM fw`, `switch lan`. */
export const nameWords = (thing: ThingRef): string => `${kindWord[thing.kind]} ${thing.name}`;

/** The same at the beginning of a sentence. */
const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function listWords(things: readonly ThingRef[]): string {
  const [first] = things;
  if (!first) return 'nothing';
  if (things.length === 1) return nameWords(first);
  if (things.length <= 3) return things.map(thing => thing.name).join(', ');
  const isAllVms = things.every(thing => thing.kind === 'vm');
  return count(things.length, isAllVms ? 'VM' : 'thing');
}

/** What a notification can hold; the log has the whole. */
const oneLine = (lines: readonly string[]): string => cut(lines.join(' – '), 300);

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
