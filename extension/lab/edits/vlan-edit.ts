import { isMap, isScalar, isSeq, type Document, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { UserError } from '../../base/user-error.ts';
import { applyEdits } from './edit.ts';
import { thingElsewhere } from './elsewhere.ts';
import type { Refusal } from './lab-edit.ts';
import { withoutJoins } from '../hosts/lab-part.ts';
import type { IncludedFile, Lab } from '../model.ts';
import { pluggedWords, type Plugged } from '../plugs.ts';
import { readLab } from '../reading/reader.ts';
import { editItems, isEmptyValue, joined, pairOf, parseForEdit, replaceValue } from './yaml-edit.ts';
import type { TextEdit } from './yaml-edit.ts';

/** The VLANs that a NIC or a wire is to have; all of them, so that it does not matter what it has now. */
export interface PlugVlans {
  readonly who: Plugged;
  /** 0: none. */
  readonly untagged: number;
  readonly tagged: readonly number[];
}

/** The VLANs that a switch is to have, those of its NICs and wires among them. */
export interface SwitchVlans {
  readonly name: string;
  readonly vlans: readonly number[];
}

/**
 * The smallest edits that give NICs and wires these VLANs, and a switch these: comments, order and layout stay. They are in
 * their order and do not overlap. Throws a UserError that names the one whose entry is written in a way in which nothing
 * can be put safely (an alias, a missing list, broken YAML).
 */
export function editVlans(
  text: string,
  plugs: readonly PlugVlans[],
  of?: SwitchVlans,
  included?: readonly IncludedFile[],
): readonly TextEdit[] {
  const document = parseForEdit(text);
  const before = readLab(text, { included }).lab;
  if (!document || !before) throw new UserError('The lab file cannot be read, so nothing was written into it.');
  const elsewhere = plugs.flatMap(({ who }) => plugElsewhere(before, who) ?? [])[0];
  if (elsewhere) throw new UserError(elsewhere.reason);
  const edits = plugs.flatMap(plug => {
    const map = mapOf(document, before, plug.who);
    return (map && plugEdits(text, map, plug)) ?? refuse(pluggedWords(plug.who));
  });
  const ofSwitch = of
    ? (switchEdits(text, document, of, usedVlans(before, plugs, of.name)) ?? refuseSwitch(before, of.name))
    : [];
  const all = joined([...edits, ...ofSwitch].filter(edit => text.slice(edit.span.start, edit.span.end) !== edit.text));
  // Anchors, odd keys and broken YAML are many; so what comes out is looked at instead of foreseeing all of them.
  const wrong = firstDifference(expected(before, plugs), vlansByName(readLab(applyEdits(text, all), { included }).lab));
  return wrong === undefined ? all : refuse(wrong);
}

function refuse(who: string): never {
  throw new UserError(
    `The lab file's entry of ${who} is written in a way that cannot be changed safely. Change its VLANs by hand.`,
  );
}

function refuseSwitch(lab: Lab, name: string): never {
  const refusal = thingElsewhere(lab, { kind: 'switch', name });
  if (!refusal) refuse(`switch ${name}`);
  throw new UserError(refusal.reason);
}

const plugElsewhere = (lab: Lab, who: Plugged): Refusal | undefined =>
  who.kind === 'nic' ? thingElsewhere(lab, who) : undefined;

function mapOf(document: Document, lab: Lab, who: Plugged): YAMLMap | undefined {
  const root = document.contents;
  if (!isMap(root) || who.kind === 'uplink') return undefined;
  if (who.kind === 'wire') {
    const start = withoutJoins(lab).find(wire => wire.name === who.wire)?.span.start;
    const wires = pairOf(root, 'wires')?.value;
    const found = isSeq(wires) ? wires.items.find(item => isMap(item) && item.range?.[0] === start) : undefined;
    return isMap(found) ? found : undefined;
  }
  const vm = entryOf(root, 'vms', who.vm)?.value;
  const nics = isMap(vm) ? pairOf(vm, 'nics')?.value : undefined;
  const nic = isSeq(nics) ? nics.items[who.nic - 1] : undefined;
  return isMap(nic) ? nic : undefined;
}

function entryOf(root: YAMLMap, key: string, name: string): Pair | undefined {
  const map = pairOf(root, key)?.value;
  return isMap(map) ? pairOf(map, name) : undefined;
}

function plugEdits(text: string, map: YAMLMap, vlans: PlugVlans): readonly TextEdit[] | undefined {
  const untagged = vlans.untagged === 0 ? undefined : String(vlans.untagged);
  const keys = [
    { name: 'vlan', value: untagged, edit: (pair: Pair) => whole(replaceValue(text, pair, untagged ?? '')) },
    {
      name: 'tagged',
      value: vlans.tagged.length === 0 ? undefined : listText(vlans.tagged),
      edit: (pair: Pair) => listEdits(text, pair, vlans.tagged),
    },
  ].map(key => ({ ...key, pair: pairOf(map, key.name) }));
  const removed = keys.flatMap(({ value, pair }) => (pair && value === undefined ? [pair] : []));
  const added = keys.flatMap(({ name, value, pair }) => (pair || value === undefined ? [] : [`${name}: ${value}`]));
  const changed = keys.map(({ value, pair, edit }) => (pair && value !== undefined ? edit(pair) : []));
  return allOf([...changed, editItems(text, map, item => removed.some(pair => pair === item), added)]);
}

const whole = (edit: TextEdit | undefined): readonly TextEdit[] | undefined => edit && [edit];

/** Undefined if one is missing. */
function allOf(lists: readonly (readonly TextEdit[] | undefined)[]): readonly TextEdit[] | undefined {
  const found = lists.filter(list => list !== undefined);
  return found.length < lists.length ? undefined : found.flat();
}

/** Of `[10, 20]`, `10` and `{ 10: 10.0.10.1/24 }`: what stays keeps its place and its addresses. */
function listEdits(text: string, pair: Pair, vlans: readonly number[]): readonly TextEdit[] | undefined {
  const { value } = pair;
  if (!isMap(value) && !isSeq(value)) return anew(text, pair, vlans);
  const now = vlansOf(value);
  if (now.length === vlans.length && now.every(vlan => vlans.includes(vlan))) return [];
  if (!now.some(vlan => vlans.includes(vlan)) || isOneLine(text, value)) return anew(text, pair, vlans);
  const added = vlans.filter(vlan => !now.includes(vlan)).map(vlan => (isMap(value) ? `${vlan}:` : String(vlan)));
  return editItems(text, value, item => !vlans.includes(vlanOf(item)), added);
}

const anew = (text: string, pair: Pair, vlans: readonly number[]): readonly TextEdit[] | undefined =>
  whole(replaceValue(text, pair, listText(vlans)));

/** `[10, 20]`: written anew in its order, as one would by hand. */
const isOneLine = (text: string, list: YAMLMap | YAMLSeq): boolean =>
  isSeq(list) &&
  list.flow === true &&
  !/[\n#]/.test(text.slice(list.range?.[0], list.range?.[1])) &&
  list.items.every(item => isScalar(item) && typeof item.value === 'number');

const vlansOf = (list: YAMLMap | YAMLSeq): readonly number[] => list.items.map(vlanOf);

function vlanOf(item: unknown): number {
  const node = typeof item === 'object' && item !== null && 'key' in item ? item.key : item;
  return isScalar(node) ? Number(node.value) : NaN;
}

const listText = (vlans: readonly number[]): string => `[${[...vlans].sort((a, b) => a - b).join(', ')}]`;

/** Declares the VLANs that no NIC or wire of the switch has, and no longer those that it is not to have. */
function switchEdits(
  text: string,
  document: Document,
  { name, vlans }: SwitchVlans,
  used: ReadonlySet<number>,
): readonly TextEdit[] | undefined {
  const entry = isMap(document.contents) ? entryOf(document.contents, 'switches', name) : undefined;
  const pair = isMap(entry?.value) ? pairOf(entry.value, 'vlans') : undefined;
  const declared = declaredVlans(pair?.value);
  const kept = declared.filter(vlan => vlans.includes(vlan));
  const wanted = [...kept, ...vlans.filter(vlan => !used.has(vlan) && !declared.includes(vlan))];
  if (wanted.join() === declared.join()) return [];
  if (pair && wanted.length > 0) return listEdits(text, pair, wanted);
  return entry && (pair ? withoutPair(text, entry, pair) : withKey(text, entry, `vlans: ${listText(wanted)}`));
}

function declaredVlans(value: unknown): readonly number[] {
  if (isMap(value) || isSeq(value)) return vlansOf(value);
  return isScalar(value) ? [vlanOf(value)] : [];
}

function withoutPair(text: string, entry: Pair, pair: Pair): readonly TextEdit[] | undefined {
  if (!isMap(entry.value)) return undefined;
  return entry.value.items.length > 1
    ? editItems(text, entry.value, item => item === pair, [])
    : whole(replaceValue(text, entry, '{}'));
}

function withKey(text: string, entry: Pair, key: string): readonly TextEdit[] | undefined {
  if (isMap(entry.value) && entry.value.items.length > 0) return editItems(text, entry.value, () => false, [key]);
  return isMap(entry.value) || isEmptyValue(entry.value) ? whole(replaceValue(text, entry, `{ ${key} }`)) : undefined;
}

function usedVlans(lab: Lab, plugs: readonly PlugVlans[], name: string): ReadonlySet<number> {
  const after = expected(lab, plugs);
  const nics = lab.vms.flatMap(vm =>
    vm.nics.filter(nic => nic.switch === name).map(nic => nicName(vm.name, nic.number)),
  );
  const wires = withoutJoins(lab)
    .filter(wire => wire.ends.some(end => end.switch === name))
    .map(wire => wireName(wire.name));
  const all = [...nics, ...wires].flatMap(who => after.get(who) ?? []);
  return new Set(all.flatMap(({ untagged, tagged }) => [untagged, ...tagged]));
}

type Vlans = Pick<PlugVlans, 'untagged' | 'tagged'>;

const nicName = (vm: string, nic: number): string => pluggedWords({ kind: 'nic', vm, nic });
const wireName = (wire: string): string => pluggedWords({ kind: 'wire', wire });

/** By the words for who it is. */
function vlansByName(lab: Lab | undefined): ReadonlyMap<string, Vlans> {
  const nics = (lab?.vms ?? []).flatMap(vm =>
    vm.nics.map(({ number, vlan, tagged }): [string, Vlans] => [
      nicName(vm.name, number),
      { untagged: vlan ?? 0, tagged: tagged.map(one => one.vlan) },
    ]),
  );
  const wires = withoutJoins(lab ?? { wires: [] }).map(({ name, vlan, tagged }): [string, Vlans] => [
    wireName(name),
    { untagged: vlan ?? 0, tagged },
  ]);
  return new Map([...nics, ...wires]);
}

const expected = (lab: Lab, plugs: readonly PlugVlans[]): ReadonlyMap<string, Vlans> =>
  new Map([...vlansByName(lab), ...plugs.map((plug): [string, Vlans] => [pluggedWords(plug.who), plug])]);

function firstDifference(wanted: ReadonlyMap<string, Vlans>, found: ReadonlyMap<string, Vlans>): string | undefined {
  const words = (vlans: Vlans | undefined): string =>
    vlans ? [vlans.untagged, ...[...new Set(vlans.tagged)].sort((a, b) => a - b)].join() : '';
  return [...wanted.keys()].find(who => words(wanted.get(who)) !== words(found.get(who)));
}
