import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { ScreenThumbnails } from './host/thumbnails.ts';
import type { LabStore } from './runtime/store.ts';
import { VmActions } from './runtime/vm-actions.ts';
import { VmScreens } from './runtime/vm-screen.ts';
import { VmStatusWatch } from './runtime/vm-status-watch.ts';
import type { Machines } from './vscode/machines.ts';
import { MonitorAnswers, MonitorHistory } from './vscode/monitor-memory.ts';
import type { SeenView } from './vscode/watching.ts';

export interface MachineParts {
  readonly store: LabStore;
  readonly runDir: (lab: string) => string;
  readonly look: () => Promise<void>;
  readonly memory: vscode.Memento;
}

/** Everything that talks QMP with VMs that run. */
export function composeMachines(app: DisposableStore, { store, runDir, look, memory }: MachineParts): Machines {
  const actions = new VmActions({ store, qmp: new SocketQmpDialer(), runDir, look });
  const screens = new VmScreens(actions, new ScreenThumbnails(), systemClock);
  return { actions, screens, history: new MonitorHistory(memory), answers: app.add(new MonitorAnswers()) };
}

/** Hears from VMs whether they are paused, while one of the views is on the screen. */
export function watchStatus(
  app: DisposableStore,
  { store, runDir }: Pick<MachineParts, 'store' | 'runDir'>,
  views: readonly SeenView[],
  log: vscode.LogOutputChannel,
): void {
  const watch = app.add(
    new VmStatusWatch({
      ...{ store, runDir, qmp: new SocketQmpDialer(), clock: systemClock },
      log: message => {
        log.info(message);
      },
    }),
  );
  const adapt = (): void => watch.setLooking(vscode.workspace.isTrusted && views.some(view => view.visible));
  for (const view of views) app.add(view.onDidChangeVisibility(adapt));
  app.add(vscode.workspace.onDidGrantWorkspaceTrust(adapt));
  adapt();
}
