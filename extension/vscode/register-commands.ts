import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { needsTrust, refusalOf, type CommandHandlers, type CommandId } from './commands.ts';
import { reportError } from './report-error.ts';

/**
 * Registers every command, each behind the check of workspace trust and the error reporter. `load` gives what they do,
 * and is called for each command: what commands need is loaded with the first one.
 */
export function registerCommands(load: () => Promise<CommandHandlers>, log: vscode.LogOutputChannel): Disposable {
  const registered = new DisposableStore();
  for (const id of Object.keys(needsTrust) as CommandId[]) {
    const guarded = async (...args: readonly unknown[]): Promise<void> => {
      try {
        // The one place that looks at workspace trust.
        const refusal = refusalOf(id, vscode.workspace.isTrusted);
        if (refusal) throw refusal;
        const handlers = (await load()) as Record<CommandId, (...args: readonly unknown[]) => void | Promise<void>>;
        await handlers[id](...args);
      } catch (error) {
        reportError(error, log);
      }
    };
    registered.add(vscode.commands.registerCommand(id, guarded));
  }
  return registered;
}
