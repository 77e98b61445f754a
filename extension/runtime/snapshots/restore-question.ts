import type { Lab } from '../../lab/model.ts';
import { lostConnections, switchesOf } from './lost-connections.ts';
import type { SnapshotPoint } from './snapshot-point.ts';

/** What to ask before a lab is made what it was. */
export interface RestoreQuestion {
  readonly question: string;
  /** What ends, and what gets lost. */
  readonly detail: string;
  readonly button: string;
}

export interface RestoreFacts {
  readonly lab: Lab;
  readonly point: SnapshotPoint;
  /** VMs of the lab that run now. */
  readonly running: readonly string[];
  /** Files of the lab that are not what they were. */
  readonly changed: readonly string[];
}

export function restoreQuestion({ lab, point, running, changed }: RestoreFacts): RestoreQuestion {
  const back = point.vms.flatMap(({ name, memory }) => (memory ? [name] : []));
  const detail = [
    running.length > 0 && endWords(running),
    point.vms.some(({ disks }) => disks.length > 0) &&
      'What was written on disks since then is lost, if no other snapshot has it.',
    changed.length > 0 && fileWords(changed, point.name),
    back.length === 0 ? 'No VM ran then.' : `${back.join(', ')} ${back.length === 1 ? 'goes' : 'go'} on from then.`,
    lostConnections(lab, switchesOf(point)) ?? false,
  ];
  return {
    question: `Restore snapshot ${point.name} of lab ${lab.name}?`,
    detail: detail.filter(line => line !== false).join('\n'),
    button: changed.length > 0 ? 'Restore with Lab Files' : 'Restore',
  };
}

const endWords = (running: readonly string[]): string =>
  running.length === 1
    ? `${running.join()} ends at once; its guest is not told.`
    : `${running.join(', ')} end at once; their guests are not told.`;

const fileWords = (changed: readonly string[], point: string): string =>
  changed.length === 1
    ? `${changed.join()} changed since then. The text of then comes back; the present one is kept as ${changed.join()}.before-${point}.`
    : `${changed.join(', ')} changed since then. The texts of then come back; the present ones are kept beside them, as ….before-${point}.`;
