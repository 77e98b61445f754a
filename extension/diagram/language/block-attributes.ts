import { ofOption, reportUnknown } from './attributes.ts';
import type { GroupDraft, NetworkDraft } from './drafts.ts';
import { reportUnknownClass, type NodeScope } from './node-attributes.ts';
import { addressesOf, applyStyle, linesOf, notNwdiag, textOf, withoutMarkup, type Attribute } from './values.ts';

/** Applies what stands in a network beside its nodes. */
export function applyToNetwork(scope: NodeScope, network: NetworkDraft, attribute: Attribute): void {
  const text = textOf(attribute);
  switch (attribute.name) {
    case 'class':
      applyClass(scope, attribute, one => applyToNetwork(scope, network, one));
      return;
    case 'address':
      network.addresses = addressesOf(text);
      return;
    case 'label':
      network.label = linesOf(text);
      return;
    case 'description':
      network.label = withoutMarkup(text);
      notNwdiag(scope, attribute.span, onlyPlantuml('network'));
      return;
    case 'hidden':
      network.isHidden = true;
      noEffect(scope, attribute, 'nwdiag leaves the bus out, but documents no such attribute.');
      return;
    case 'shape':
    case 'style':
    case 'thick':
      noEffect(scope, attribute, `nwdiag takes ${attribute.name} of a network, but does not draw it.`);
      break;
    case 'trunk_diameter':
      notNwdiag(scope, attribute.span, 'Only a fork of nwdiag takes trunk_diameter; nwdiag 3 stops here.');
      break;
  }
  if (attribute.name === 'width' && text === 'full') {
    notNwdiag(scope, attribute.span, 'Only PlantUML draws "width = full".');
    network.undrawn.set('width', text);
  } else if (attribute.name === 'style' || !applyStyle(scope, network.style, attribute)) {
    network.undrawn.set(attribute.name, linesOf(text));
    reportUnknown(scope, 'network', attribute);
  }
}

/** Applies what stands in a group beside its nodes. */
export function applyToGroup(scope: NodeScope, group: GroupDraft, attribute: Attribute): void {
  const text = textOf(attribute);
  switch (attribute.name) {
    case 'class':
      applyClass(scope, attribute, one => applyToGroup(scope, group, one));
      return;
    case 'label':
      group.label = linesOf(text);
      return;
    case 'description':
      group.label = withoutMarkup(text);
      notNwdiag(scope, attribute.span, onlyPlantuml('group'));
      return;
    case 'shape':
      if (text === 'box' || text === 'line') group.shape = text;
      else scope.report('bad-value', attribute.span, 'The shape of a group is box or line.', 'warning');
      return;
  }
  if (applyStyle(scope, group.style, attribute)) return;
  group.undrawn.set(attribute.name, linesOf(text));
  reportUnknown(scope, 'group', attribute);
}

function applyClass(scope: NodeScope, attribute: Attribute, apply: (attribute: Attribute) => void): void {
  const options = scope.classes.get(textOf(attribute));
  if (!options) reportUnknownClass(scope, attribute);
  for (const option of options ?? []) if (option.name.value !== 'class') apply(ofOption(option));
}

const onlyPlantuml = (holder: string): string =>
  `Only PlantUML takes "description" of a ${holder}; nwdiag stops here. It wants "label".`;

function noEffect({ report }: NodeScope, { span }: Attribute, message: string): void {
  report('no-effect', span, message, 'warning');
}
