import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { KvmscriptParts } from './kvmscript-watch.ts';

/** Follows the user's defaults from the first lab on, and not before. */
export function followKvmscript(parts: KvmscriptParts & { readonly store: LabStore }): Disposable {
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
