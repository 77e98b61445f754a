import type { Disposable } from '../base/disposable.ts';
import type { LabStore } from '../runtime/store.ts';
import type { ConsoleTerminals } from './console-terminals.ts';

/** Tells open consoles of every VM that has just begun to run, so that they connect without waiting. */
export function reconnectConsoles(store: LabStore, consoles: ConsoleTerminals): Disposable {
  const pids = new Map<string, number | undefined>();
  return store.onDidChange(({ labs }) => {
    for (const path of labs) {
      for (const [vm, state] of store.lab(path)?.vms ?? []) {
        const key = JSON.stringify([path, vm]);
        const pid = state.kind === 'running' ? state.pid : undefined;
        if (pid !== undefined && pid !== pids.get(key)) consoles.reconnect(path, vm);
        pids.set(key, pid);
      }
    }
  });
}
