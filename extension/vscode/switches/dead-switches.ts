import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { deadSwitches, deathWords, type DeadSwitch } from '../../runtime/switches/dead-switches.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';

/** Says at once when a switch died under running VMs, and offers to start it again. */
export function tellOfDeadSwitches(store: LabStore): Disposable {
  const seen = new Map<string, LabSnapshot>();
  return store.onDidChange(({ labs }) => {
    for (const path of labs) {
      const now = store.lab(path);
      for (const dead of now ? deadSwitches(seen.get(path), now) : []) void offerRestart(dead);
      if (now) seen.set(path, now);
      else seen.delete(path);
    }
  });
}

async function offerRestart(dead: DeadSwitch): Promise<void> {
  const start = 'Start Switch';
  const chosen = await vscode.window.showWarningMessage(deathWords(dead), start);
  if (chosen === start) await vscode.commands.executeCommand('kvmlab.start', dead.thing);
}
