import { CancelSource, onCancel, type CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { vmScript } from '../../lab/layout.ts';
import { queryProgress, type TransferProgress } from '../../qemu/migration.ts';
import type { Clock, QmpDialer } from '../host.ts';
import { scriptFolder } from '../lab-identity.ts';
import { folderOf } from '../paths.ts';
import { timePassed } from '../time-passed.ts';
import { readCheckList, type MigrationCheck } from './check-list.ts';
import { readMoved, type MigrationResult } from './migration-result.ts';
import { senderOf, wayBack, type OfLab, type Sender, type SenderParts } from './migration-sender.ts';
import { migrationWords, type MigrationOrder } from './migration-words.ts';

export interface MigrationParts extends SenderParts {
  readonly qmp: QmpDialer;
  readonly clock: Clock;
  /** Who runs VMs on this host, if that is known. */
  readonly user: string | undefined;
}

const lookMs = 250;

/** All that can be known before a VM is migrated; nothing is done. Rejects with a UserError if its script has nothing to say. */
export async function checkMigration(
  of: OfLab,
  order: MigrationOrder,
  parts: MigrationParts,
  signal?: CancelSignal,
): Promise<readonly MigrationCheck[]> {
  const sender = await senderOf(of, order.vm, parts);
  const [verb = '', ...words] = await wordsFor(of, order, sender, parts);
  const { code, output } = await sender.run([verb, '--check', ...words], signal);
  const checks = readCheckList(output);
  if (checks.length > 0) return checks;
  throw failed(order.vm, code, output);
}

/**
 * Moves a VM that runs. Called off, it goes on here, if it has not been handed over yet; the script sees to that, and to
 * one place in any other case. Rejects with a UserError in the words of the script.
 */
export async function migrateVm(
  of: OfLab,
  order: MigrationOrder,
  parts: MigrationParts,
  { signal, onProgress }: { readonly signal: CancelSignal; readonly onProgress: (progress: TransferProgress) => void },
): Promise<MigrationResult> {
  const sender = await senderOf(of, order.vm, parts);
  const words = await wordsFor(of, order, sender, parts);
  const over = new CancelSource();
  // The script is never ended: it is asked to take everything back.
  const cancelling = onCancel(signal, () => void sender.run(['migrate', '--cancel']));
  const watching = watchProgress(sender.progress, parts, over.signal, onProgress);
  const { code, output } = await sender.run(words).finally(() => {
    over.cancel();
    cancelling.dispose();
  });
  await watching;
  if (code !== 0) throw failed(order.vm, code, output);
  const result = readMoved(await sender.moved());
  if (result) return result;
  throw new UserError(`${order.vm} was migrated, but nothing was written down of where.\n${output.trim()}`);
}

/** Rejects if the VM is where it is to go, and only a script of this host could know how. */
async function wordsFor(
  { path, lab }: OfLab,
  order: MigrationOrder,
  { host, isHome }: Sender,
  parts: MigrationParts,
): Promise<readonly string[]> {
  const { target, vm } = order;
  if (target.kind !== 'here') return migrationWords(lab, order);
  if (isHome) throw new UserError(`${vm} has not left this host. Where it runs: kvmlab status`);
  const home = {
    runRoot: folderOf(parts.runDir(lab.name)),
    scripts: scriptFolder(path, lab),
    ssh: host && (target.via ?? (await wayBack(host, parts.user, await parts.remote()))),
  };
  const id = order.id ?? lab.vms.find(({ name }) => name === vm)?.id;
  return migrationWords(lab, { ...order, id }, home);
}

const failed = (vm: string, code: number, output: string): UserError =>
  new UserError(output.trim() === '' ? `${vmScript(vm)} ended with exit code ${code}.` : output.trim());

/**
 * Tells how far it is until it is over. QEMU serves one client on each socket, and a window that shows the VM stays on that
 * for watchers. So each that does not answer (QEMU may also not have begun, or have ended) has the next one asked.
 */
async function watchProgress(
  sockets: readonly string[],
  { qmp, clock }: MigrationParts,
  over: CancelSignal,
  onProgress: (progress: TransferProgress) => void,
): Promise<void> {
  const tell = (progress: TransferProgress): boolean => {
    if (progress.status === 'active' && !over.aborted) onProgress(progress);
    return true;
  };
  let turn = 0;
  while (!over.aborted) {
    const socket = sockets[turn % sockets.length];
    if (socket === undefined) return;
    const isAnswered = await qmp.ask(socket, queryProgress, over).then(tell, () => false);
    if (!isAnswered) turn += 1;
    await timePassed(clock, lookMs, over);
  }
}
