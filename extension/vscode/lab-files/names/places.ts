import * as vscode from 'vscode';
import { placeOfPath } from '../../../language/place-of-path.ts';
import type { Occurrence } from '../../../language/names/lab-index.ts';
import {
  scriptNames,
  scriptOfName,
  scriptOrigin,
  scriptsNaming,
  settingPath,
  type ScriptName,
} from '../../../language/script-names.ts';
import { labOfFile, otherFiles } from '../../../runtime/lab-of-file.ts';
import { scriptFolder } from '../../../runtime/lab-identity.ts';
import type { LabSnapshot } from '../../../runtime/state.ts';
import type { NameParts } from './name-parts.ts';
import { LabText, labTextOf } from './lab-text.ts';

/** Where the name at the cursor is defined; at its definition already, the script of what it names. */
export async function definitionsAt(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.LocationLink[]> {
  const own = labTextOf(document);
  const name = own.index.at(document.offsetAt(position));
  if (!name) return [];
  const script = name.role === 'definition' ? await scriptOf(parts, document, name) : undefined;
  if (script) return [{ originSelectionRange: own.range(name.span), targetUri: script, targetRange: topOfFile }];
  return labTexts(parts, document).flatMap(one =>
    one.index.all(name.kind, name.name, 'definition').map(({ whole, span }) => ({
      originSelectionRange: own.range(name.span),
      targetUri: one.uri,
      targetRange: one.range(whole),
      targetSelectionRange: one.range(span),
    })),
  );
}

/** The script of what is named at the cursor. */
export async function scriptsAt(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Location[]> {
  const name = labTextOf(document).index.at(document.offsetAt(position));
  const script = name && (await scriptOf(parts, document, name));
  return script ? [new vscode.Location(script, topOfFile)] : [];
}

/** Where the name at the cursor stands: in the lab file, in what it includes, and in its scripts. */
export async function referencesAt(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
  withDefinition: boolean,
): Promise<vscode.Location[]> {
  const name = labTextOf(document).index.at(document.offsetAt(position));
  if (!name) return [];
  const inLab = labTexts(parts, document).flatMap(one =>
    one.index
      .all(name.kind, name.name)
      .filter(({ role }) => withDefinition || role === 'reference')
      .map(({ span }) => one.location(span)),
  );
  return [...inLab, ...(await inScripts(parts, document, name))];
}

export function highlightsAt(document: vscode.TextDocument, position: vscode.Position): vscode.DocumentHighlight[] {
  const own = labTextOf(document);
  const name = own.index.at(document.offsetAt(position));
  if (!name) return [];
  const { Read, Write } = vscode.DocumentHighlightKind;
  return own.index
    .all(name.kind, name.name)
    .map(({ span, role }) => new vscode.DocumentHighlight(own.range(span), role === 'definition' ? Write : Read));
}

/** From a script back to its lab file: to the VM or switch that it names there, or to the key that a setting comes from. */
export async function labPlacesOf(
  parts: NameParts,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Location[]> {
  const text = document.getText();
  const origin = scriptOrigin(text);
  if (!origin) return [];
  await parts.whenRead();
  // Whatever a script says of its origin: only files that are labs of this window are opened.
  const { path } = vscode.Uri.joinPath(document.uri, '..', origin.labFile);
  const vms = parts.store.lab(path)?.lab?.vms;
  if (!vms) return [];
  // A VM of a row has its script, and the row its entry in the lab file.
  const entryOf = (name: string): string => vms.find(vm => vm.name === name)?.origin?.row?.name ?? name;
  const labs = labTexts(parts, await vscode.workspace.openTextDocument(vscode.Uri.file(path)));
  const offset = document.offsetAt(position);
  const named = scriptNames(text).find(({ span }) => span.start <= offset && offset <= span.end);
  const name = named?.kind === 'vm' ? entryOf(named.name) : named?.name;
  if (named && name !== undefined)
    return labs.flatMap(lab => lab.index.all(named.kind, name, 'definition').map(({ span }) => lab.location(span)));
  const [section, thing, ...keys] = settingPath(text, offset, origin) ?? [];
  if (section === undefined) return [];
  const setting = [section, section === 'vms' ? entryOf(String(thing)) : String(thing), ...keys];
  return labs.flatMap(lab => {
    const place = placeOfPath(lab.tree, setting);
    return place ? [lab.location(place)] : [];
  });
}

const topOfFile = new vscode.Range(0, 0, 0, 0);

/** The document, and the other files of its labs as they were last read. */
function labTexts({ store, textOf }: NameParts, document: vscode.TextDocument): readonly LabText[] {
  const others = otherFiles(store, document.uri.fsPath, textOf);
  return [labTextOf(document), ...others.map(({ path, text }) => new LabText(vscode.Uri.file(path), text))];
}

interface ScriptPlace {
  readonly snapshot: LabSnapshot;
  readonly folder: string;
}

function scriptPlace({ store }: NameParts, document: vscode.TextDocument): ScriptPlace | undefined {
  const snapshot = labOfFile(store, document.uri.fsPath);
  return snapshot?.lab && { snapshot, folder: scriptFolder(snapshot.path, snapshot.lab) };
}

/** Undefined: what is named has no script, or it was not written yet. */
async function scriptOf(
  parts: NameParts,
  document: vscode.TextDocument,
  { kind, name }: Occurrence,
): Promise<vscode.Uri | undefined> {
  const file = scriptOfName(kind, name);
  const place = scriptPlace(parts, document);
  const path = file === undefined || !place ? undefined : `${place.folder}/${file}`;
  return path !== undefined && (await parts.files.exists(path)) ? vscode.Uri.file(path) : undefined;
}

async function inScripts(
  parts: NameParts,
  document: vscode.TextDocument,
  { kind, name }: Occurrence,
): Promise<readonly vscode.Location[]> {
  const place = scriptPlace(parts, document);
  if (!place?.snapshot.lab || (kind !== 'vm' && kind !== 'switch')) return [];
  const isIt = (one: ScriptName): boolean => one.kind === kind && one.name === name;
  const found = scriptsNaming(place.snapshot.lab, kind, name).map(async file => {
    const path = `${place.folder}/${file}`;
    const text = (await parts.files.read(path)) ?? '';
    const script = new LabText(vscode.Uri.file(path), text);
    return (scriptOrigin(text) ? scriptNames(text) : []).filter(isIt).map(({ span }) => script.location(span));
  });
  return (await Promise.all(found)).flat();
}
