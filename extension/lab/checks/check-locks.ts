import type { Lab } from '../model.ts';
import type { Report } from '../reading/report.ts';

/** A lock that one of the hosts does not see keeps it from nothing. */
export function checkLocks({ locks, hosts = [], spans }: Lab, report: Report): void {
  const span = spans?.['locks'];
  if (locks === undefined || !span) return;
  const isIn = (folder: string): boolean => `${locks}/`.startsWith(`${folder.replace(/\/+$/, '')}/`);
  for (const { name, shared } of hosts) {
    if (shared.some(isIn)) continue;
    report('locks-not-shared', span, `Host ${name} does not see ${locks}. Add its folder to "shared:" of ${name}.`);
  }
}
