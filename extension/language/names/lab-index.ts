import { formatIp, parseIp } from '../../lab/networks/cidr.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import type { LooseEntry, LooseNode, LooseTree } from '../loose-node.ts';
import { labPlaces, type NameKind, type Naming, type Place } from './name-places.ts';

/** A name where it stands in a lab file, without quotes. */
export interface Occurrence {
  readonly kind: NameKind;
  readonly name: string;
  readonly role: Naming['role'];
  readonly span: TextSpan;
  /** A definition: all that is said of the thing. A reference: the same as `span`. */
  readonly whole: TextSpan;
}

/** Every name of a lab file: where it is defined and where it is used. Half-typed files have those that can be seen. */
export class LabIndex {
  /** In file order. */
  readonly occurrences: readonly Occurrence[];
  private readonly byName = new Map<string, Occurrence[]>();

  constructor(text: string, tree: LooseTree) {
    const found = new NameCollector(text).of(tree).sort((a, b) => a.span.start - b.span.start);
    const vms = new Set(found.filter(isVmEntry).map(({ name }) => name));
    this.occurrences = oneOfEachPlace(found.map(one => ofRow(one, vms)));
    for (const one of this.occurrences) {
      const known = this.byName.get(keyOf(one.kind, one.name));
      if (known) known.push(one);
      else this.byName.set(keyOf(one.kind, one.name), [one]);
    }
  }

  /** The name at an offset, or that ends there. */
  at(offset: number): Occurrence | undefined {
    let [low, high] = [0, this.occurrences.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const one = this.occurrences[middle];
      if (!one || offset < one.span.start) high = middle - 1;
      else if (offset > one.span.end) low = middle + 1;
      else return one;
    }
    return undefined;
  }

  /** Where this name stands, in file order; of one role or of both. */
  all(kind: NameKind, name: string, role?: Naming['role']): readonly Occurrence[] {
    const found = this.byName.get(keyOf(kind, name)) ?? [];
    return role === undefined ? found : found.filter(one => one.role === role);
  }
}

const isVmEntry = ({ kind, role }: Occurrence): boolean => kind === 'vm' && role === 'definition';

/** `web-2` and `web-*` speak of the entry `web`, which makes a row (`count`), where there is none of their own. */
function ofRow(one: Occurrence, vms: ReadonlySet<string>): Occurrence {
  const row = /^(.+)-(?:\d+|\*)$/.exec(one.name)?.[1];
  if (one.kind !== 'vm' || one.role !== 'reference' || row === undefined) return one;
  if (vms.has(one.name) || !vms.has(row)) return one;
  const span = { start: one.span.start, end: one.span.start + row.length };
  return { ...one, name: row, span, whole: span };
}

/** Where a name could be that of several kinds of things, it is that of the first kind that has it; else of the first kind. */
function oneOfEachPlace(found: readonly Occurrence[]): readonly Occurrence[] {
  const isSamePlace = (a: Occurrence, b: Occurrence | undefined): boolean =>
    a.role === 'reference' && b?.role === 'reference' && a.span.start === b.span.start;
  if (!found.some((one, at) => isSamePlace(one, found[at + 1]))) return found;
  const defined = new Set(found.flatMap(one => (one.role === 'definition' ? [keyOf(one.kind, one.name)] : [])));
  const kept: Occurrence[] = [];
  for (const one of found) {
    const last = kept.at(-1);
    if (!last || !isSamePlace(one, last)) kept.push(one);
    else if (defined.has(keyOf(one.kind, one.name)) && !defined.has(keyOf(last.kind, last.name)))
      kept[kept.length - 1] = one;
  }
  return kept;
}

const keyOf = (kind: NameKind, name: string): string => `${kind} ${name}`;

class NameCollector {
  private readonly found: Occurrence[] = [];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  of({ root }: LooseTree): Occurrence[] {
    this.value(root, labPlaces);
    return this.found;
  }

  private value(node: LooseNode | undefined, place: Place): void {
    if (node?.kind === 'map') for (const entry of node.entries) this.entry(entry, place);
    if (node?.kind === 'scalar' && node.style !== 'block') this.names(node.text, node.span, undefined, place.text);
    if (node?.kind !== 'list') return;
    for (const { value } of node.items) {
      // A list where one text may stand: each of its items is such a text.
      if (value?.kind === 'scalar') this.value(value, place.items ?? place);
      else if (place.items) this.value(value, place.items);
    }
  }

  private entry({ key, keySpan, value, span }: LooseEntry, place: Place): void {
    this.names(key, keySpan, span, place.key);
    const own = place.keys && Object.hasOwn(place.keys, key) ? place.keys[key] : place.each;
    if (own) this.value(value, own);
  }

  private names(text: string, span: TextSpan, whole: TextSpan | undefined, namings: readonly Naming[] = []): void {
    for (const { kind, role, part } of namings) {
      const found = part ? part.exec(text) : { 0: text, index: 0 };
      if (!found || found[0] === '' || text.startsWith('*')) continue;
      const place = this.inside(text, span, found.index, found[0].length);
      this.found.push({ kind, name: nameOf(kind, found[0]), role, span: place, whole: whole ?? place });
    }
  }

  /** Where a part of a text is in the file; all between its quotes where escapes make that hard to say. */
  private inside(text: string, { start, end }: TextSpan, index: number, length: number): TextSpan {
    const isQuoted = /["']/.test(this.text.charAt(start));
    const first = isQuoted ? start + 1 : start;
    const last = isQuoted && end > first && this.text[end - 1] === this.text[start] ? end - 1 : end;
    if (last - first !== text.length) return { start: first, end: last };
    return { start: first + index, end: first + index + length };
  }
}

/** One word for one thing: `0x0a` is VLAN 10, `FD00:0::1` is `fd00::1`. */
function nameOf(kind: NameKind, text: string): string {
  if (kind === 'vlan' && Number.isInteger(Number(text))) return String(Number(text));
  // An IPv4 address can be written in one way only.
  if (kind !== 'address' || !text.includes(':')) return text;
  const address = parseIp(text);
  return address ? formatIp(address) : text;
}
