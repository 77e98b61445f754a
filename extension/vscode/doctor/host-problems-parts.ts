import type { Disposable } from '../../base/disposable.ts';
import type { DoctorParts } from '../../runtime/doctor/doctor.ts';
import type { Clock } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';

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
