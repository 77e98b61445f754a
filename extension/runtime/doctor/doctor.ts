import type { CancelSignal } from '../../base/cancel.ts';
import type { HostLook, HostQuestion } from '../doctor-ports.ts';
import type { Files } from '../host.ts';
import { folderOf } from '../paths.ts';
import type { Check, Finding, LabPatient } from './check.ts';
import { hostChecks } from './host-checks.ts';
import { programChecks, programNames } from './program-checks.ts';
import { tapChecks } from './tap-checks.ts';

const checks: readonly Check[] = [...programChecks, ...hostChecks, ...tapChecks];

export interface DoctorParts {
  readonly look: HostLook;
  readonly files: Pick<Files, 'exists'>;
  readonly runRoot: string;
  /** Where the tiny guest lies if it is not beside the lab file. */
  readonly guestFolder: string;
}

/** What this host has and lacks, for a lab or at all: what is wrong first. Changes nothing. */
export async function examine(
  of: LabPatient | undefined,
  { look, files, runRoot, guestFolder }: DoctorParts,
  options: { readonly tryKvm: boolean; readonly signal?: CancelSignal },
): Promise<readonly Finding[]> {
  const folder = of && folderOf(of.path);
  const groups = of?.lab.switches.flatMap(one => one.tap?.group ?? []) ?? [];
  const question: HostQuestion = {
    programs: programNames,
    groups: [...groups, 'vde2-net'],
    folders: folder === undefined ? [] : [folder],
    tryKvm: options.tryKvm,
  };
  const guests = [...(folder === undefined ? [] : [`${folder}/guest`]), guestFolder];
  const [facts, ...isThere] = await Promise.all([
    look.look(question, options.signal),
    ...guests.map(guest => files.exists(`${guest}/vmlinuz`)),
  ]);
  const patient = { facts, runRoot, hasTinyGuest: isThere.includes(true), of };
  const rank = { wrong: 0, lacks: 1, fine: 2 };
  return checks.flatMap(check => check(patient)).sort((a, b) => rank[a.state] - rank[b.state]);
}
