import * as vscode from 'vscode';
import type { Finding, LabPatient } from '../../runtime/doctor/check.ts';
import { examine } from '../../runtime/doctor/doctor.ts';
import type { TargetArguments } from '../commands.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { thingsOf } from '../targets.ts';
import { typeInTerminal } from './type-in-terminal.ts';

const icons: Readonly<Record<Finding['state'], string>> = { wrong: 'error', lacks: 'info', fine: 'pass' };

/** Shows what this host has and lacks for a lab. What mends the chosen thing is typed in a terminal, and not run. */
export async function showDoctor(services: Services, args: TargetArguments): Promise<void> {
  await services.whenRead();
  const of = await labOf(services, args);
  if (of === 'none') return;
  await services.look();
  const findings = await withProgress('Looking at this host', (_report, signal) =>
    examine(of, services.doctor, { tryKvm: true, signal }),
  );
  services.hostProblems.look();
  const items = findings.map(one => ({
    label: `$(${icons[one.state]}) ${one.title}`,
    description: one.purpose,
    detail: one.fix === undefined ? one.found : `${one.found} $(terminal) ${one.fix}`,
    fix: one.fix,
  }));
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  const summary = wrong === 0 ? 'Nothing that is needed is missing' : `${wrong} needed and wrong`;
  const picked = await vscode.window.showQuickPick(items, {
    title: of ? `This host, for lab ${of.lab.name}` : 'This host',
    placeHolder: `${summary} · Enter types the command that mends it`,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.fix !== undefined) typeInTerminal('KVM Lab: this host', picked.fix);
}

/** The lab that was clicked, that of the editor, or the only one; else it asks. `none`: the user thought better of it. */
async function labOf({ store }: Services, args: TargetArguments): Promise<LabPatient | undefined | 'none'> {
  const labs = store.labs.flatMap(({ path, lab }) => (lab ? [{ path, lab, snapshot: store.lab(path) }] : []));
  const path = thingsOf(args, store.labs)[0]?.lab ?? vscode.window.activeTextEditor?.document.uri.fsPath;
  const named = labs.find(one => one.path === path);
  if (named || labs.length <= 1) return named ?? labs[0];
  const items = [
    ...labs.map(of => ({ label: of.lab.name, description: vscode.workspace.asRelativePath(of.path), of })),
    { label: 'This host alone', description: 'for labs as such', of: undefined },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Look at this host for which lab?' });
  return picked ? picked.of : 'none';
}
