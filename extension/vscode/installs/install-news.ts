import * as vscode from 'vscode';
import { baseName } from '../../runtime/paths.ts';
import { stuckWords } from '../../runtime/views/install-rows.ts';
import type { InstallRun } from './install-runs.ts';

/** Tells the user that an install is done or stuck, with what can be done about it. */
export async function tellOfInstall({ id, target, file, state }: InstallRun): Promise<void> {
  const name = baseName(file);
  if (state.kind === 'finished') {
    const open = 'Open Transcript';
    if ((await vscode.window.showInformationMessage(`${name} is done on ${target.vm}.`, open)) === open)
      await vscode.commands.executeCommand('kvmlab.openTranscript', id);
    return;
  }
  if (state.kind === 'unconnected')
    void vscode.window.showWarningMessage(
      `${name} did not begin on ${target.vm}: its console cannot be had (${state.reason}).`,
    );
  if (state.kind !== 'stuck') return;
  const choices = [
    { title: 'Go On Here', command: 'kvmlab.resumeInstall', args: [id] },
    { title: 'Open Console', command: 'kvmlab.openInstallConsole', args: [id] },
    { title: 'Stop', command: 'kvmlab.stopInstall', args: [id] },
  ];
  // What a guest printed is no link.
  const words = `${target.vm} is stuck at ${stuckWords(file, state.stuck)}`.replaceAll('](', '] (');
  const chosen = await vscode.window.showWarningMessage(words, ...choices);
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...chosen.args);
}
