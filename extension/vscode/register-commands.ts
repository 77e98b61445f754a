import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { needsTrust, type CommandHandlers, type CommandId } from './commands.ts';
import { reportError } from './report-error.ts';

/** Registers every command, each behind the check of workspace trust and the error reporter. */
export function registerCommands(handlers: CommandHandlers, log: vscode.LogOutputChannel): Disposable {
  const registered = new DisposableStore();
  for (const id of Object.keys(handlers) as CommandId[]) {
    const handler = handlers[id] as (...args: readonly unknown[]) => void | Promise<void>;
    const guarded = async (...args: readonly unknown[]): Promise<void> => {
      try {
        refuseIfUntrusted(id);
        await handler(...args);
      } catch (error) {
        reportError(error, log);
      }
    };
    registered.add(vscode.commands.registerCommand(id, guarded));
  }
  return registered;
}

/** The one place that looks at workspace trust: nothing is run or written without it. */
function refuseIfUntrusted(id: CommandId): void {
  if (vscode.workspace.isTrusted || !needsTrust[id]) return;
  throw new UserError('This workspace is not trusted, so KVM Lab neither runs nor writes anything in it.', [
    { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' },
  ]);
}
