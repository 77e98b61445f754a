import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { vmFiles } from '../../lab/layout.ts';
import { findStep } from '../../dialogue/step-list.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { isOver } from '../../runtime/views/install-rows.ts';
import { count } from '../../runtime/views/tree-node.ts';
import type { InstallArguments, InstallRowArguments } from '../commands.ts';
import { vmsOrPick } from '../consoles/console-commands.ts';
import type { Services } from '../services.ts';
import type { InstallRun } from './install-runs.ts';
import { askValues, forgetSecrets, nothingKnown } from './install-values.ts';
import { consoleOf } from './pick-console.ts';
import { pickScript, readScript, type ReadScript } from './pick-script.ts';

/** Plays a script at the console of a VM, which is started if it does not run. */
export async function runInstallScript(services: Services, [clicked, from]: InstallArguments): Promise<void> {
  const uri = await pickScript(clicked);
  if (!uri) return;
  const read = await readScript(services, uri);
  const onVm = clicked && 'fsPath' in clicked ? undefined : clicked;
  const [vm] = await vmsOrPick(services, [onVm], `Run ${baseName(read.file)} on which VM?`, false);
  if (vm) await playScript(services, vm, read, typeof from === 'string' ? from : undefined);
}

/** A VM that has only just begun to start is waited for. */
export const connectMs = 60_000;

/** `from`: the name of the step where it begins. */
async function playScript(services: Services, vm: ThingRef, read: ReadScript, from?: string): Promise<void> {
  const { file, script } = read;
  const { runs, parts } = await services.installs();
  const target = consoleOf(services, vm);
  runs.refuseSecond(target);
  const step = from === undefined ? undefined : findStep(script, from);
  const values = await askValues(file, script, nothingKnown, parts);
  const isRunning = async (): Promise<boolean> => {
    await services.look();
    return services.store.stateOf(vm).kind === 'running';
  };
  const hasPrompt = await isRunning();
  services.consoles.show(target, { preserveFocus: true });
  const order = { target, file, script, values, hasPrompt, connectMs, qmpSocket: socketOf(services, vm), isRunning };
  const { id } = runs.begin(order, parts.run(order), step);
  if (hasPrompt) return;
  await vscode.commands.executeCommand('kvmlab.start', vm);
  if (!(await isRunning())) runs.stop(id);
}

/** Where QEMU is asked. */
export function socketOf({ store, runDir }: Services, { lab, name }: ThingRef): string {
  return `${runDir(store.lab(lab)?.lab?.name ?? '')}/${vmFiles(name).qmp}`;
}

/** Leaves the console to the user. */
export async function pauseInstall(services: Services, args: InstallRowArguments): Promise<void> {
  const found = await runOf(services, args, 'Take over which install?');
  found?.run.pause();
  if (found) services.consoles.show(found.target);
}

/** Shows what it types. */
export async function openInstallConsole(services: Services, args: InstallRowArguments): Promise<void> {
  const found = await runOf(services, args, 'Console of which install?', () => true);
  if (found) services.consoles.show(found.target);
}

/** Goes on at the step that was clicked, else where it is. */
export async function resumeInstall(services: Services, args: InstallRowArguments): Promise<void> {
  const found = await runOf(services, args, 'Go on with which install?');
  if (found) (await services.installs()).runs.resume(found.id, placeOf(args)?.step?.number);
}

export async function stopInstall(services: Services, args: InstallRowArguments): Promise<void> {
  const found = await runOf(services, args, 'Stop which install?');
  if (found) (await services.installs()).runs.stop(found.id);
}

export async function closeInstall(services: Services, args: InstallRowArguments): Promise<void> {
  const found = await runOf(services, args, 'Close which install?', isOver);
  if (found) (await services.installs()).runs.close(found.id);
}

/** What was printed since it began, and the steps between. */
export async function openTranscript(services: Services, args: InstallRowArguments): Promise<void> {
  const found = await runOf(services, args, 'Transcript of which install?', () => true);
  if (!found) return;
  const { target, file, run, id } = found;
  const name = `${target.vm} – ${baseName(file)}.transcript`;
  const uri = services.scriptTexts.hold(`${folderOf(file)}/${name}`, id, run.transcript.text);
  await vscode.window.showTextDocument(uri, { preview: false });
}

/** The next run of the script asks for them again. */
export async function forgetScriptSecrets(services: Services, [clicked]: InstallArguments): Promise<void> {
  const uri = await pickScript(clicked);
  if (!uri) return;
  const { file, script } = await readScript(services, uri);
  const forgotten = await forgetSecrets(file, script, (await services.installs()).parts);
  const words = `${count(forgotten, 'secret')} of ${baseName(file)} ${forgotten === 1 ? 'is' : 'are'} forgotten.`;
  vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, 6000);
}

const placeOf = ([clicked]: InstallRowArguments) =>
  typeof clicked === 'object' && 'node' in clicked ? clicked.node.install : undefined;

/** The install that was clicked or named; else the only one, or one that is chosen, among those that fit. */
async function runOf(
  services: Services,
  args: InstallRowArguments,
  title: string,
  fits: (state: InstallRun['state']) => boolean = state => !isOver(state),
): Promise<InstallRun | undefined> {
  const { runs } = await services.installs();
  const [clicked] = args;
  const id = typeof clicked === 'string' ? clicked : placeOf(args)?.id;
  if (id !== undefined) return runs.find(id);
  const fitting = runs.all.filter(({ state }) => fits(state));
  if (fitting.length === 0) throw new UserError('No install script is being played.');
  if (fitting.length === 1) return fitting[0];
  const items = fitting.map(one => ({ label: one.target.vm, description: baseName(one.file), one }));
  return (await vscode.window.showQuickPick(items, { title }))?.one;
}
