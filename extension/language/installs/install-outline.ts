import type { TextSpan } from '../../lab/text-span.ts';
import { childOf, textOf } from '../loose-facts.ts';
import type { LooseEntry, LooseList, LooseNode, LooseTree } from '../loose-node.ts';
import { looseVariables } from './install-places.ts';

/** A thing in the outline of an install script; `nameSpan` lies within `span`. */
export interface InstallEntry {
  readonly kind: 'section' | 'variable' | 'step';
  readonly name: string;
  /** A few words: what tells it apart at a glance. */
  readonly detail: string;
  readonly span: TextSpan;
  readonly nameSpan: TextSpan;
  readonly children: readonly InstallEntry[];
}

/** Variables, and steps with those in them, in file order, also while the script is half typed. */
export function installOutline(tree: LooseTree): readonly InstallEntry[] {
  const { root } = tree;
  if (root?.kind !== 'map') return [];
  return root.entries.flatMap(entry => {
    if (entry.key === 'vars') return section(entry, variableEntries(tree));
    return entry.key === 'steps' ? section(entry, stepEntries(entry.value)) : [];
  });
}

/** Where the steps of the script itself begin, with the name of each that has one. */
export function namedSteps({ root }: LooseTree): readonly { readonly name: string; readonly span: TextSpan }[] {
  const steps = childOf(root, 'steps');
  if (steps?.kind !== 'list') return [];
  return steps.items.flatMap(({ value, span }) => {
    const name = textOf(childOf(value, 'name'));
    return name === undefined ? [] : [{ name, span }];
  });
}

const section = ({ key, keySpan, span }: LooseEntry, children: readonly InstallEntry[]): readonly InstallEntry[] => [
  { kind: 'section', name: key, detail: '', span: around(span, keySpan), nameSpan: keySpan, children },
];

/** VS Code takes no entry without a name. */
const variableEntries = (tree: LooseTree): readonly InstallEntry[] =>
  looseVariables(tree)
    .filter(({ name }) => name !== '')
    .map(({ name, entry, value, isSecret }) => ({
      ...{ kind: 'variable', name, detail: isSecret ? 'secret' : (value ?? ''), children: [] },
      ...{ span: around(entry.span, entry.keySpan), nameSpan: entry.keySpan },
    }));

const stepEntries = (steps: LooseNode | undefined): readonly InstallEntry[] =>
  steps?.kind === 'list' ? steps.items.flatMap(({ value }) => (value ? stepEntry(value) : [])) : [];

function stepEntry(step: LooseNode): readonly InstallEntry[] {
  if (step.kind !== 'map') return [];
  const { span } = step;
  const own = textOf(childOf(step, 'name'));
  const words = step.entries.filter(({ key }) => key !== 'name' && key !== 'timeout').map(entryWords);
  const [name = '', ...rest] = own === undefined || own === '' ? words : [own, ...words];
  const inner = step.entries.flatMap(({ value }) => (value?.kind === 'list' ? lists(value) : []));
  return name === '' ? [] : [{ kind: 'step', name, detail: rest.join(' · '), span, nameSpan: span, children: inner }];
}

const lists = (list: LooseList): readonly InstallEntry[] => stepEntries(list);

const longestText = 40;

function entryWords({ key, value }: LooseEntry): string {
  const text = textOf(value);
  if (text === undefined) return key;
  return `${key} ${text.length > longestText ? `${text.slice(0, longestText)}…` : text}`;
}

const around = (one: TextSpan, other: TextSpan): TextSpan => ({
  start: Math.min(one.start, other.start),
  end: Math.max(one.end, other.end),
});
