import { didYouMean, shown } from '../../lab/names.ts';
import { ofOption, reportUnknown } from './attributes.ts';
import type { LinkDraft, NodeDraft } from './drafts.ts';
import { isCiscoShape, isNwdiagShape, isPlantumlShape } from './shapes.ts';
import type { Option } from './syntax.ts';
import {
  addressesOf,
  applyStyle,
  linesOf,
  notNwdiag,
  readSize,
  textOf,
  withoutMarkup,
  type Attribute,
  type Interpreting,
} from './values.ts';

export interface NodeScope extends Interpreting {
  readonly classes: ReadonlyMap<string, readonly Option[]>;
  /** Attributes that a plugin has declared. */
  readonly pluginAttributes: ReadonlySet<string>;
}

/** Applies a node's `[…]`; the address goes to the link, where the statement stands in a network. */
export function applyNodeOptions(
  scope: NodeScope,
  node: NodeDraft,
  options: readonly Option[],
  link: LinkDraft | undefined,
): void {
  for (const option of options) {
    const attribute = ofOption(option);
    if (attribute.name === 'class') applyClass(scope, node, attribute, link);
    else applyOne(scope, node, attribute, link);
  }
}

/** A class in a class is left out, so classes cannot run in circles. */
function applyClass(scope: NodeScope, node: NodeDraft, attribute: Attribute, link: LinkDraft | undefined): void {
  const name = textOf(attribute);
  const options = scope.classes.get(name);
  if (!options) reportUnknownClass(scope, attribute);
  for (const option of options ?? []) {
    if (option.name.value !== 'class') applyOne(scope, node, ofOption(option), link);
  }
}

export function reportUnknownClass({ report, nearest, dialect, classes }: NodeScope, attribute: Attribute): void {
  const hint = didYouMean(nearest.find(textOf(attribute), classes.keys()));
  const fate = dialect === 'plantuml' ? 'It is left out.' : 'nwdiag stops here.';
  const message = `There is no class "${shown(textOf(attribute))}".${hint} ${fate} Declare it: class NAME [color = red];`;
  report('unknown-class', attribute.value?.span ?? attribute.span, message, 'warning');
}

function applyOne(scope: NodeScope, node: NodeDraft, attribute: Attribute, link: LinkDraft | undefined): void {
  if (!scope.pluginAttributes.has(attribute.name)) reportUnknown(scope, 'node', attribute);
  if (applyText(scope, node, attribute, link) || applyShape(scope, node, attribute)) return;
  if (!applyStyle(scope, node.style, attribute)) node.undrawn.set(attribute.name, linesOf(textOf(attribute)));
}

function applyText(scope: NodeScope, node: NodeDraft, attribute: Attribute, link: LinkDraft | undefined): boolean {
  const text = textOf(attribute);
  switch (attribute.name) {
    case 'address':
      if (link) link.addresses = addressesOf(text);
      else node.ownAddresses = addressesOf(text);
      return true;
    case 'label':
      node.label = linesOf(text);
      return true;
    case 'description':
      applyDescription(scope, node, text);
      return true;
    case 'numbered':
      node.numbered = linesOf(text);
      return true;
    default:
      return false;
  }
}

/** PlantUML draws the description; nwdiag draws the label and keeps the description to itself. */
function applyDescription({ dialect }: NodeScope, node: NodeDraft, text: string): void {
  if (dialect === 'plantuml') node.label = withoutMarkup(text);
  node.undrawn.set('description', linesOf(text));
}

function applyShape(scope: NodeScope, node: NodeDraft, attribute: Attribute): boolean {
  switch (attribute.name) {
    case 'shape':
      node.shape = readShape(scope, attribute) ?? node.shape;
      return true;
    case 'width':
    case 'height':
      node[attribute.name] = readSize(scope, attribute) ?? node[attribute.name];
      return true;
    case 'stacked':
      node.isStacked = true;
      return true;
    case 'rotate':
      node.rotate = readRotation(scope, attribute) ?? node.rotate;
      return true;
    default:
      return false;
  }
}

/** A shape's name as written, if it looks like one: it chooses a drawing and is no text. */
export function readShape(scope: Interpreting, attribute: Attribute): string | undefined {
  const shape = textOf(attribute);
  const span = attribute.value?.span ?? attribute.span;
  if (isNwdiagShape(shape)) return shape;
  if (isCiscoShape(shape)) {
    notNwdiag(scope, span, `nwdiag stops at ${shape} unless its plugin blockdiagcontrib-cisco is installed.`);
    return shape;
  }
  if (isPlantumlShape(shape)) {
    notNwdiag(scope, span, `Only PlantUML knows the shape ${shape}; nwdiag stops here.`);
    return shape;
  }
  const hint = didYouMean(scope.nearest.find(shape, ['box', 'cloud', 'circle', 'ellipse', 'actor', 'mail', 'note']));
  const message = `There is no shape "${shown(shape)}".${hint} A box is drawn, as PlantUML does; nwdiag stops here.`;
  scope.report('unknown-shape', span, message, 'warning');
  return undefined;
}

function readRotation({ report }: Interpreting, attribute: Attribute): NodeDraft['rotate'] | undefined {
  const found = ([0, 90, 180, 270] as const).find(one => String(one) === textOf(attribute));
  if (found === undefined)
    report('bad-value', attribute.value?.span ?? attribute.span, 'rotate is 0, 90, 180 or 270.', 'warning');
  return found;
}
