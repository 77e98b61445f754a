import * as vscode from 'vscode';
import { CancelSource, type CancelSignal } from '../base/cancel.ts';

export interface ProgressReport {
  readonly message?: string;
  /** Part of the whole that is new, in percent. */
  readonly increment?: number;
}

/** Shows that something long is being done, with a button to call it off. */
export async function withProgress<T>(
  title: string,
  work: (report: (part: ProgressReport) => void, signal: CancelSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancel = new CancelSource();
    const cancelled = token.onCancellationRequested(() => {
      cancel.cancel();
    });
    try {
      return await work(part => {
        progress.report(part);
      }, cancel.signal);
    } finally {
      cancelled.dispose();
    }
  });
}
