import { blockText, flowText } from '../lab/edits/yaml-style.ts';
import type { Plain } from '../lab/reading/plain-data.ts';
import { yamlText } from '../lab/reading/yaml-text.ts';
import { labKeys, vmKeys } from '../lab/schema.ts';
import { labTemplates } from '../lab/templates.ts';
import { freeAddressOn, networkOffers, switchesOf } from './address-offers.ts';
import { snippetText, type Offer } from './completion-item.ts';
import type { LanguageFacts } from './facts.ts';
import type { LooseSwitch } from './loose-facts.ts';
import type { Place } from './place.ts';
import { freeIds } from './value-offers.ts';

/** Of switches there may be many; each more than these would only hide the others. */
const mostSwitches = 8;

/** New things, with their keys, where a name or an item of a list stands; `inner`: column of further lines. */
export async function thingOffers(place: Place, facts: LanguageFacts, inner: number): Promise<readonly Offer[]> {
  const { schema, cursor } = place;
  const { key } = schema;
  const things = new Things(place, facts, inner);
  if (cursor.path.length === 0) return things.labs();
  if (schema.isNamed) {
    if (key === labKeys.vms) return things.vms();
    if (key === labKeys.templates) return things.templates();
    if (key === labKeys.groups) return things.groups();
    return key === labKeys.switches ? things.switches() : [];
  }
  if (typeof cursor.path.at(-1) !== 'number') return [];
  if (key === labKeys.wires) return things.wires();
  if (key === vmKeys.nics) return things.nics();
  return key === vmKeys.disks ? things.disks() : [];
}

/** Both ends of a wire, behind their key. */
export const endOffers = (place: Place, facts: LanguageFacts): readonly Offer[] => new Things(place, facts, 0).ends();

class Things {
  private readonly place: Place;
  private readonly facts: LanguageFacts;
  private readonly inner: number;

  constructor(place: Place, facts: LanguageFacts, inner: number) {
    this.place = place;
    this.facts = facts;
    this.inner = inner;
  }

  /** Whole labs, in a lab file that says nothing yet. */
  labs(): readonly Offer[] {
    if (this.place.tree.root?.kind === 'map' || this.facts.part !== undefined) return [];
    return labTemplates.map(({ label, description, ids, text }) => ({
      label: `lab: ${label}`,
      kind: 'thing',
      detail: description,
      snippet: snippetText(text(this.facts.labName, this.ids(ids))),
    }));
  }

  vms(): readonly Offer[] {
    const name = this.newName('vm', this.place.file.vms);
    const [id] = this.ids(1);
    const named = (detail: string, more: Plain): Offer =>
      this.named(name, `new VM: ${detail}`, { ...(id === undefined ? {} : { id }), ...(more as object) });
    const on = this.someSwitches().map(one =>
      named(`a tiny guest on ${one.name}`, { guest: 'tiny', nics: [this.nic(one)] }),
    );
    const [first] = this.someSwitches();
    const nics = first ? { nics: [{ switch: first.name }] } : {};
    return [
      ...(on.length === 0 ? [named('a tiny guest', { guest: 'tiny' })] : on),
      named('with a disk', { disks: [{ file: `images/${name}.qcow2`, size: '4G' }], ...nics }),
    ];
  }

  templates(): readonly Offer[] {
    const names = this.place.file.templates.map(name => ({ name }));
    return [this.named(this.newName('template', names), 'new template of VMs', { guest: 'tiny', memory: '96M' })];
  }

  async switches(): Promise<readonly Offer[]> {
    const name = this.newName('lan', this.place.file.switches);
    const [offer] = await networkOffers(this.place, this.facts);
    const network = offer?.label;
    return [
      this.named(
        name,
        `new switch${network === undefined ? '' : `: ${network}`}`,
        network === undefined ? {} : { network },
        true,
      ),
      this.named(name, 'new uplink: DHCP and NAT to the outside', { network: '10.0.2.0/24', slirp: true }, true),
      this.named(name, 'new switch that VMs boot from: PXE', { pxe: { root: 'tftp', file: 'boot.ipxe' } }, true),
    ];
  }

