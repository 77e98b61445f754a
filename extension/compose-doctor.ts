import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import type { Files } from './runtime/host.ts';
import type { DoctorParts } from './runtime/doctor/doctor.ts';
import type { LabStore } from './runtime/store.ts';
import { watchHost } from './vscode/doctor/host-problems.ts';
import type { HostProblems } from './vscode/doctor/host-problems-parts.ts';

export interface DoctorRoomParts {
  readonly store: LabStore;
  readonly files: Files;
  readonly root: string;
  readonly guestFolder: string;
  readonly report: (error: unknown) => void;
}

/** What looks at this host; it is loaded when it first looks. */
export function composeDoctor(
  app: DisposableStore,
  { store, files, root, guestFolder, report }: DoctorRoomParts,
): { readonly doctor: DoctorParts; readonly hostProblems: HostProblems } {
  const doctor: DoctorParts = {
    look: {
      look: async (question, signal) => {
        const { LinuxHostLook } = await import('./host/host-look.ts');
        return new LinuxHostLook({ env: process.env, runRoot: root, guestFolder }).look(question, signal);
      },
    },
    files,
    runRoot: root,
    guestFolder,
  };
  return { doctor, hostProblems: app.add(watchHost({ store, doctor, clock: systemClock, report })) };
}
