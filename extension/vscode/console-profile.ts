import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { consoleOfVm } from '../runtime/console-lookup.ts';
import { consoleProfile, refusalOf } from './commands.ts';
import { vmsOrPick } from './console-commands.ts';
import type { Services } from './services.ts';

/** "KVM Lab Console" among the profiles of the button that makes a new terminal: it asks which VM. */
export const offerConsoleProfile = (services: Services): Disposable =>
  vscode.window.registerTerminalProfileProvider(consoleProfile, {
    async provideTerminalProfile() {
      try {
        const { consoles } = services;
        const refusal = refusalOf('kvmlab.openConsole', vscode.workspace.isTrusted);
        if (refusal) throw refusal;
        const next = consoles.nextOfProfile.pop();
        if (next) return new vscode.TerminalProfile(consoles.terminalOptions(next));
        const [thing] = await vmsOrPick(services, [], 'Console of which VM?', false);
        const target = thing && consoleOfVm(thing, 'serial', services.store.labs, services.runDir);
        return target && new vscode.TerminalProfile(consoles.terminalOptions(target));
      } catch (error) {
        services.report(error);
        return undefined;
      }
    },
  });
