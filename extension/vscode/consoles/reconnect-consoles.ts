import type { Disposable } from '../../base/disposable.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { ConsoleTerminals } from './console-terminals.ts';

/** Tells open consoles of every VM and switch that has just begun to run, so that they connect without waiting. */
export function reconnectConsoles(store: LabStore, consoles: ConsoleTerminals): Disposable {
  const pids = new Map<string, number | undefined>();
  return store.onDidChange(({ labs }) => {
    for (const path of labs) {
      const lab = store.lab(path);
      const [vms, switches] = [[...(lab?.vms ?? [])], [...(lab?.switches ?? [])]];
      for (const [kind, states] of [
        ['vm', vms],
        ['switch', switches],
      ] as const) {
        for (const [name, state] of states) {
          const key = JSON.stringify([path, kind, name]);
          const pid = state.kind === 'running' ? state.pid : undefined;
          if (pid !== undefined && pid !== pids.get(key)) consoles.reconnect(path, kind, name);
          pids.set(key, pid);
        }
      }
    }
  });
}
