import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { learnScript, type Learned } from '../../dialogue/learn/learn-script.ts';
import { scriptText } from '../../dialogue/script-text.ts';
import { folderOf } from '../../runtime/paths.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { count } from '../../runtime/views/tree-node.ts';
import { installLanguageId, type TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { pickConsole } from './pick-console.ts';
import { readScript } from './pick-script.ts';
import type { RunningRecording } from './recordings.ts';
import { proveScript } from './replay-command.ts';

/** Writes down what is printed and typed on a console from now on. */
export async function recordConsole(services: Services, args: TargetArguments): Promise<void> {
  const target = await pickConsole(services, args, 'Record the console of which VM?');
  if (!target) return;
  const { recordings } = await services.installs();
  services.consoles.show(target);
  if (await recordings.start(target)) return;
  throw new UserError(`The console of ${target.vm} is being recorded already.`, [stopAction]);
}

const stopAction = { title: 'Stop Recording', command: 'kvmlab.stopRecording' };

/** Makes an install script of what was recorded, and opens it. */
export async function stopRecording(services: Services): Promise<void> {
  const { recordings } = await services.installs();
  const chosen = await pickRecording(recordings.all);
  const ended = chosen && recordings.stop(chosen.target);
  if (!ended) return;
  const { target, recorder } = ended;
  const { recording, isIncomplete } = recorder;
  recorder.dispose();
  const learned = learnScript(recording);
  if (learned.steps.every(({ deed }) => deed === undefined))
    throw new UserError(`Nothing was typed on the console of ${target.vm}, so there is no script.`);
  const text = scriptText(learned, `What was typed on the console of ${target.vm}`);
  const file = await askFile(services, target.lab, target.vm);
  const vm: ThingRef = { lab: target.lab, kind: 'vm', name: target.vm };
  if (!file) {
    // Nothing is lost: it stands in an editor of its own.
    const document = await vscode.workspace.openTextDocument({ language: installLanguageId, content: text });
    await vscode.window.showTextDocument(document, { preview: false });
    return;
  }
  await services.files.write(file.fsPath, text);
  await vscode.window.showTextDocument(file, { preview: false });
  void offerProof(services, file, vm, learned, isIncomplete);
}

async function pickRecording(all: readonly RunningRecording[]): Promise<RunningRecording | undefined> {
  if (all.length === 0)
    throw new UserError('No console is being recorded.', [
      { title: 'Record Console', command: 'kvmlab.recordConsole' },
    ]);
  if (all.length === 1) return all[0];
  const items = all.map(one => ({ label: one.target.vm, one }));
  return (await vscode.window.showQuickPick(items, { title: 'Stop which recording?' }))?.one;
}

/** Undefined: the user wants no file. */
async function askFile({ files }: Services, lab: string, vm: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.file(folderOf(lab));
  const uriOf = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  let value = `${vm}.install.yaml`;
  for (let number = 2; await files.exists(uriOf(value).fsPath); number += 1) value = `${vm}-${number}.install.yaml`;
  const name = await vscode.window.showInputBox({
    title: 'Save the install script as',
    prompt: `A file in ${folder.fsPath}. Escape opens it without saving.`,
    value,
    valueSelection: [0, value.length - '.install.yaml'.length],
    validateInput: async text => {
      if (!/^[^/\0]+\.install\.ya?ml$/.test(text)) return 'A name that ends in .install.yaml.';
      return (await files.exists(uriOf(text).fsPath)) ? `${text} is there already.` : undefined;
    },
  });
  return name === undefined ? undefined : uriOf(name);
}

/** A script is worth something when it has worked. */
async function offerProof(
  services: Services,
  file: vscode.Uri,
  vm: ThingRef,
  { steps, secrets, values }: Learned,
  isIncomplete: boolean,
): Promise<void> {
  const parts = [
    `${count(steps.length, 'step')} were learned from ${vm.name}.`,
    secrets.length > 0
      ? `${count(secrets.length, 'password')} typed unseen ${secrets.length === 1 ? 'is' : 'are'} not in it, and asked for when it is run.`
      : '',
    isIncomplete ? 'Something came too fast to be recorded: look through the steps.' : '',
  ];
  const prove = 'Replay on Fresh VM';
  const answer = await vscode.window.showInformationMessage(parts.filter(part => part !== '').join(' '), prove);
  if (answer !== prove) return;
  try {
    await proveScript(services, vm, await readScript(services, file), values);
  } catch (error) {
    services.report(error);
  }
}
