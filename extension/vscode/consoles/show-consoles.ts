import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { consoleOfVm } from '../../runtime/console/console-lookup.ts';
import { consoleOfSwitch, type TargetId, type TerminalTarget } from '../../runtime/console/terminal-target.ts';
import { showBroadcast } from './console-broadcast.ts';
import { rememberConsoles, rememberedConsoles, restoreConsoles } from './console-memory.ts';
import { showPastes } from './console-paste.ts';
import { offerConsoleProfile } from './console-profile.ts';
import { reconnectConsoles } from './reconnect-consoles.ts';
import type { Services } from '../services.ts';

/** All that belongs to terminals of consoles besides the commands: profile, status bar, memory, coming back. */
export function showConsoles(services: Services, memory: vscode.Memento): Disposable {
  const owned = new DisposableStore();
  const { consoles, store } = services;
  owned.add(reconnectConsoles(store, consoles, id => targetOf(services, id)));
  owned.add(showBroadcast(consoles));
  owned.add(showPastes(consoles));
  owned.add(offerConsoleProfile(services));
  const remembered = rememberedConsoles(memory);
  owned.add(rememberConsoles(consoles, memory));
  owned.add(tellMenus(services));
  if (remembered.open.length > 0) void comeBack(services, remembered).then(restoring => owned.add(restoring));
  return owned;
}

const nothing: Disposable = { dispose: () => undefined };

/** After the window was loaded anew. In a workspace that is not trusted nothing connects, now or when it is trusted later. */
async function comeBack(services: Services, remembered: ReturnType<typeof rememberedConsoles>): Promise<Disposable> {
  if (!vscode.workspace.isTrusted) return nothing;
  try {
    await services.whenRead();
    await services.look();
    return restoreConsoles(services.consoles, remembered, id => targetOf(services, id));
  } catch (error) {
    services.report(error);
    return nothing;
  }
}

function targetOf({ store, runDir }: Services, [lab, name, kind]: TargetId): TerminalTarget | undefined {
  if (kind === 'switch') return consoleOfSwitch({ lab, kind: 'switch', name }, store.labs, runDir);
  return consoleOfVm({ lab, kind: 'vm', name }, kind, store.labs, runDir);
}

/** Menus of terminals show our commands on our terminals only. */
function tellMenus({ consoles }: Services): Disposable {
  const tell = (terminal: vscode.Terminal | undefined): void => {
    const kind = consoles.find(terminal)?.target.kind ?? '';
    void vscode.commands.executeCommand('setContext', 'kvmlab.activeConsole', kind);
  };
  return vscode.window.onDidChangeActiveTerminal(tell);
}
