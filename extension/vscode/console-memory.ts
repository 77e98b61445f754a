import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { targetId, targetKey, type TargetId, type TerminalTarget } from '../runtime/terminal-target.ts';
import type { ConsoleTerminals } from './console-terminals.ts';

const memoryKey = 'kvmlab.openConsoles';

/** Remembers which consoles are open, so that they come back when the window was loaded anew. */
export function rememberConsoles(consoles: ConsoleTerminals, memory: vscode.Memento): Disposable {
  const owned = new DisposableStore();
  const save = (): void => {
    const open: readonly TargetId[] = vscode.window.terminals.flatMap(terminal => {
      const one = consoles.find(terminal);
      // A VM of no lab may be gone tomorrow, and its port be another's.
      return one && one.target.lab !== '' ? [targetId(one.target)] : [];
    });
    void memory.update(memoryKey, open);
  };
  owned.add(
    vscode.window.onDidOpenTerminal(terminal => {
      consoles.adopt(terminal);
      if (consoles.find(terminal)) save();
    }),
  );
  // A window that goes away closes its terminals too: those are the ones to remember.
  owned.add(
    vscode.window.onDidCloseTerminal(({ exitStatus }) => {
      if (exitStatus?.reason !== vscode.TerminalExitReason.Shutdown) save();
    }),
  );
  return owned;
}

/** Opens again what was open; the focus stays where it is. What is in no lab any more does not come back. */
export function restoreConsoles(
  consoles: ConsoleTerminals,
  memory: vscode.Memento,
  targetOf: (id: TargetId) => TerminalTarget | undefined,
): void {
  const open = new Set(consoles.open.map(one => one.key));
  for (const id of memory.get<readonly TargetId[]>(memoryKey, [])) {
    const target = targetOf(id);
    if (target && !open.has(targetKey(target))) consoles.show(target, { isAnother: true, isHidden: true });
  }
}

export const hasRememberedConsoles = (memory: vscode.Memento): boolean =>
  memory.get<readonly TargetId[]>(memoryKey, []).length > 0;
