import type { ThingId } from '../../diagram/thing-id.ts';
import type { LabThing } from '../../lab/edits/lab-edit.ts';
import type { LabSnapshot, ThingRef } from '../state.ts';
import { isActive } from '../views/thing-list.ts';
import type { TreeNode } from '../views/tree-node.ts';

/** What an edit of a lab is called on. */
export interface EditTarget {
  /** Absolute path of the lab file. */
  readonly lab: string;
  /** Empty: the lab itself. */
  readonly things: readonly LabThing[];
}

/** As menus of a picture name what is selected there. */
export interface PictureTarget {
  readonly lab: string;
  readonly selection: readonly ThingId[];
}

type Clicked = { readonly node: TreeNode } | ThingRef | PictureTarget | { readonly fsPath: string };

/** What was clicked, with what else of its lab is selected if it is among that. Undefined: nothing was. */
export function editTarget(clicked: Clicked | undefined, selected: readonly Clicked[]): EditTarget | undefined {
  if (clicked === undefined) return undefined;
  const all = selected.includes(clicked) ? selected : [clicked];
  const targets = all.flatMap(one => ownTarget(one) ?? []);
  const [first] = targets;
  if (!first) return undefined;
  return { lab: first.lab, things: targets.filter(({ lab }) => lab === first.lab).flatMap(({ things }) => things) };
}

function ownTarget(clicked: Clicked): EditTarget | undefined {
  if ('fsPath' in clicked) return { lab: clicked.fsPath, things: [] };
  if ('selection' in clicked) return { lab: clicked.lab, things: clicked.selection.flatMap(id => labThing(id) ?? []) };
  const thing = 'node' in clicked ? clicked.node.thing : clicked;
  if (!thing) return undefined;
  const { lab, kind, name } = thing;
  const nic = 'node' in clicked ? clicked.node.nic : undefined;
  if (nic !== undefined) return { lab, things: [{ kind: 'nic', vm: name, nic }] };
  return { lab, things: kind === 'lab' ? [] : [{ kind, name }] };
}

/** Undefined: not a thing of the file by itself, such as an uplink. */
function labThing(id: ThingId): LabThing | undefined {
  const [kind, name, nic] = JSON.parse(id) as readonly unknown[];
  if (typeof name !== 'string') return undefined;
  if (kind === 'link') return typeof nic === 'number' ? { kind: 'nic', vm: name, nic } : undefined;
  // A name with a slash is no VM's: it is what a switch or a wire brings along.
  const wire = /^(.+)\/outside$/.exec(name)?.[1];
  if (kind === 'node' && wire !== undefined) return { kind: 'wire', name: wire };
  if (kind === 'node') return name.includes('/') ? undefined : { kind: 'vm', name };
  if (kind === 'network') return { kind: 'switch', name };
  return kind === 'wire' || kind === 'group' ? { kind, name } : undefined;
}

/** Those of the things that run, in words; empty: none. */
export function runningWords(things: readonly LabThing[], snapshot: LabSnapshot | undefined): string {
  const names = things.flatMap(thing => {
    const states = { vm: snapshot?.vms, switch: snapshot?.switches, wire: snapshot?.wires };
    const [kind, name] = thing.kind === 'nic' ? (['vm', thing.vm] as const) : [thing.kind, thing.name];
    const state = kind === 'group' ? undefined : states[kind]?.get(name);
    return state && isActive(state) ? [name] : [];
  });
  return [...new Set(names)].join(', ');
}
