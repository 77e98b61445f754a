import * as vscode from 'vscode';
import { resolvePath } from '../../../lab/files.ts';
import { findThings } from '../../../language/find-things.ts';
import { labHints } from '../../../language/hints.ts';
import { labLinks, type LabLink } from '../../../language/links.ts';
import { labOfFile } from '../../../runtime/lab-of-file.ts';
import { scriptFolder } from '../../../runtime/lab-identity.ts';
import { folderOf } from '../../../runtime/paths.ts';
import type { LabSnapshot } from '../../../runtime/state.ts';
import type { NameParts } from './name-parts.ts';
import { LabText, labTextOf, spanOf } from './lab-text.ts';

/** What follows from IDs and places of NICs, behind them. Asked while the lab is still being read, it waits for that. */
export async function hintsOf(
  parts: NameParts,
  document: vscode.TextDocument,
  range: vscode.Range,
  token: vscode.CancellationToken,
): Promise<vscode.InlayHint[]> {
  const snapshot = await whenRead(parts, document, token);
  if (!snapshot?.reading.lab) return [];
  const labText = labTextOf(document);
  return labHints(snapshot.reading.lab, spanOf(document, range)).map(({ offset, text, tooltip }) => {
    const hint = new vscode.InlayHint(labText.range({ start: offset, end: offset }).start, text);
    hint.paddingLeft = true;
    hint.tooltip = tooltip;
    return hint;
  });
}

/** The lab as the document says it now; undefined: nobody wants to know any more. */
async function whenRead(
  { store, textOf }: NameParts,
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<LabSnapshot | undefined> {
  const path = document.uri.fsPath;
  const isRead = (): boolean => textOf(path) === document.getText() && store.lab(path) !== undefined;
  while (!isRead() && !token.isCancellationRequested) {
    await new Promise<void>(resolve => {
      const ended = token.onCancellationRequested(() => done());
      const changed = store.onDidChange(({ labs }) => labs.includes(path) && done());
      const done = (): void => {
        ended.dispose();
        changed.dispose();
        resolve();
      };
    });
  }
  return token.isCancellationRequested ? undefined : store.lab(path);
}

/** Only to files that are there: what is missing is a problem of its own. */
export async function linksOf(parts: NameParts, document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
  const labText = labTextOf(document);
  const links = labLinks(labText.tree).map(async link => {
    const path = await firstThere(parts, candidates(parts, document.uri.fsPath, link));
    if (path === undefined) return [];
    const found = new vscode.DocumentLink(labText.range(link.span), vscode.Uri.file(path));
    found.tooltip = path;
    return [found];
  });
  return (await Promise.all(links)).flat();
}

function candidates({ store, home, guestFolder }: NameParts, file: string, { from, path }: LabLink): readonly string[] {
  const snapshot = labOfFile(store, file);
  // Also what is included names files from the folder of the lab file.
  const labPath = snapshot?.path ?? file;
  if (from === 'lab') return [resolvePath(path, folderOf(labPath), home)];
  if (from === 'guest') return [`${folderOf(labPath)}/guest/${path}`, `${guestFolder}/${path}`];
  return snapshot?.lab ? [`${scriptFolder(labPath, snapshot.lab)}/${path}`] : [];
}

async function firstThere({ files }: NameParts, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await files.exists(path)) return path;
  return undefined;
}

const symbolKinds = { vm: vscode.SymbolKind.Class, switch: vscode.SymbolKind.Module, group: vscode.SymbolKind.Package };

/** The VMs, switches and groups of all labs, and the labs themselves. */
export async function symbolsOf(parts: NameParts, query: string): Promise<vscode.SymbolInformation[]> {
  await parts.whenRead();
  return parts.store.labs.flatMap(snapshot => labSymbols(snapshot, query, parts.textOf(snapshot.path) ?? ''));
}

function labSymbols(
  { lab, path, reading }: LabSnapshot,
  query: string,
  text: string,
): readonly vscode.SymbolInformation[] {
  if (!lab) return [];
  const texts = new Map<string, LabText>([[path, new LabText(vscode.Uri.file(path), text)]]);
  for (const one of reading.included ?? [])
    if ('text' in one) texts.set(one.path, new LabText(vscode.Uri.file(one.path), one.text));
  return findThings(lab, query).flatMap(({ kind, name, span }) => {
    const place = texts.get(span.file ?? path)?.location(span);
    if (!place) return [];
    return new vscode.SymbolInformation(name, symbolKinds[kind], `lab ${lab.name}`, place);
  });
}
