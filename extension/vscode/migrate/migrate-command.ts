import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import { sizeWords } from '../../runtime/images/image-list.ts';
import type { MigrationCheck } from '../../runtime/migration/check-list.ts';
import { checkMigration, migrateVm } from '../../runtime/migration/migrate-vm.ts';
import type { MigrationResult } from '../../runtime/migration/migration-result.ts';
import type { MigrationOrder } from '../../runtime/migration/migration-words.ts';
import { transferWords } from '../../runtime/migration/transfer-words.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { count } from '../../runtime/views/tree-node.ts';
import type { TargetArguments } from '../commands.ts';
import { editLabFile } from '../lab-files/edit-lab-file.ts';
import { runningVms } from '../machines/vm-action-commands.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { pickTarget, type Target } from './pick-target.ts';

/** Moves a VM that runs to another host, or to other run-time folders of this one, after a list of checks. */
export async function migrateVmTo(services: Services, args: TargetArguments): Promise<void> {
  const [thing] = await runningVms(services, 'Migrate which VM?', args, false);
  if (!thing) return;
  const lab = services.store.lab(thing.lab)?.lab;
  if (!lab) throw new UserError(`${thing.lab} cannot be read as a lab.`);
  const to = await pickTarget(lab, thing.name, services.store.stateOf(thing));
  if (!to) return;
  const bandwidthMib = setting('migration.bandwidth') || undefined;
  const order: MigrationOrder = { vm: thing.name, ...to, downtimeMs: undefined, bandwidthMib };
  if (!(await isAgreed(services, thing, lab, order, to))) return;
  const of = { path: thing.lab, lab };
  const result = await withProgress(`Migrating ${thing.name} to ${to.label}`, (report, signal) =>
    migrateVm(of, order, services.migration, {
      signal,
      onProgress: progress => report({ message: transferWords(progress) }),
    }),
  ).finally(() => Promise.all([services.look(), services.refreshHosts()]));
  await tell(services, thing, to, result);
}

/** Shows what was looked at; only if nothing speaks against it, it can be gone on with. */
async function isAgreed(
  { migration }: Services,
  { lab: path, name }: ThingRef,
  lab: Lab,
  order: MigrationOrder,
  { label }: Target,
): Promise<boolean> {
  const checks = await withProgress(`Can ${name} go to ${label}?`, (_report, signal) =>
    checkMigration({ path, lab }, order, migration, signal),
  );
  const bad = checks.filter(({ isGood }) => !isGood);
  const go = { label: `$(arrow-right) Migrate ${name} to ${label}`, description: 'it runs on meanwhile', isGo: true };
  const items = [...(bad.length === 0 ? [go] : []), ...[...bad, ...checks.filter(one => one.isGood)].map(checkItem)];
  const title =
    bad.length === 0
      ? `${name} can go to ${label}: ${count(checks.length, 'check')} passed`
      : `${name} cannot go to ${label}: ${bad.length} of ${count(checks.length, 'check')} failed`;
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  return picked?.isGo === true;
}

const checkItem = ({ what, isGood, why }: MigrationCheck) => ({
  label: `$(${isGood ? 'pass' : 'error'}) ${what}`,
  description: isGood ? 'ok' : why,
  isGo: false,
});

/** Offers to write it down where the lab file says otherwise: the next start is to be there. */
async function tell(services: Services, thing: ThingRef, to: Target, result: MigrationResult): Promise<void> {
  const { downtimeMs, totalMs, bytes, consolePort } = result;
  const words = `${thing.name} runs at ${result.to} now: it stood still for ${downtimeMs} ms; ${sizeWords(bytes)} in ${totalMs} ms. Its serial console has port ${consolePort} there.`;
  services.log.info(words);
  const snapshot = services.store.lab(thing.lab);
  const host = to.target.kind === 'host' ? to.target.name : undefined;
  const isWritten = snapshot?.lab?.vms.find(({ name }) => name === thing.name)?.host === host;
  const write = 'Write to Lab File';
  const buttons = host === undefined || isWritten ? [] : [write];
  // The command is over; nobody has to answer.
  const answer = vscode.window.showInformationMessage(words, ...buttons);
  const edit = async (): Promise<void> => {
    if ((await answer) !== write || !snapshot || host === undefined) return;
    const keys = [{ thing: { kind: 'vm', name: thing.name }, path: ['host'], value: host }] as const;
    await editLabFile({ file: thing.lab, included: snapshot.reading.included }, { kind: 'setKeys', keys });
  };
  void edit().catch(services.report);
  return Promise.resolve();
}
