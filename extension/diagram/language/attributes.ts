import { didYouMean, shown } from '../../lab/names.ts';
import type { AttributeStatement, Option } from './syntax.ts';
import type { Attribute, Interpreting } from './values.ts';

/** What an attribute can belong to. */
export type Holder = 'diagram' | 'network' | 'node' | 'group' | 'route';

const lists = {
  diagram:
    'node_width node_height span_width span_height default_shape default_node_color default_node_style default_linecolor ' +
    'default_textcolor default_network_color default_group_color default_fontsize default_fontfamily ' +
    'default_label_orientation shadow_style shape_namespace external_connector plugins orientation edge_layout ' +
    'network_trunk_diameter default_text_color default_line_color fontsize',
  network:
    'address label color linecolor textcolor fontsize fontfamily class style shape thick hidden trunk_diameter width height',
  node:
    'address label shape color textcolor linecolor style fontsize fontfamily width height icon background numbered ' +
    'stacked rotate label_orientation href description class',
  group: 'label color textcolor linecolor shape style thick fontsize fontfamily href icon class width height',
  route: 'path pad thick style color linecolor textcolor fontsize label',
};

const known: Readonly<Record<Holder, ReadonlySet<string>>> = {
  diagram: new Set(lists.diagram.split(' ')),
  network: new Set(lists.network.split(' ')),
  node: new Set(lists.node.split(' ')),
  group: new Set(lists.group.split(' ')),
  route: new Set(lists.route.split(' ')),
};

/** Whether nwdiag lets a thing have the attribute. */
export const isKnownAttribute = (holder: Holder, name: string): boolean => known[holder].has(name);

export const ofStatement = ({ name, value, span }: AttributeStatement): Attribute => {
  return { name: name.value, value, span };
};

export const ofOption = ({ name, value }: Option): Attribute => {
  return { name: name.value, value, span: name.span };
};

/** Says what becomes of an attribute that nwdiag does not know. */
export function reportUnknown(scope: Interpreting, holder: Holder, attribute: Attribute): void {
  const { report, nearest, dialect } = scope;
  const name = shown(attribute.name);
  if (known[holder].has(attribute.name)) return;
  const hint = didYouMean(nearest.find(attribute.name, known[holder]));
  const fate = dialect === 'plantuml' ? 'It is left out.' : 'nwdiag stops here; PlantUML leaves it out of nodes.';
  report('unknown-attribute', attribute.span, `A ${holder} has no attribute "${name}".${hint} ${fate}`, 'warning');
}
