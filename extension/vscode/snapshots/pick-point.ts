import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { isPointName, type SnapshotPoint } from '../../runtime/snapshots/snapshot-point.ts';
import { pointWords } from '../../runtime/snapshots/snapshot-rows.ts';
import { treeOfPoints } from '../../runtime/snapshots/snapshot-tree.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';
import type { OpenedLab, SeenPoints, SnapshotDesk } from './snapshot-desk.ts';

/** A point of a lab, with the others beside it. */
export interface PickedPoint extends SeenPoints {
  readonly desk: SnapshotDesk;
  readonly of: OpenedLab;
  readonly point: SnapshotPoint;
}

/** The lab that a command was called on, or that the user picks. Undefined: the user thought better of it. */
export async function pickLab(services: Services, args: TargetArguments, title: string): Promise<string | undefined> {
  const list = () => labsOf(services.store.labs);
  return (await thingsOrPick(services, args, { title, list, canPickMany: false }))[0]?.lab;
}

/** The point of the row that was clicked, or one that the user picks. */
export async function pickPoint(
  services: Services,
  args: TargetArguments,
  title: string,
): Promise<PickedPoint | undefined> {
  const path = await pickLab(services, args, 'Snapshots of Which Lab?');
  if (path === undefined) return undefined;
  const desk = await services.snapshots();
  const of = await desk.open(path, { isSound: false });
  const known = await desk.points(of);
  if (known.points.length === 0) throw noPoints(of);
  const name = rowOf(args)?.snapshot ?? (await pickName(known, title));
  if (name === undefined) return undefined;
  const point = known.points.find(one => one.name === name);
  if (!point) throw new UserError(`Lab ${of.lab.name} has no snapshot ${name} any more.`);
  return { desk, of, point, ...known };
}

/** In the order of the tree. `first`: what else can be picked. */
export async function pickName(
  { points, current, nowMs }: SeenPoints,
  title: string,
  first: readonly PointItem[] = [],
): Promise<string | undefined> {
  const items = treeOfPoints(points).map(({ point, depth }) => ({
    label: `${'    '.repeat(depth)}$(${point.name === current ? 'target' : 'git-commit'}) ${point.name}`,
    description: pointWords(point, current, nowMs),
    point: point.name,
  }));
  const picked = await vscode.window.showQuickPick([...first, ...items], { title, matchOnDescription: true });
  return picked?.point;
}

/** The name of a point that a lab does not have yet. */
export async function askPointName(
  question: { readonly title: string; readonly prompt: string; readonly value: string },
  points: readonly SnapshotPoint[],
): Promise<string | undefined> {
  return vscode.window.showInputBox({
    ...question,
    validateInput: name => {
      if (points.some(point => point.name === name)) return `There is a snapshot ${name} already.`;
      return isPointName(name) ? undefined : 'Letters, digits, dots and dashes, at most 60.';
    },
  });
}

export interface PointItem extends vscode.QuickPickItem {
  readonly point: string;
}

const noPoints = ({ path, lab }: OpenedLab): UserError =>
  new UserError(`Lab ${lab.name} has no snapshots yet.`, [
    {
      title: 'Take Snapshot…',
      command: 'kvmlab.takeSnapshot',
      args: [{ lab: path, kind: 'lab', name: lab.name }],
    },
  ]);
