import { shown } from '../../lab/names.ts';
import { defaultSettings, type DiagramSettings } from '../diagram.ts';
import { reportUnknown } from './attributes.ts';
import type { StyleDraft } from './drafts.ts';
import type { DiagProblemCode } from './problem.ts';
import { readShape } from './node-attributes.ts';
import { applyStyle, notNwdiag, readColourOf, readSize, textOf, type Attribute, type Interpreting } from './values.ts';

/** What a diagram's own attributes say: sizes, and what everything begins with. */
export interface Defaults {
  settings: DiagramSettings;
  /** Of `plugin autoclass`: a node `x_server` is of the class `server` and has the label `x`. */
  isAutoclass: boolean;
  readonly node: StyleDraft;
  readonly network: StyleDraft;
  readonly group: StyleDraft;
}

export const newDefaults = (): Defaults => {
  return { settings: defaultSettings, isAutoclass: false, node: {}, network: {}, group: {} };
};

const sizes = {
  node_width: 'nodeWidth',
  node_height: 'nodeHeight',
  span_width: 'spanWidth',
  span_height: 'spanHeight',
  default_fontsize: 'fontSize',
  fontsize: 'fontSize',
} as const satisfies Record<string, keyof DiagramSettings>;

const isSize = (name: string): name is keyof typeof sizes => Object.hasOwn(sizes, name);

const obsolete: ReadonlyMap<string, string> = new Map([
  ['default_text_color', 'default_textcolor'],
  ['default_line_color', 'default_linecolor'],
  ['fontsize', 'default_fontsize'],
]);

export function applyToDiagram(scope: Interpreting, defaults: Defaults, attribute: Attribute): void {
  const newName = obsolete.get(attribute.name);
  if (newName !== undefined)
    scope.report('obsolete', attribute.span, `${attribute.name} is obsolete: write ${newName}.`, 'warning');
  if (isSize(attribute.name)) {
    const size = readSize(scope, attribute, true);
    if (size !== undefined) defaults.settings = { ...defaults.settings, [sizes[attribute.name]]: size };
  } else if (!applyColours(scope, defaults, attribute)) applyOther(scope, defaults, attribute);
}

/** Which things a default colour is for. */
function applyColours(scope: Interpreting, { node, network, group }: Defaults, attribute: Attribute): boolean {
  const { name } = attribute;
  const colour = (drafts: readonly StyleDraft[], key: 'color' | 'lineColor' | 'textColor'): boolean => {
    const value = readColourOf(scope, attribute);
    if (value !== undefined) for (const draft of drafts) draft[key] = value;
    return true;
  };
  if (name === 'default_node_color') return colour([node], 'color');
  if (name === 'default_network_color') return colour([network], 'color');
  if (name === 'default_linecolor' || name === 'default_line_color') return colour([node, network], 'lineColor');
  if (name === 'default_textcolor' || name === 'default_text_color') return colour([node, network, group], 'textColor');
  if (name !== 'default_group_color') return false;
  const message = 'nwdiag takes default_group_color, but draws groups in its own colour. Give each group a color.';
  scope.report('nwdiag-defect', attribute.span, message, 'warning');
  return colour([group], 'color');
}

function applyOther(scope: Interpreting, defaults: Defaults, attribute: Attribute): void {
  switch (attribute.name) {
    case 'default_shape':
      readShape(scope, attribute);
      warn(
        scope,
        'nwdiag-defect',
        attribute,
        'nwdiag takes default_shape, but draws boxes all the same, and so does this picture. Use a class with a shape.',
      );
      return;
    case 'default_node_style':
      applyStyle(scope, defaults.node, { ...attribute, name: 'style' });
      return;
    case 'external_connector':
      applyConnector(scope, defaults, attribute);
      return;
    case 'orientation':
    case 'edge_layout':
      warn(scope, 'no-effect', attribute, `nwdiag takes ${attribute.name}, but it has no effect on network diagrams.`);
      return;
    case 'network_trunk_diameter':
      notNwdiag(scope, attribute.span, 'Only a fork of nwdiag takes network_trunk_diameter; nwdiag 3 stops here.');
      return;
    default:
      reportUnknown(scope, 'diagram', attribute);
  }
}

function warn({ report }: Interpreting, code: DiagProblemCode, { span }: Attribute, message: string): void {
  report(code, span, message, 'warning');
}

function applyConnector({ report }: Interpreting, defaults: Defaults, attribute: Attribute): void {
  defaults.settings = { ...defaults.settings, hasExternalConnector: false };
  if (textOf(attribute) === 'none') return;
  const message = `external_connector can only be none; "${shown(textOf(attribute))}" stops nwdiag.`;
  report('bad-value', attribute.value?.span ?? attribute.span, message);
}
