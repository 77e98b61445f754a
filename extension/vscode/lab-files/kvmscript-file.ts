import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Files } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';

export interface KvmscriptParts {
  /** Of `~/.kvmscript`. */
  readonly path: string;
  readonly store: LabStore;
  readonly files: Pick<Files, 'read'>;
  /** The file has changed on the disk, and the labs with it. */
  readonly changed: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** Follows the user's defaults from the first lab on, and not before. */
export function followKvmscript(parts: KvmscriptParts): Disposable {
  const owned = new DisposableStore();
  const waiting = owned.add(
    parts.store.onDidChange(() => {
      if (parts.store.labs.length === 0) return;
      waiting.dispose();
      void import('./kvmscript-watch.ts').then(({ watchKvmscript }) => owned.add(watchKvmscript(parts)));
    }),
  );
  return owned;
}
