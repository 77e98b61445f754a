import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { listCaptures } from '../../runtime/capture/capture-list.ts';
import { captureOperands } from '../../runtime/capture/capture-operands.ts';
import { captureWords, subjectOfRow } from '../../runtime/capture/capture-rows.ts';
import {
  isSameSubject,
  subjectFile,
  subjectOperand,
  subjectWords,
  type CaptureSubject,
} from '../../runtime/capture/capture-target.ts';
import type { RunningCapture } from '../../runtime/capture/capture-watch.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { rowOf, thingsOf } from '../targets.ts';

/** Asks for a file and captures into it; that goes on when VS Code is closed. */
export async function captureToFile(services: Services, args: TargetArguments): Promise<void> {
  const subject = await askSubject(services, args, 'Capture what into a file?');
  const file = subject && (await askFile(`${subjectFile(subject)}.pcap`));
  if (!file) return;
  await begin(services, subject, ['-w', file.fsPath]);
}

/** Captures into a tab that shows packets as they come. */
export async function captureInEditor(services: Services, args: TargetArguments): Promise<void> {
  const subject = await askSubject(services, args, 'Show the packets of what?');
  if (!subject) return;
  services.packets.open({ operand: subjectOperand(subject), title: subjectWords(subject), filter: '' });
}

export async function captureInWireshark(services: Services, args: TargetArguments): Promise<void> {
  const subject = await askSubject(services, args, 'Capture what into Wireshark?');
  if (subject) await begin(services, subject, ['--wireshark']);
}

/** Ends the captures of the row; without one, those that are picked. */
export async function stopCapture(services: Services, args: TargetArguments): Promise<void> {
  await services.captures.look();
  const row = rowOf(args);
  const subject = row && clickedSubject(services, args);
  const { captures } = services.captures;
  const chosen = subject
    ? captures.filter(one => isSameSubject(subjectOf(one), subject))
    : await pickCaptures(captures);
  if (subject && chosen.length === 0) throw new UserError(`Nothing captures ${subjectWords(subject)}.`);
  for (const one of chosen) services.captures.end(one);
  await services.captures.look();
}

/** Asks where to, and writes what a tab has kept. */
export async function savePackets(title: string, pcap: Uint8Array): Promise<void> {
  const file = await askFile(`${title.replaceAll(/[^\w.-]+/g, '-')}.pcap`);
  if (file) await vscode.workspace.fs.writeFile(file, pcap);
}

async function begin(services: Services, subject: CaptureSubject, options: readonly string[]): Promise<void> {
  const operands = captureOperands(subjectOperand(subject), services.store.labs);
  const words = await services.captureProcesses.detach([...operands, ...options]);
  services.log.info(words);
  await services.captures.look();
  vscode.window.setStatusBarMessage(`KVM Lab: ${words.replace(' Ctrl+C ends it.', '')}`, 6_000);
}

async function askSubject(
  services: Services,
  args: TargetArguments,
  title: string,
): Promise<CaptureSubject | undefined> {
  await services.whenRead();
  if (rowOf(args)) return clickedSubject(services, args);
  await services.look();
  const { store } = services;
  const [thing] = thingsOf(args, store.labs);
  const all = listCaptures(store.labs, store.host);
  const items = thing ? all.filter(({ subject }) => isPartOf(subject, thing, store.lab(thing.lab)?.lab?.name)) : all;
  if (items.length === 0)
    throw new UserError(`Nothing${thing ? ` of ${thing.name}` : ''} runs that could be captured. Start it first.`);
  if (thing && items.length === 1) return items[0]?.subject;
  const options = { title, placeHolder: 'Choose a NIC, a switch or a wire', matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.subject;
}

function isPartOf(subject: CaptureSubject, thing: ThingRef, lab: string | undefined): boolean {
  const kind = subject.kind === 'nic' ? 'vm' : subject.kind;
  return subject.lab === lab && (thing.kind === 'lab' || (thing.kind === kind && thing.name === subject.name));
}

function clickedSubject({ store }: Services, args: TargetArguments): CaptureSubject | undefined {
  const row = rowOf(args);
  const subject =
    row &&
    subjectOfRow(row, {
      labName: path => store.lab(path)?.lab?.name,
      switchOf: pid => store.host.switches.find(one => one.pid === pid),
    });
  if (row && !subject) throw new UserError(`${row.label} cannot be captured while it does not run.`);
  return subject;
}

async function pickCaptures(captures: readonly RunningCapture[]): Promise<readonly RunningCapture[]> {
  if (captures.length === 0) throw new UserError('Nothing is being captured.');
  const items = captures.map(capture => ({
    label: subjectWords(subjectOf(capture)),
    description: captureWords(capture),
    capture,
  }));
  const options = { title: 'End which captures?', canPickMany: true } as const;
  const picked = (await vscode.window.showQuickPick(items, options)) ?? [];
  return picked.map(({ capture }) => capture);
}

const subjectOf = ({ subject }: RunningCapture): CaptureSubject => ({ ...subject, lab: subject.lab });

/** A new file, in the first folder of the workspace if the user has nothing against it. */
async function askFile(name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = await vscode.window.showSaveDialog({
    title: 'Capture into',
    filters: { 'Packet captures': ['pcap'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  // The dialog has asked whether to replace one that is there; a capture itself replaces nothing.
  if (file) await vscode.workspace.fs.delete(file).then(undefined, () => undefined);
  return file;
}
