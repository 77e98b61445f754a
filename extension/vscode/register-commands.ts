import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { refusalOf, type CommandHandlers, type CommandId } from './commands.ts';
import { reportError } from './report-error.ts';

/** Registers every command, each behind the check of workspace trust and the error reporter. */
export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): Disposable {
  const registered = new DisposableStore();
  for (const id of Object.keys(handlers) as CommandId[]) {
    const handler = handlers[id] as (...args: readonly unknown[]) => void | Promise<void>;
    const guarded = async (...args: readonly unknown[]): Promise<void> => {
      try {
        // The one place that looks at workspace trust.
        const refusal = refusalOf(id, vscode.workspace.isTrusted);
        if (refusal) throw refusal;
        await handler(...args);
      } catch (error) {
        reportError(error, log);
      }
    };
    registered.add(vscode.commands.registerCommand(id, guarded));
  }
  return registered;
}
