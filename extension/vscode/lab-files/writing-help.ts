import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Random32 } from '../../lab/networks/random.ts';
import type { HostNetworks, QemuPrograms } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';
import { languageId } from '../commands.ts';

/** What help for writing lab files needs to know. */
export interface WritingParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly hostNetworks: HostNetworks;
  readonly random: Random32;
  readonly qemu: QemuPrograms;
  /** The text from which the lab in the store was read. */
  readonly textOf: (path: string) => string | undefined;
}

/** Signs behind which something can be chosen; letters ask by themselves. */
const triggers = [':', ' ', '-', '{', '[', ',', '"', "'"];

const loadRoom = () => import('./writing-room.ts');

/** Completion, hover and quick fixes for lab files, loaded when the first of them is asked for. */
export function helpWriting(parts: WritingParts): Disposable {
  const owned = new DisposableStore();
  const lab = { language: languageId };
  const completion: vscode.CompletionItemProvider = {
    provideCompletionItems: async (document, position) => (await loadRoom()).complete(document, position, parts),
  };
  owned.add(vscode.languages.registerCompletionItemProvider(lab, completion, ...triggers));
  return owned;
}
