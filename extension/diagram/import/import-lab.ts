import { highestId, lowestId } from '../../lab/networks/addressing.ts';
import type { LabReading } from '../../lab/model.ts';
import { yamlText } from '../../lab/reading/yaml-text.ts';
import type { DiagReading } from '../language/reader.ts';
import { placeComments, type PlacedComments } from './comments.ts';
import { withoutRefused } from './refused.ts';
import { planImport, type ImportPlan, type PlannedNic, type PlannedSwitch, type PlannedVm } from './plan.ts';

export interface ImportedLab {
  /** Of a lab file. */
  readonly text: string;
  /** What the lab file does not have: one sentence each. */
  readonly losses: readonly string[];
}

export interface ImportOptions {
  /** Of the lab; safe. */
  readonly name: string;
  /** IDs that no VM may get. */
  readonly usedIds: Iterable<number>;
  /** Reads and checks a lab file. Handed in, as it is as big as all else here. */
  readonly readLab: (text: string) => LabReading;
}

/** A lab of tiny guests in the shape of a diagram. `text` is what was read, for its comments. */
export function importLab(text: string, { diagram, syntax }: DiagReading, options: ImportOptions): ImportedLab {
  const render = (plan: ImportPlan): string => labText(plan, options, placeComments(text, syntax, plan));
  let plan = planImport(diagram);
  let made = render(plan);
  // What a lab's own checks refuse would keep it from starting. To take one address away can free another one.
  for (let round = 0; round < mostRounds; round += 1) {
    const sound = withoutRefused(plan, options.readLab(made));
    if (!sound) break;
    plan = sound;
    made = render(plan);
  }
  return { text: made, losses: plan.losses.lines('Not carried over') };
}

const mostRounds = 3;

function labText(plan: ImportPlan, options: ImportOptions, comments: PlacedComments): string {
  const lines = [
    ...comments.atTop,
    `name: ${yamlText(options.name)}`,
    ...(plan.title === undefined ? [] : [`description: ${yamlText(plan.title)}`]),
    'defaults: { memory: 96M } # enough for the tiny guest',
    ...section(
      'switches',
      plan.switches.flatMap(one => switchLines(one, plan, comments)),
    ),
    ...section('vms', vmSection(plan, options, comments)),
    ...section('groups', plan.groups.map(groupLine)),
    ...section(
      'wires',
      plan.wires.map(([from, to]) => `  - { between: [${yamlText(from)}, ${yamlText(to)}] }`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(key: string, lines: readonly string[]): readonly string[] {
  if (lines.length > 0) return ['', `${key}:`, ...lines];
  return key === 'vms' || key === 'switches' ? ['', `${key}: {}`] : [];
}

/** What a switch has unless its file says otherwise. */
const usualPorts = 31;

function switchLines(one: PlannedSwitch, { wires }: ImportPlan, comments: PlacedComments): readonly string[] {
  const { name, source, description, network, isUplink, tap, plugs } = one;
  const ports = plugs + wires.filter(ends => ends.includes(name)).length;
  const tapKeys = tap && [
    `interface: ${yamlText(tap.interface)}`,
    ...(tap.address === undefined ? [] : [`address: ${yamlText(tap.address)}`]),
  ];
  const keys = [
    ...(description === undefined ? [] : [`description: ${yamlText(description)}`]),
    ...(network === undefined ? [] : [`network: ${yamlText(network)}`]),
    ...(isUplink ? ['slirp: true'] : []),
    ...(tapKeys ? [`tap: { ${tapKeys.join(', ')} }`] : []),
    ...(ports > usualPorts ? [`ports: ${ports}`] : []),
  ];
  const line = `  ${yamlText(name)}: {${keys.length === 0 ? '' : ` ${keys.join(', ')} `}}`;
  return [...indented(comments.take(source.span)), line];
}

function vmSection(plan: ImportPlan, { usedIds }: ImportOptions, comments: PlacedComments): readonly string[] {
  const used = new Set(usedIds);
  let id = lowestId - 1;
  return plan.vms.flatMap(vm => {
    do id += 1;
    while (used.has(id));
    if (id > highestId) {
      plan.losses.add('VMs for which no ID is left', vm.name);
      return [];
    }
    return [...indented(comments.take(vm.source.span)), ...vmLines(vm, id)];
  });
}

function vmLines({ name, description, isRouter, nics }: PlannedVm, id: number): readonly string[] {
  return [
    `  ${yamlText(name)}:`,
    `    id: ${id}`,
    ...(description === undefined ? [] : [`    description: ${yamlText(description)}`]),
    `    guest: tiny`,
    ...(isRouter ? ['    forward: true # it routes between its NICs'] : []),
    ...(nics.length === 0 ? [] : ['    nics:', ...nics.map(nicLine)]),
  ];
}

function nicLine({ switch: name, addresses }: PlannedNic): string {
  const plain = addresses.filter(one => one.vlan === undefined).map(one => yamlText(one.text));
  const vlans = [...new Set(addresses.flatMap(one => one.vlan ?? []))].map(vlan => {
    const inIt = addresses.filter(one => one.vlan === vlan).map(one => yamlText(one.text));
    return `${vlan}: ${listed(inIt)}`;
  });
  const keys = [
    `switch: ${yamlText(name)}`,
    ...(plain.length === 0 ? [] : [`address: ${listed(plain)}`]),
    ...(vlans.length === 0 ? [] : [`tagged: { ${vlans.join(', ')} }`]),
  ];
  return `      - { ${keys.join(', ')} }`;
}

const listed = (items: readonly string[]): string => (items.length === 1 ? (items[0] ?? '') : `[${items.join(', ')}]`);

function groupLine({ name, vms, colour }: ImportPlan['groups'][number]): string {
  const colours = colour === undefined ? '' : `, colour: ${yamlText(colour)}`;
  return `  ${yamlText(name)}: { vms: [${vms.map(yamlText).join(', ')}]${colours} }`;
}

const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`);
