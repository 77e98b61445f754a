import type { Diagram, DiagramGroup, DiagramNetwork } from '../diagram.ts';
import { isKnownAttribute } from './attributes.ts';
import type { Writing } from './dialects.ts';
import { knownOption, lineOptions, option, type WrittenOption } from './write-node.ts';

/** What stands in a network beside its nodes. `id` is the one that is written. */
export function networkOptions(network: DiagramNetwork, id: string, writing: Writing): readonly WrittenOption[] {
  const { dialect, losses } = writing;
  const { addresses, style, isHidden, undrawn } = network;
  const rest = [
    ...lineOptions(style, writing),
    ...(isHidden ? ['hidden = 1'] : []),
    ...(style.thickness === undefined ? [] : ['thick = 1']),
  ];
  if (dialect !== 'nwdiag' && rest.length > 0)
    losses.add('attributes of a network that PlantUML does not take', network.label ?? network.id);
  return [
    ...(addresses.length === 0 ? [] : [option('address', addresses.join(', '), writing)]),
    ...networkLabel(network, id, writing),
    ...(style.color === undefined ? [] : [option('color', style.color, writing)]),
    ...(dialect === 'nwdiag' ? rest : []),
    ...Object.entries(undrawn ?? {}).flatMap(([key, text]) => undrawnOption(network, key, text, writing)),
  ];
}

/** Nothing if it is the id, which both programs show by themselves. */
function networkLabel(network: DiagramNetwork, id: string, writing: Writing): readonly WrittenOption[] {
  const { label, isAnonymous } = network;
  if (label === undefined || label === (isAnonymous === true ? '' : id)) return [];
  if (writing.dialect !== 'portable')
    return [option(writing.dialect === 'nwdiag' ? 'label' : 'description', label, writing)];
  writing.losses.add('the label of a network', label);
  return [];
}

function undrawnOption(network: DiagramNetwork, key: string, text: string, writing: Writing): readonly WrittenOption[] {
  const { dialect, losses } = writing;
  if (key === 'width' && text === 'full' && dialect === 'plantuml') return ['width = full'];
  if (dialect === 'nwdiag' && text !== 'full' && isKnownAttribute('network', key)) return [option(key, text, writing)];
  losses.add(`"${key}" of a network`, network.label ?? network.id);
  return [];
}

/**
 * A peer has no block that could say how it looks, so this is left to the defaults, where everything else says
 * for itself how it looks.
 */
export function peerDefaults({ networks, nodes }: Diagram, writing: Writing): readonly string[] {
  const peers = networks.filter(network => network.isPeer);
  const [first] = peers;
  if (!first || peers.every(peer => Object.keys(peer.style).length === 0)) return [];
  const { color, lineColor, textColor } = first.style;
  const isSame = peers.every(peer => JSON.stringify(peer.style) === JSON.stringify(first.style));
  const isSafe =
    (color === undefined || networks.every(one => one.style.color !== undefined)) &&
    (lineColor === undefined || [...networks, ...nodes].every(one => one.style.lineColor !== undefined)) &&
    textColor === undefined;
  if (writing.dialect !== 'nwdiag' || !isSame || !isSafe) {
    writing.losses.add('the look of peers');
    return [];
  }
  return [
    ...(color === undefined ? [] : [`${option('default_network_color', color, writing)};`]),
    ...(lineColor === undefined ? [] : [`${option('default_linecolor', lineColor, writing)};`]),
  ];
}

export interface WrittenGroup {
  readonly options: readonly WrittenOption[];
  /** The members' ids as they are to be written. */
  readonly order: readonly string[];
}

export function writeGroup(
  group: DiagramGroup,
  members: readonly string[],
  networkCount: (node: string) => number,
  writing: Writing,
): WrittenGroup {
  const { label, style, id } = group;
  const color = style.color === undefined ? [] : [option('color', style.color, writing)];
  const rest = otherOptions(group, label || id, writing);
  if (writing.dialect !== 'nwdiag') {
    if (rest.length > 0) writing.losses.add('attributes of a group that PlantUML does not take', label || id);
    return { options: [...description(label, writing), ...color], order: members };
  }
  if (label === '') return { options: [...color, ...rest], order: members };
  const order = singleFirst(members, networkCount);
  if (!order)
    writing.losses.add('the label of a group whose nodes are all on several networks, as nwdiag crashes', label);
  else if (order !== members) writing.losses.add('the order in a group, as nwdiag crashes', label);
  return { options: [...(order ? [option('label', label, writing)] : []), ...color, ...rest], order: order ?? members };
}

/** What PlantUML takes as a group's caption; portable text has none, as each program stops at the other's word. */
function description(label: string, writing: Writing): readonly WrittenOption[] {
  if (label === '') return [];
  if (writing.dialect === 'plantuml') return [option('description', label, writing)];
  writing.losses.add('the label of a group', label);
  return [];
}

/** nwdiag crashes on a label if the first member is on several networks. Undefined: all of them are. */
function singleFirst(
  members: readonly string[],
  networkCount: (node: string) => number,
): readonly string[] | undefined {
  const single = members.find(id => networkCount(id) === 1);
  if (single === undefined || single === members[0]) return single === undefined ? undefined : members;
  return [single, ...members.filter(one => one !== single)];
}

function otherOptions(
  { shape, style, undrawn }: DiagramGroup,
  name: string,
  writing: Writing,
): readonly WrittenOption[] {
  return [
    ...(shape === 'line' ? ['shape = line'] : []),
    ...(style.thickness === undefined ? [] : ['thick = 1']),
    ...lineOptions(style, writing),
    ...Object.entries(undrawn ?? {}).flatMap(([key, text]) => knownOption('group', key, text, name, writing)),
  ];
}
