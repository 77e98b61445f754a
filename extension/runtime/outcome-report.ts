import { UserError, type UserAction } from '../base/user-error.ts';
import type { Outcome, Verb } from './lab-control.ts';
import type { ThingRef } from './state.ts';
import { kindWord } from './thing-list.ts';
import { count } from './tree-node.ts';

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
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing to do.';
}

/** The error to show if anything failed: which thing, why in the words of who refused, and what can be done next. */
export function outcomeError(verb: Verb, outcomes: readonly Outcome[]): UserError | undefined {
  const failed = outcomes.filter(one => one.kind === 'failed');
  const [first] = failed;
  if (!first) return undefined;
  const details = failed.map(one => `${nameWords(one.thing)}: ${oneLine(one.message)}`);
  const message =
    failed.length === 1
      ? `${nameWords(first.thing)} ${words[verb].not}: ${oneLine(first.message)}`
      : `${failed.length} of ${outcomes.length} ${words[verb].not}. ${details.slice(0, 3).join('; ')}${failed.length > 3 ? '; …' : ''}`;
  const cause = new Error(failed.map(one => `${nameWords(one.thing)}:\n${one.message}`).join('\n'));
  return new UserError(message, nextSteps(failed.length === 1 ? first.thing : undefined), { cause });
}

function nextSteps(thing: ThingRef | undefined): readonly UserAction[] {
  const showLog: UserAction = { title: 'Show Log', command: 'kvmlab.showLog' };
  if (!thing) return [showLog];
  const openScript: UserAction = { title: 'Open Script', command: 'kvmlab.openScript', args: [thing] };
  if (thing.kind !== 'vm') return [showLog, openScript];
  return [showLog, openScript, { title: 'Open Console Log', command: 'kvmlab.openConsoleLog', args: [thing] }];
}

export const nameWords = (thing: ThingRef): string => {
  const word = kindWord[thing.kind];
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${thing.name}`;
};

function listWords(things: readonly ThingRef[]): string {
  const [first] = things;
  if (!first) return 'nothing';
  if (things.length === 1) return nameWords(first);
  if (things.length <= 3) return things.map(thing => thing.name).join(', ');
  const isAllVms = things.every(thing => thing.kind === 'vm');
  return count(things.length, isAllVms ? 'VM' : 'thing');
}

/** What a notification can hold; the log has the whole. */
function oneLine(message: string): string {
  const text = message.trim().replaceAll(/\s*\n\s*/g, ' – ');
  return text.length > 300 ? `${text.slice(0, 297)}…` : text;
}
