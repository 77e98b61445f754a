import * as vscode from 'vscode';
import { completionAt } from '../../language/completion.ts';
import type { LanguageFacts, NeededKind } from '../../language/facts.ts';
import { baseName } from '../../runtime/paths.ts';
import { labOfFile, otherFiles } from '../../runtime/lab-of-file.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import { usedNetworks } from '../../runtime/used-networks.ts';
import { labFilePattern, partLanguageId } from '../commands.ts';
import { completionList } from './completion-list.ts';
import { filesNear } from './files-near.ts';
import type { WritingParts } from './writing-parts.ts';

/** What can be typed at a place of a lab file. */
export async function complete(
  document: vscode.TextDocument,
  position: vscode.Position,
  parts: WritingParts,
): Promise<vscode.CompletionList | undefined> {
  const found = await completionAt(document.getText(), document.offsetAt(position), factsOf(document, parts));
  return found && completionList(document, position, found);
}

function factsOf({ uri, languageId }: vscode.TextDocument, parts: WritingParts): LanguageFacts {
  const { store, hostNetworks, random, qemu, textOf } = parts;
  const snapshot = labOfFile(store, uri.fsPath);
  return {
    lab: snapshot?.lab,
    part: languageId === partLanguageId ? uri.fsPath : undefined,
    otherTexts: otherFiles(store, uri.fsPath, textOf).map(({ text }) => text),
    labName: baseName(uri.path).replace(/(\.lab)?\.ya?ml$/i, '') || 'lab',
    usedIds: usedIds(store),
    random,
    takenNetworks: () => usedNetworks(store, hostNetworks),
    // Also what is included names files from the folder of the lab file.
    files: kind => filesOf(snapshot ? vscode.Uri.file(snapshot.path) : uri, kind),
    // A workspace that is not trusted starts nothing.
    qemu: () => (vscode.workspace.isTrusted ? qemu.models() : Promise.resolve(undefined)),
  };
}

const patterns: Readonly<Record<NeededKind, string>> = {
  disk: '**/*.{qcow2,img,raw,vmdk,vdi,vhdx}',
  cdrom: '**/*.{iso,ISO}',
  stick: '**/*.{img,raw}',
  kernel: '**/{vmlinuz,bzImage}*',
  initrd: '**/{initrd,initramfs}*',
  include: '**/*.{yaml,yml}',
};

/** Files of the lab's workspace folder, as the lab names them. */
function filesOf(lab: vscode.Uri, kind: NeededKind): Promise<readonly string[]> {
  return filesNear(lab, patterns[kind], kind === 'include' ? labFilePattern : undefined);
}
