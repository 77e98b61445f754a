import * as vscode from 'vscode';
import type { Disposable, DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { FileLogReader } from './host/log-reader.ts';
import { systemRandom } from './host/random.ts';
import { UnixSocketDialer } from './host/socket-dialer.ts';
import { readyOf } from './lab/ready.ts';
import type { GuestShells } from './runtime/guests/guest-shells.ts';
import type { Files, ManagementDialer } from './runtime/host.ts';
import type { Readiness } from './runtime/readiness/readiness.ts';
import type { ReadinessWatch } from './runtime/readiness/readiness-watch.ts';
import type { LabStore } from './runtime/store.ts';
import type { SeenView } from './vscode/trees/watching.ts';

export interface ReadinessComposition {
  readonly store: LabStore;
  readonly files: Files;
  readonly management: ManagementDialer;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  readonly shells: () => Promise<GuestShells>;
}

/** Who knows when VMs are ready; loaded when somebody asks. */
export function lazyReadiness(parts: ReadinessComposition): () => Promise<Readiness> {
  const { store, files, management, runDir, look, shells } = parts;
  let loading: Promise<Readiness> | undefined;
  const load = async (): Promise<Readiness> => {
    const room = await import('./readiness-room.ts');
    return new room.Readiness({
      ...{ store, files, management, runDir, look },
      ...{ clock: systemClock, random: systemRandom, logs: new FileLogReader(), sockets: new UnixSocketDialer() },
      plug: address => new room.PlugFrames(address),
      run: async (guest, command, signal) => (await shells()).run(guest, command, { signal }),
    });
  };
  return () => (loading ??= load());
}

/** Tells the store how far VMs are, from the first one on that says when it is ready. */
export function watchReadiness(
  app: DisposableStore,
  store: LabStore,
  readiness: () => Promise<Readiness>,
  views: readonly SeenView[],
): void {
  let watch: ReadinessWatch | undefined;
  const isSeen = (): boolean => views.some(view => view.visible);
  const begin = async (): Promise<void> => {
    const [room, made] = [await import('./readiness-room.ts'), await readiness()];
    watch = app.add(new room.ReadinessWatch({ store, clock: systemClock, readiness: made }));
    watch.setSeen(isSeen());
  };
  const waiting: Disposable = app.add(
    store.onDidChange(() => {
      if (!vscode.workspace.isTrusted || !hasReadyVm(store)) return;
      waiting.dispose();
      void begin();
    }),
  );
  for (const view of views) app.add(view.onDidChangeVisibility(() => watch?.setSeen(isSeen())));
}

const hasReadyVm = ({ labs }: LabStore): boolean =>
  labs.some(({ lab, vms }) => lab?.vms.some(vm => vms.get(vm.name)?.kind === 'running' && readyOf(vm)));
