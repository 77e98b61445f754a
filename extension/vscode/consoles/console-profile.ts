import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { consoleOfVm } from '../../runtime/console/console-lookup.ts';
import { consoleProfile, refusalOf } from '../commands.ts';
import type { Services } from '../services.ts';

/** "KVM Lab Console" among the profiles of the button that makes a new terminal: it asks which VM. */
export function offerConsoleProfile(services: Services): Disposable {
  const owned = new DisposableStore();
  const made = new WeakSet<vscode.Pseudoterminal>();
  owned.add(
    vscode.window.registerTerminalProfileProvider(consoleProfile, {
      provideTerminalProfile: async () => {
        const options = await chosenConsole(services).catch(services.report);
        if (!options) return undefined;
        made.add(options.pty);
        return new vscode.TerminalProfile(options);
      },
    }),
  );
  // VS Code shows the panel after the terminal was drawn, which in a panel that is closed it never is.
  owned.add(
    vscode.window.onDidOpenTerminal(terminal => {
      const { creationOptions } = terminal;
      if ('pty' in creationOptions && made.has(creationOptions.pty)) terminal.show();
    }),
  );
  return owned;
}

async function chosenConsole(services: Services): Promise<vscode.ExtensionTerminalOptions | undefined> {
  const { consoles } = services;
  const refusal = refusalOf('kvmlab.openConsole', vscode.workspace.isTrusted);
  if (refusal) throw refusal;
  const next = consoles.nextOfProfile.pop();
  if (next) return consoles.terminalOptions(next);
  const { vmsOrPick } = await import('./console-commands.ts');
  const [thing] = await vmsOrPick(services, [], 'Console of which VM?', false);
  const target = thing && consoleOfVm(thing, 'serial', services.store.labs, services.runDir);
  return target && consoles.terminalOptions(target);
}
