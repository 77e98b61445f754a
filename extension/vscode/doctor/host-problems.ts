import type { Disposable } from '../../base/disposable.ts';
import type { Clock } from '../../runtime/host.ts';
import type { DoctorParts } from '../../runtime/doctor/doctor.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { HostProblemsItem } from './host-problems-item.ts';

/** The item of the status bar that is there only while something is wrong that a lab needs. */
export interface HostProblems extends Disposable {
  /** What it says; undefined: it is not there. */
  readonly text: string | undefined;
  /** Looks at the host again. */
  look(): void;
}

export interface HostProblemsParts {
  readonly store: LabStore;
  readonly doctor: DoctorParts;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** Nothing is looked at, or loaded, before a lab has been read. */
export function watchHost(parts: HostProblemsParts): HostProblems {
  const { store, report } = parts;
  let item: HostProblemsItem | undefined;
  let isOver = false;
  const load = async (): Promise<void> => {
    const { HostProblemsItem } = await import('./doctor-room.ts');
    if (!isOver) item = new HostProblemsItem(parts);
  };
  const waiting = store.onDidChange(({ labs }) => {
    if (labs.length === 0) return;
    waiting.dispose();
    load().catch(report);
  });
  return {
    get text() {
      return item?.text;
    },
    look: () => item?.look(),
    dispose: () => {
      isOver = true;
      waiting.dispose();
      item?.dispose();
    },
  };
}
