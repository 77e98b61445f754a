import * as vscode from 'vscode';
import { folderOf } from '../../runtime/paths.ts';
import { pointFacts } from '../../runtime/snapshots/compare-points.ts';
import { presentPoint } from '../../runtime/snapshots/present-point.ts';
import type { SnapshotPoint } from '../../runtime/snapshots/snapshot-point.ts';
import type { Target, TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';
import { pickName, pickPoint, type PickedPoint } from './pick-point.ts';

/** No point has this name. */
const now = '';
const nowItem = { label: '$(circle-outline) Now', description: 'what runs and what the files say', point: now };

/** Two points of a lab, or one and now, side by side: its files, and what its VMs, disks, ports and wires are. */
export async function compareSnapshots(services: Services, args: TargetArguments): Promise<void> {
  const picked = await pickPoint(services, args, 'Compare Which Snapshot?');
  if (!picked) return;
  const other = otherRow(args, picked) ?? (await pickOther(picked));
  if (other === undefined) return;
  const { desk, of, point, points } = picked;
  const second =
    other === now
      ? await desk.look(`Looking at ${of.lab.name}`, parts => presentPoint(of, of.files, parts))
      : points.find(one => one.name === other);
  if (!second) return;
  const [before, after] = [point, second].sort((a, b) => a.takenMs - b.takenMs);
  if (before && after) await showDifferences(services, picked, before, after);
}

/** The second of two rows that are selected. */
function otherRow([, selected]: TargetArguments, { of, point }: PickedPoint): string | undefined {
  // Menus of editors pass their own second argument, so it is not always a list.
  const rows = Array.isArray(selected) ? (selected as readonly Target[]) : [];
  const names = rows.map(row => rowOf([row])).flatMap(row => (row?.thing?.lab === of.path ? (row.snapshot ?? []) : []));
  return names.find(name => name !== point.name);
}

const pickOther = (picked: PickedPoint): Promise<string | undefined> =>
  pickName(
    { ...picked, points: picked.points.filter(one => one !== picked.point) },
    `Compare ${picked.point.name} with…`,
    [nowItem],
  );

interface Sides {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

async function showDifferences(
  { scriptTexts }: Services,
  { of: { path, lab } }: PickedPoint,
  before: SnapshotPoint,
  after: SnapshotPoint,
): Promise<void> {
  const different = sidesOf(folderOf(path), lab.name, before, after).filter(side => side.before !== side.after);
  if (different.length === 0) {
    void vscode.window.showInformationMessage(`${lab.name}: ${before.name} and ${after.name} do not differ.`);
    return;
  }
  const resources = different.map(side => [
    vscode.Uri.file(side.path),
    scriptTexts.hold(side.path, `snapshot ${before.name}`, side.before),
    scriptTexts.hold(side.path, after.name === 'now' ? 'now' : `snapshot ${after.name}`, side.after),
  ]);
  await vscode.commands.executeCommand('vscode.changes', `${lab.name}: ${before.name} ↔ ${after.name}`, resources);
}

/** Files by their names, and what the points say beside them as one more text. */
function sidesOf(folder: string, lab: string, before: SnapshotPoint, after: SnapshotPoint): readonly Sides[] {
  const names = new Set([...before.files, ...after.files].map(({ name }) => name));
  const textIn = (point: SnapshotPoint, name: string): string =>
    point.files.find(file => file.name === name)?.text ?? '';
  const files = [...names].map(name => ({
    path: `${folder}/${name}`,
    before: textIn(before, name),
    after: textIn(after, name),
  }));
  return [...files, { path: `${folder}/${lab} state.txt`, before: stateText(before), after: stateText(after) }];
}

const stateText = (point: SnapshotPoint): string =>
  [...pointFacts(point)].map(([what, value]) => `${what}: ${value}\n`).join('');
