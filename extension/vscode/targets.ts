import type { LabSnapshot, ThingRef } from '../runtime/state.ts';
import type { TreeNode } from '../runtime/views/tree-node.ts';
import type { FileUri, Target, TargetArguments } from './commands.ts';

/**
 * The things that a command was called on, each once. All selected rows count if the clicked one is among them;
 * otherwise (a click on another row) only that one. A file stands for the lab in it.
 */
export function thingsOf(args: TargetArguments, labs: readonly LabSnapshot[]): readonly ThingRef[] {
  const [clicked, selected] = args;
  // Menus of editors pass their own second argument, so it is not always a list.
  const rows = Array.isArray(selected) ? (selected as readonly Target[]) : [];
  const isInSelection = clicked !== undefined && rows.includes(clicked);
  const targets = isInSelection ? rows : clicked === undefined ? [] : [clicked];
  const things = targets.flatMap(target => thingOf(target, labs) ?? []);
  return [...new Map(things.map(thing => [JSON.stringify([thing.lab, thing.kind, thing.name]), thing])).values()];
}

/** The row that was clicked, if it was one. */
export function rowOf([clicked]: TargetArguments): TreeNode | undefined {
  return clicked && 'node' in clicked ? clicked.node : undefined;
}

function thingOf(target: Target, labs: readonly LabSnapshot[]): ThingRef | undefined {
  if ('node' in target) return target.node.thing;
  if (isFile(target)) return labThing(target.fsPath, labs);
  // A picture without a thing under the pointer names only its lab.
  return 'kind' in target ? target : undefined;
}

function labThing(path: string, labs: readonly LabSnapshot[]): ThingRef {
  const name = labs.find(lab => lab.path === path)?.lab?.name;
  return { lab: path, kind: 'lab', name: name ?? path.slice(path.lastIndexOf('/') + 1) };
}

const isFile = (target: Exclude<Target, { readonly node: unknown }>): target is FileUri => 'fsPath' in target;
