import * as vscode from 'vscode';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

export async function buildGuest({ guest, log, refresh }: Services): Promise<void> {
  const done = await withProgress('Building the tiny guest', (report, signal) =>
    guest.build({
      signal,
      log: line => {
        log.info(line);
        report({ message: line });
      },
    }),
  );
  await refresh();
  void vscode.window.showInformationMessage(done);
}

/** Offers to build the guest if a lab needs one that is not there. */
export async function offerGuest({ guest }: Services): Promise<void> {
  if (await guest.isThere()) return;
  const build = 'Build Tiny Guest';
  const chosen = await vscode.window.showInformationMessage(
    'The VMs of this lab boot the tiny guest, which is not built yet. That takes about a minute and needs no root.',
    build,
  );
  if (chosen === build) await vscode.commands.executeCommand('kvmlab.buildGuest');
}
