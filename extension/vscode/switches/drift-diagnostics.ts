import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { Lab, LabReading } from '../../lab/model.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import { placedProblems } from '../../runtime/views/diagnostic-list.ts';
import { driftProblems, type DriftProblem } from '../../runtime/switches/drift-problems.ts';
import type { Clock } from '../../runtime/host.ts';
import type { SwitchPicture } from '../../runtime/switches/port-picture.ts';
import type { LabSnapshot } from '../../runtime/state.ts';
import type { LabStore } from '../../runtime/store.ts';
import { runningSwitch } from '../../runtime/switches/switch-list.ts';
import type { SwitchWatcher } from '../../runtime/switches/switch-watcher.ts';
import { adoptionOf } from '../../runtime/switches/vlan-orders.ts';
import { languageId } from '../commands.ts';
import { diagnosticSource } from '../lab-files/diagnostics.ts';
import { isLabFile } from '../lab-files/lab-files.ts';
import { rangeOf } from '../open-commands.ts';

export interface DriftParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly clock: Clock;
  /** The text from which the lab in the store was read. */
  readonly textOf: (path: string) => string | undefined;
}

/** Long enough for several switches to answer. */
const pauseMs = 200;

interface Shown extends DriftProblem {
  readonly picture: SwitchPicture;
}

/**
 * Says at the places of a lab file how its running switches differ from it, with quick fixes both ways. The switches of lab
 * files that are open are watched for it; of others it says what is known, because some view watches them.
 */
export class DriftDiagnostics implements vscode.CodeActionProvider, Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: DriftParts;
  private readonly collection: vscode.DiagnosticCollection;
  private readonly shown = new Map<string, readonly Shown[]>();
  /** By pid: what was found when the switch, or its lab, changed last. To draw a switch costs a fifth of a millisecond. */
  private readonly found = new Map<number, readonly Shown[]>();
  private readonly told = new Map<string, string>();

  constructor(parts: DriftParts) {
    this.parts = parts;
    this.collection = this.owned.add(vscode.languages.createDiagnosticCollection('kvmlab.drift'));
    const update = this.owned.add(new Coalescer(parts.clock, pauseMs, () => this.update()));
    const request = (): void => update.request();
    this.owned.add(
      parts.store.onDidChange(() => {
        this.found.clear();
        request();
      }),
    );
    this.owned.add(
      parts.switches.onDidChange(pid => {
        this.found.delete(pid);
        request();
      }),
    );
    this.owned.add(vscode.workspace.onDidOpenTextDocument(request));
    this.owned.add(vscode.workspace.onDidCloseTextDocument(request));
    const metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
    const selector = { language: languageId, scheme: 'file' };
    this.owned.add(vscode.languages.registerCodeActionsProvider(selector, this, metadata));
    request();
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const path = document.uri.fsPath;
    const included = this.parts.store.lab(path)?.reading.included;
    return diagnostics.flatMap(diagnostic => {
      const found = this.shown.get(path)?.find(one => isShownAs(diagnostic, one));
      return found ? actionsFor({ ...found, included }, document, diagnostic) : [];
    });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const { store, switches } = this.parts;
    const open = vscode.workspace.textDocuments.filter(isLabFile).map(document => document.uri.fsPath);
    const watched = vscode.workspace.isTrusted ? store.labs.filter(({ path }) => open.includes(path)) : [];
    switches.want(
      'lab files',
      watched.flatMap(snapshot => this.pidsOf(snapshot)),
    );
    for (const snapshot of store.labs) this.show(snapshot);
    for (const path of this.told.keys()) if (!store.lab(path)) this.forget(path);
  }

  private pidsOf(snapshot: LabSnapshot): readonly number[] {
    const { host } = this.parts.store;
    const { path, switches } = snapshot;
    return [...switches.keys()].flatMap(
      name => runningSwitch({ lab: path, kind: 'switch', name }, [snapshot], host.switches)?.pid ?? [],
    );
  }

  private show(snapshot: LabSnapshot): void {
    const { path, reading } = snapshot;
    // Of a text that cannot be read the places are not known.
    const { lab } = reading;
    const all = lab ? this.pidsOf(snapshot).flatMap(pid => this.found.get(pid) ?? this.find(pid, lab)) : [];
    const found = all.map(one => ({ ...one, span: placeInLab(one.span, lab) }));
    this.shown.set(path, found);
    const text = this.parts.textOf(path) ?? '';
    const key = JSON.stringify(found.map(({ message, span }) => [message, span]));
    if (key === (this.told.get(path) ?? '[]')) return;
    this.told.set(path, key);
    this.collection.set(
      vscode.Uri.file(path),
      placedProblems(text, found).map(({ problem, start, end }) => {
        const range = new vscode.Range(start.line, start.column, end.line, end.column);
        const { Information, Warning } = vscode.DiagnosticSeverity;
        const severity = problem.code === 'vlan-drift' ? Warning : Information;
        const diagnostic = new vscode.Diagnostic(range, problem.message, severity);
        return Object.assign(diagnostic, { source: diagnosticSource, code: problem.code });
      }),
    );
  }

  private find(pid: number, lab: Lab): readonly Shown[] {
    const picture = this.parts.switches.picture(pid);
    const found = picture ? driftProblems(lab, picture).map(problem => ({ ...problem, picture })) : [];
    this.found.set(pid, found);
    return found;
  }

  private forget(path: string): void {
    this.collection.delete(vscode.Uri.file(path));
    this.told.delete(path);
    this.shown.delete(path);
  }
}

/** Of what stands in an included file: where the lab file includes. */
const placeInLab = (span: TextSpan, lab: Lab | undefined): TextSpan =>
  span.file === undefined ? span : (lab?.spans?.['include'] ?? { start: 0, end: 0 });

const isShownAs = ({ source, code, message }: vscode.Diagnostic, problem: Shown): boolean =>
  source === diagnosticSource && code === problem.code && message === problem.message;

interface Found extends Shown {
  readonly included: LabReading['included'];
}

function actionsFor(found: Found, document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const { picture, isAdoptable } = found;
  const { name } = picture.of;
  const thing = { lab: document.uri.fsPath, kind: 'switch', name };
  const order = (title: string, command: string): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    return Object.assign(action, { command: { title, command, arguments: [thing] }, diagnostics: [diagnostic] });
  };
  const adopt = isAdoptable ? adoptAction(found, document, diagnostic) : undefined;
  return [
    order(`Apply the lab file to switch ${name}`, 'kvmlab.applyLabFile'),
    ...(adopt ? [adopt] : []),
    order(`Adopt all that runs on switch ${name} into the lab file`, 'kvmlab.adoptIntoLabFile'),
  ];
}

/** Undefined: the entry is written in a way in which nothing can be put safely. */
function adoptAction(
  { picture, port, included }: Found,
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction | undefined {
  if (port === undefined) return undefined;
  const text = document.getText();
  const action = new vscode.CodeAction(`Adopt what runs on port ${port}`, vscode.CodeActionKind.QuickFix);
  const edit = new vscode.WorkspaceEdit();
  try {
    const { edits } = adoptionOf(text, picture, port, included);
    for (const one of edits) edit.replace(document.uri, rangeOf(text, one.span), one.text);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
  return Object.assign(action, { edit, diagnostics: [diagnostic] });
}