  groups(): readonly Offer[] {
    const grouped = new Set(this.place.file.groups.flatMap(({ vms }) => vms));
    const vms = this.place.file.vms.map(({ name }) => name).filter(name => !grouped.has(name));
    const name = this.newName('group', this.place.file.groups);
    const members = vms.slice(0, 1);
    return [
      this.named(name, `new group${vms.length === 0 ? '' : ` of ${members.join(', ')}`}`, { vms: members }, true),
    ];
  }

  wires(): readonly Offer[] {
    return this.pairs().map(between => this.item(`wire ${between.join(' – ')}`, 'between', { between }));
  }

  /** Both ends of a wire at once. */
  ends(): readonly Offer[] {
    return this.pairs().map(pair => ({ label: pair.join(', '), kind: 'thing', snippet: snippetText(flowText(pair)) }));
  }

  /** Each two switches that no wire joins yet, in their order. */
  private pairs(): readonly (readonly [string, string])[] {
    const names = this.someSwitches().map(({ name }) => name);
    const known = new Set(this.place.file.wires.map(ends => [...ends].sort().join(' ')));
    const pairs = names.flatMap((from, at) => names.slice(at + 1).map(to => [from, to] as const));
    return pairs.filter(pair => !known.has([...pair].sort().join(' '))).slice(0, mostSwitches);
  }

  nics(): readonly Offer[] {
    const switches = this.someSwitches();
    const trunks = switches.filter(({ vlans }) => vlans.length > 0);
    return [
      ...switches.map(one => this.item(`NIC on ${one.name}`, `switch: ${one.name}`, this.nic(one))),
      ...trunks.map(({ name, vlans }) =>
        this.item(`trunk on ${name}`, `switch: ${name}`, { switch: name, tagged: vlans.map(Number) }),
      ),
    ];
  }

  disks(): readonly Offer[] {
    const vm = String(this.place.cursor.path[1]);
    return [this.item('new disk of 4G', 'file', { file: `images/${vm}.qcow2`, size: '4G' })];
  }

  private item(label: string, filter: string, data: Plain): Offer {
    return {
      label,
      kind: 'thing',
      filter: `${filter} ${label}`,
      detail: flowText(data),
      snippet: snippetText(flowText(data)),
    };
  }

  private named(name: string, detail: string, data: Plain, isShort = false): Offer {
    const { cursor } = this.place;
    const [key, column] = [yamlText(name), this.inner + 2];
    const text =
      cursor.isFlow || isShort
        ? `${key}: ${flowText(data)}`
        : `${key}:\n${' '.repeat(column)}${blockText(data, true, column, { newline: '\n', step: 2 })}`;
    return { label: name, kind: 'thing', detail, snippet: snippetText(text) };
  }

  private nic(one: LooseSwitch): Plain {
    const address = one.isUplink ? 'dhcp' : freeAddressOn(this.place, this.facts, one);
    return { switch: one.name, ...(address === undefined ? {} : { address }) };
  }

  private someSwitches(): readonly LooseSwitch[] {
    return switchesOf(this.place, this.facts).slice(0, mostSwitches);
  }

  /** What has been typed, else the first name that nothing has. */
  private newName(stem: string, others: readonly { readonly name: string }[]): string {
    const { word } = this.place.cursor;
    if (word.text !== '') return word.text;
    const taken = new Set(others.map(({ name }) => name));
    for (let number = 1; ; number += 1) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
  }

  private ids(count: number): readonly number[] {
    const [first] = freeIds(this.place, this.facts);
    const used = new Set(this.facts.usedIds);
    const ids: number[] = [];
    for (let id = first?.id ?? 1; ids.length < count && id <= 9999; id += 1) if (!used.has(id)) ids.push(id);
    return ids;
  }
}
