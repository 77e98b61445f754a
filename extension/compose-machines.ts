import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { watchReadiness } from './compose-readiness.ts';
import { systemClock } from './host/clock.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { ScreenThumbnails } from './host/thumbnails.ts';
import type { ManagementDialer } from './runtime/host.ts';
import type { Readiness } from './runtime/readiness/readiness.ts';
import type { LabStore } from './runtime/store.ts';
import { CableWatch } from './runtime/change/cable-watch.ts';
import { VmActions } from './runtime/vms/vm-actions.ts';
import { VmScreens } from './runtime/display/vm-screen.ts';
import { VmStatusWatch } from './runtime/vms/vm-status-watch.ts';
import type { Machines } from './vscode/machines/machines.ts';
import { MonitorAnswers, MonitorHistory } from './vscode/consoles/monitor-memory.ts';
import type { StickHost } from './vscode/sticks/stick-host.ts';
import type { SeenView } from './vscode/trees/watching.ts';

export interface MachineParts {
  readonly store: LabStore;
  readonly runDir: (lab: string) => string;
  readonly look: () => Promise<void>;
  readonly memory: vscode.Memento;
  readonly management: ManagementDialer;
}

/** Everything that talks QMP with VMs that run. */
export function composeMachines(
  app: DisposableStore,
  { store, runDir, look, memory, management }: MachineParts,
): Machines {
  const qmp = new SocketQmpDialer();
  const actions = new VmActions({ store, qmp, runDir, look });
  const cables = app.add(new CableWatch({ store, qmp, management, clock: systemClock, runDir }));
  const screens = new VmScreens(actions, new ScreenThumbnails(), systemClock);
  let made: Promise<StickHost> | undefined;
  const sticks = (): Promise<StickHost> =>
    (made ??= import('./sticks-room.ts').then(room => room.makeStickHost({ store, runDir, look })));
  return {
    actions,
    cables,
    sticks,
    screens,
    history: new MonitorHistory(memory),
    answers: app.add(new MonitorAnswers()),
  };
}

interface StatusParts extends Pick<MachineParts, 'store' | 'runDir'>, Pick<Machines, 'cables'> {
  readonly readiness: () => Promise<Readiness>;
}

/**
 * Hears from VMs whether they are paused and which cables are pulled, while one of the views is on the screen, and looks
 * whether they are ready.
 */
export function watchStatus(
  app: DisposableStore,
  { store, runDir, cables, readiness }: StatusParts,
  views: readonly SeenView[],
  log: vscode.LogOutputChannel,
): void {
  watchReadiness(app, store, readiness, views);
  const watch = app.add(
    new VmStatusWatch({
      ...{ store, runDir, qmp: new SocketQmpDialer(), clock: systemClock },
      log: message => {
        log.info(message);
      },
    }),
  );
  const adapt = (): void => {
    const isLooking = vscode.workspace.isTrusted && views.some(view => view.visible);
    watch.setLooking(isLooking);
    cables.setLooking(isLooking);
  };
  for (const view of views) app.add(view.onDidChangeVisibility(adapt));
  app.add(vscode.workspace.onDidGrantWorkspaceTrust(adapt));
  adapt();
}
