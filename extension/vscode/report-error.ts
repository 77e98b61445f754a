import * as vscode from 'vscode';
import { CalledOff, UserError } from '../base/user-error.ts';

/** The one place where a failed command becomes a message: the whole chain into the log, one line and its buttons to the user. */
export function reportError(error: unknown, log: vscode.LogOutputChannel): void {
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof CalledOff) {
    log.info(error.message);
    void vscode.window.showInformationMessage(error.message);
    return;
  }
  log.error(chain(error));
  void show(error);
}

async function show(error: unknown): Promise<void> {
  const isUserError = error instanceof UserError;
  const actions = isUserError ? error.actions : [{ title: 'Show Log', command: 'kvmlab.showLog' }];
  const text = error instanceof Error ? error.message : String(error);
  const message = isUserError ? text : `KVM Lab met an error of its own: ${text}`;
  const chosen = await vscode.window.showErrorMessage(message, ...actions.map(action => action.title));
  const action = actions.find(one => one.title === chosen);
  if (action) await vscode.commands.executeCommand(action.command, ...(action.args ?? []));
}

function chain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof UserError ? error.message : (error.stack ?? error.message);
  return error.cause === undefined ? own : `${own}\nCaused by: ${chain(error.cause)}`;
}
