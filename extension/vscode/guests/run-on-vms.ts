import * as vscode from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import { manyWords, sameAnswers } from '../../runtime/guests/answer-words.ts';
import { runOnMany, type VmAnswer } from '../../runtime/guests/run-on-many.ts';
import { answerLines } from '../../runtime/guests/side-by-side.ts';
import type { ThingRef } from '../../runtime/state.ts';
import type { TargetArguments } from '../commands.ts';
import { runningVms } from '../machines/vm-action-commands.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import type { GuestDesk } from './guest-desk.ts';

/** Columns of an editor, with nothing beside it. */
const editorWidth = 160;
const longestTitle = 40;
const shownMs = 6000;

/** Asks for VMs and a command, and shows the answers beside each other. */
export async function runOnVms(services: Services, args: TargetArguments): Promise<void> {
  const things = await runningVms(services, 'Run a command on which VMs?', args);
  if (things.length === 0) return;
  const desk = await services.guests();
  const names = things.map(({ name }) => name).join(', ');
  const command = await vscode.window.showInputBox({
    ...{ title: `Command for ${names}`, value: desk.answers.last, placeHolder: 'ip route' },
    prompt: 'It is run by the shell at the serial console of each VM. Whoever has the console open sees it.',
  });
  if (command === undefined || command.trim() === '') return;
  desk.answers.last = command;
  const answers = await withProgress(`${command} on ${names}`, (report, signal) => {
    const increment = 100 / things.length;
    return askAll(things, command, desk, signal, ({ vm }) => report({ message: vm, increment }));
  });
  const lines = [`$ ${command}`, '', ...answerLines(sameAnswers(answers), editorWidth)];
  await desk.answers.show(command.slice(0, longestTitle), `${lines.join('\n')}\n`);
  vscode.window.setStatusBarMessage(`KVM Lab: ${manyWords(answers)}`, shownMs);
}

async function askAll(
  things: readonly ThingRef[],
  command: string,
  { shells, clock }: GuestDesk,
  signal: CancelSignal,
  onAnswer: (answer: VmAnswer) => void,
): Promise<readonly VmAnswer[]> {
  const labs = [...new Set(things.map(({ lab }) => lab))];
  const all = await Promise.all(
    labs.map(lab => {
      const vms = things.filter(thing => thing.lab === lab).map(({ name }) => name);
      return runOnMany({ lab, vms, command, signal, onAnswer }, shells, clock);
    }),
  );
  return all.flat();
}
