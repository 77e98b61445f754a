import { isSameSubject, type CaptureSubject } from './capture-target.ts';
import type { RunningCapture } from './capture-watch.ts';
import { baseName } from '../paths.ts';
import { byteWords } from '../views/port-words.ts';
import type { RunningSwitch } from '../state.ts';
import { joined, type TreeNode } from '../views/tree-node.ts';

export interface CaptureRowsParts {
  readonly captures: () => readonly RunningCapture[];
  /** Name of the lab in this file. */
  readonly labName: (path: string) => string | undefined;
  readonly switchOf: (pid: number) => RunningSwitch | undefined;
}

/** What a capture of this row captures. Undefined: there is nothing to capture in it. */
export function subjectOfRow(
  node: TreeNode,
  { labName, switchOf }: Omit<CaptureRowsParts, 'captures'>,
): CaptureSubject | undefined {
  const { thing, nic, port, switchPid } = node;
  const of = switchPid === undefined ? undefined : switchOf(switchPid);
  if (of && port !== undefined) return { kind: 'port', lab: of.lab, name: of.name, number: port };
  if (of) return { kind: 'switch', lab: of.lab, name: of.name, number: 0 };
  const lab = thing && labName(thing.lab);
  if (!thing || lab === undefined) return undefined;
  if (thing.kind === 'vm' && nic !== undefined) return { kind: 'nic', lab, name: thing.name, number: nic };
  // On another host, so it has no process here.
  if (node.contextValue === 'switch.running') return { kind: 'switch', lab, name: thing.name, number: 0 };
  return thing.kind === 'wire' ? { kind: 'wire', lab, name: thing.name, number: 0 } : undefined;
}

/** Says in the rows of a tree what is being captured. */
export class CaptureRows {
  private readonly parts: CaptureRowsParts;
  /** By the row without such words, so that a row that has not changed is the same object. */
  private readonly drawn = new WeakMap<TreeNode, TreeNode>();

  constructor(parts: CaptureRowsParts) {
    this.parts = parts;
  }

  apply(node: TreeNode): TreeNode {
    if (this.parts.captures().length === 0) return node;
    const children = node.children.map(child => this.apply(child));
    // Behind the state and before what is there all the time: the end of a long row is not seen.
    const [first, ...others] = node.description.split(' · ');
    const description = joined(first, this.words(node), ...others);
    const isSame = ({ description: words, children: rows }: TreeNode): boolean =>
      words === description && rows.length === children.length && rows.every((row, at) => row === children[at]);
    if (isSame(node)) return node;
    const held = this.drawn.get(node);
    if (held && isSame(held)) return held;
    const next = { ...node, description, children };
    this.drawn.set(node, next);
    return next;
  }

  private words(node: TreeNode): string | undefined {
    const subject = subjectOfRow(node, this.parts);
    if (!subject) return undefined;
    const captures = this.parts
      .captures()
      .filter(one => isSameSubject({ ...one.subject, lab: one.subject.lab }, subject));
    return captures.map(captureWords).join(' · ') || undefined;
  }
}

/** `capturing into lan.pcap (12 kB)`. */
export function captureWords({ file, size, filter }: RunningCapture): string {
  const only = filter === undefined || filter === '' ? '' : ` ${filter}`;
  if (file === undefined) return `capturing${only}`;
  return `capturing${only} into ${baseName(file)}${size === undefined ? '' : ` (${byteWords(size)})`}`;
}
