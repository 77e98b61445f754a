import type { TextSpan } from '../lab/text-span.ts';
import type { LooseEntry, LooseMap, LooseNode, LooseTree } from './loose-node.ts';

/** A thing in the outline of a lab file; `nameSpan` lies within `span`. */
export interface OutlineEntry {
  readonly kind: 'property' | 'section' | 'vm' | 'template' | 'switch' | 'image' | 'group' | 'wire' | 'nic' | 'check';
  readonly name: string;
  /** A few words: what tells it apart at a glance. */
  readonly detail: string;
  readonly span: TextSpan;
  readonly nameSpan: TextSpan;
  readonly children: readonly OutlineEntry[];
}

/** The sections of a lab file with the things in them, in file order, also while it is half typed. */
export function labOutline({ root }: LooseTree): readonly OutlineEntry[] {
  return mapOf(root).flatMap(entry => sectionOf(entry) ?? []);
}

/** Sections that hold things by their names. */
const named = {
  ...({ switches: 'switch', vms: 'vm', templates: 'template', images: 'image' } as const),
  ...({ groups: 'group', checks: 'check' } as const),
};

function sectionOf(entry: LooseEntry): OutlineEntry | undefined {
  const { key, value } = entry;
  if (Object.hasOwn(named, key)) {
    const kind = named[key as keyof typeof named];
    return outlineEntry(
      'section',
      entry,
      '',
      mapOf(value).flatMap(one => thingOf(kind, one) ?? []),
    );
  }
  if (key === 'wires') return outlineEntry('section', entry, '', itemsOf(value).flatMap(wireOf));
  return outlineEntry('property', entry, textOf(value), []);
}

/** Undefined: its name is not there yet, and VS Code takes no entry without one. */
function outlineEntry(
  kind: OutlineEntry['kind'],
  { key, keySpan, span }: LooseEntry,
  detail: string,
  children: readonly OutlineEntry[],
): OutlineEntry | undefined {
  const whole = { start: Math.min(span.start, keySpan.start), end: Math.max(span.end, keySpan.end) };
  return key === '' ? undefined : { kind, name: key, detail, span: whole, nameSpan: keySpan, children };
}

function thingOf(kind: (typeof named)[keyof typeof named], entry: LooseEntry): OutlineEntry | undefined {
  const keys = keysOf(entry.value);
  const nics = itemsOf(keys.get('nics'));
  switch (kind) {
    case 'vm':
    case 'template': {
      const row = textOf(keys.get('count'));
      const switches = [...new Set(nics.map(({ node }) => textOf(keysOf(node).get('switch'))))];
      return outlineEntry(
        kind,
        entry,
        words(textOf(keys.get('id')), row === '' ? '' : `× ${row}`, switches.filter(Boolean).join(', ')),
        nics.map(nicOf),
      );
    }
    case 'switch':
      return outlineEntry(kind, entry, words(textOf(keys.get('network')), ...waysOut(keys)), []);
    case 'image':
      return outlineEntry(kind, entry, textOf(keys.get('file')) || textOf(keys.get('url')), []);
    case 'group':
      return outlineEntry(kind, entry, textOf(keys.get('vms')), []);
    case 'check':
      return outlineEntry(kind, entry, textOf(entry.value) || textOf(keys.get('check')) || textOf(keys.get('run')), []);
  }
}

const waysOut = (keys: ReadonlyMap<string, LooseNode>): readonly string[] => [
  ...(keys.has('slirp') && textOf(keys.get('slirp')) !== 'false' ? ['uplink'] : []),
  ...(keys.has('pxe') ? ['PXE'] : []),
  ...(keys.has('tap') ? ['tap'] : []),
];

interface PlacedItem {
  readonly node: LooseNode;
  readonly number: number;
}

function nicOf({ node, number }: PlacedItem): OutlineEntry {
  const keys = keysOf(node);
  const detail = words(textOf(keys.get('switch')), textOf(keys.get('address')));
  return { kind: 'nic', name: `NIC ${number}`, detail, span: node.span, nameSpan: node.span, children: [] };
}

function wireOf({ node }: PlacedItem): readonly OutlineEntry[] {
  const keys = keysOf(node);
  const between = keys.get('between');
  const name = itemsOf(between)
    .map(end => textOf(end.node))
    .join(' – ');
  const tagged = textOf(keys.get('tagged'));
  const detail = tagged === '' ? '' : `tagged ${tagged}`;
  if (name === '' || !between) return [];
  return [{ kind: 'wire', name, detail, span: node.span, nameSpan: between.span, children: [] }];
}

const words = (...parts: readonly string[]): string => parts.filter(part => part !== '').join(' · ');

const mapOf = (node: LooseNode | undefined): LooseMap['entries'] => (node?.kind === 'map' ? node.entries : []);

function itemsOf(node: LooseNode | undefined): readonly PlacedItem[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap(({ value }, index) => (value ? [{ node: value, number: index + 1 }] : []));
}

/** The first one of each key counts. */
function keysOf(node: LooseNode | undefined): ReadonlyMap<string, LooseNode> {
  const keys = new Map<string, LooseNode>();
  for (const { key, value } of mapOf(node)) if (value && !keys.has(key)) keys.set(key, value);
  return keys;
}

/** A text, or those of a list. */
function textOf(node: LooseNode | undefined): string {
  if (node?.kind === 'scalar') return node.style === 'block' ? '' : node.text;
  return itemsOf(node)
    .map(item => textOf(item.node))
    .filter(text => text !== '')
    .join(', ');
}
