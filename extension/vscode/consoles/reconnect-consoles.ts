import type { Disposable } from '../../base/disposable.ts';
import type { TargetId, TerminalTarget } from '../../runtime/console/terminal-target.ts';
import { processKey } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { ConsoleTerminals } from './console-terminals.ts';

/** Tells open consoles of every VM and switch that has just begun to run, so that they connect without waiting. */
export function reconnectConsoles(
  store: LabStore,
  consoles: ConsoleTerminals,
  targetNow: (id: TargetId) => TerminalTarget | undefined,
): Disposable {
  const processes = new Map<string, string | undefined>();
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
          const process = processKey(state);
          if (process !== undefined && process !== processes.get(key))
            consoles.reconnect({ lab: path, kind, name }, targetNow);
          processes.set(key, process);
        }
      }
    }
  });
}
