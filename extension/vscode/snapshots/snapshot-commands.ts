import * as vscode from 'vscode';
import { sizeWords } from '../../runtime/images/image-list.ts';
import { deleteSnapshot } from '../../runtime/snapshots/delete-snapshot.ts';
import { lostConnections, switchesOf } from '../../runtime/snapshots/lost-connections.ts';
import { restoreQuestion } from '../../runtime/snapshots/restore-question.ts';
import { changedFiles, restoreSnapshot } from '../../runtime/snapshots/restore-snapshot.ts';
import { saveSnapshot } from '../../runtime/snapshots/save-snapshot.ts';
import { memoryBytes, type SnapshotPoint } from '../../runtime/snapshots/snapshot-point.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { askPointName, pickLab, pickPoint } from './pick-point.ts';

const shownMs = 6000;

/** All VMs of a lab at one moment, while they run. */
export async function takeSnapshot(services: Services, args: TargetArguments): Promise<void> {
  const path = await pickLab(services, args, 'Snapshot of Which Lab?');
  if (path === undefined) return;
  const desk = await services.snapshots();
  const of = await desk.open(path, { isSound: true });
  const { points } = await desk.points(of);
  const name = await askName(of.lab.name, points);
  if (name === undefined) return;
  const note = await vscode.window.showInputBox({
    title: `Note on Snapshot ${name}`,
    prompt: 'What this point is about. Enter goes on without one.',
  });
  if (note === undefined) return;
  const point = await desk.work(of, `Taking snapshot ${name} of ${of.lab.name}`, parts =>
    saveSnapshot(of, { name, note: note.trim(), files: of.files }, parts),
  );
  const running = point.vms.filter(({ memory }) => memory).length;
  tell(`snapshot ${name}: ${running} of ${point.vms.length} VMs with memory, ${sizeWords(memoryBytes(point))}.`);
  const lost = lostConnections(of.lab, switchesOf(point));
  if (running > 0 && lost !== undefined) void vscode.window.showInformationMessage(lost);
}

function askName(lab: string, points: readonly SnapshotPoint[]): Promise<string | undefined> {
  let number = points.length + 1;
  while (points.some(({ name }) => name === `snapshot-${number}`)) number += 1;
  const [title, prompt] = [`New Snapshot of Lab ${lab}`, 'Its name. VMs that run stand still for a moment.'];
  return askPointName({ title, prompt, value: `snapshot-${number}` }, points);
}

/** Ends what runs of a lab and makes it what it was, after one question. */
export async function restoreTo(services: Services, args: TargetArguments): Promise<void> {
  const picked = await pickPoint(services, args, 'Restore Which Snapshot?');
  if (!picked) return;
  const { desk, of, point } = picked;
  await services.look();
  const running = of.lab.vms.filter(({ name }) => services.store.lab(of.path)?.vms.get(name)?.kind === 'running');
  const changed = (await changedFiles(of, point, services)).map(({ name }) => name);
  const { question, detail, button } = restoreQuestion({
    ...{ lab: of.lab, point, changed },
    running: running.map(({ name }) => name),
  });
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button) return;
  const withFiles = changed.length > 0;
  await desk.work(of, `Restoring snapshot ${point.name} of ${of.lab.name}`, parts =>
    restoreSnapshot(of, { point, withFiles, readAgain: () => desk.readAgain(of.path) }, parts),
  );
  tell(`lab ${of.lab.name} is what it was at ${point.name}.`);
}

export async function deletePoint(services: Services, args: TargetArguments): Promise<void> {
  const picked = await pickPoint(services, args, 'Delete Which Snapshot?');
  if (!picked) return;
  const { desk, of, point } = picked;
  const remove = 'Delete';
  const detail = `Its memory (${sizeWords(memoryBytes(point))}) and what disks keep of it go away. The lab and its other snapshots stay as they are.`;
  const question = `Delete snapshot ${point.name} of lab ${of.lab.name}?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  await desk.work(of, `Deleting snapshot ${point.name}`, parts => deleteSnapshot(of, point, parts));
  tell(`snapshot ${point.name} is deleted.`);
}

const tell = (words: string): void => void vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, shownMs);
