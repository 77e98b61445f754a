import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { targetId, targetKey, type TargetId, type TerminalTarget } from '../../runtime/console/terminal-target.ts';
import type { ConsoleTerminals } from './console-terminals.ts';

/** What was open in the window when it was there last. */
interface Remembered {
  /** One for each terminal. */
  readonly open: readonly TargetId[];
  /** The one in front; undefined if that was another terminal. */
  readonly active?: TargetId | undefined;
}

const memoryKey = 'kvmlab.consoles';
const nothing: Remembered = { open: [] };

/** How late VS Code's own shell may come. */
const shellMs = 15_000;

/** Remembers which consoles are open, so that they come back when the window was loaded anew. */
export function rememberConsoles(consoles: ConsoleTerminals, memory: vscode.Memento): Disposable {
  const owned = new DisposableStore();
  const idOf = (terminal: vscode.Terminal | undefined): readonly TargetId[] => {
    const target = consoles.find(terminal)?.target;
    // A VM of no lab may be gone tomorrow, and its port be another's.
    return target && target.lab !== '' ? [targetId(target)] : [];
  };
  const save = (): void => {
    const [active] = idOf(vscode.window.activeTerminal);
    void memory.update(memoryKey, { open: vscode.window.terminals.flatMap(idOf), active } satisfies Remembered);
  };
  owned.add(
    vscode.window.onDidOpenTerminal(terminal => {
      consoles.adopt(terminal);
      if (consoles.find(terminal)) save();
    }),
  );
  owned.add(vscode.window.onDidChangeActiveTerminal(terminal => terminal && save()));
  // A window that goes away closes its terminals too: those are the ones to remember.
  owned.add(
    vscode.window.onDidCloseTerminal(terminal => {
      consoles.release(terminal);
      if (terminal.exitStatus?.reason !== vscode.TerminalExitReason.Shutdown) save();
    }),
  );
  return owned;
}

/**
 * Opens again what was open; the focus stays where it is. What is in no lab any more does not come back. A panel that was open
 * gets a shell, because VS Code finds no terminal that it could revive itself: perhaps only now, so it is awaited for a while.
 */
export function restoreConsoles(
  consoles: ConsoleTerminals,
  remembered: Remembered,
  targetOf: (id: TargetId) => TerminalTarget | undefined,
): Disposable {
  const owned = new DisposableStore();
  const open = new Set(consoles.open.map(one => one.key));
  for (const id of remembered.open) {
    const target = targetOf(id);
    if (target && !open.has(targetKey(target))) consoles.show(target, { isAnother: true, isHidden: true });
  }
  const active = remembered.active && targetOf(remembered.active);
  const look = (terminal: vscode.Terminal | undefined): void => {
    if (!active || !terminal || consoles.find(terminal)) return;
    owned.dispose();
    consoles.show(active, { preserveFocus: true });
  };
  owned.add(vscode.window.onDidChangeActiveTerminal(look));
  owned.add(consoles.clock.after(shellMs, () => owned.dispose()));
  look(vscode.window.activeTerminal);
  return owned;
}

/** As it was before this window begins to remember anew. */
export const rememberedConsoles = (memory: vscode.Memento): Remembered => memory.get<Remembered>(memoryKey, nothing);
