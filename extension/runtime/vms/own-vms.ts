import { vmFiles } from '../../lab/layout.ts';
import type { HostSnapshot, RunningVm } from '../state.ts';

/** The VMs that run in run-time folders of this user, or have come from one. Other users' VMs have their pid files elsewhere. */
export const ownVms = ({ vms }: HostSnapshot, runDir: (lab: string) => string): readonly RunningVm[] =>
  vms.filter(
    ({ name, lab, pidFile, folder }) =>
      name !== undefined && lab !== undefined && pidFile === `${folder ?? runDir(lab)}/${vmFiles(name).pid}`,
  );
