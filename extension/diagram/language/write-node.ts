import type { DiagramNode, DiagramStyle } from '../diagram.ts';
import { isKnownAttribute, type Holder } from './attributes.ts';
import { cleaned, quoted, type Writing } from './dialects.ts';
import { nwdiagShape, plantumlShape } from './shapes.ts';

/** `name = value`, or a flag. */
export type WrittenOption = string;

export function option(name: string, text: string, { dialect, losses }: Writing): WrittenOption {
  if (cleaned(text, dialect) !== text) losses.add('some characters of a text', text);
  return `${name} = ${quoted(text, dialect)}`;
}

/** What stands in a node's brackets beside its address. `id` is the one that is written. */
export function nodeOptions(node: DiagramNode, id: string, writing: Writing): readonly WrittenOption[] {
  const { dialect, losses } = writing;
  const all = [
    ...captionOptions(node, id, writing),
    ...shapeOption(node, writing),
    ...(node.style.color === undefined ? [] : [option('color', node.style.color, writing)]),
  ];
  const rest = [...sizeOptions(node, writing), ...lineOptions(node.style, writing), ...undrawnOptions(node, writing)];
  if (node.pin) losses.add('where a node is pinned', node.id);
  if (node.style.thickness !== undefined) losses.add('the thickness of lines', node.id);
  if (dialect !== 'plantuml') return [...all, ...rest];
  if (rest.length > 0) losses.add('attributes that PlantUML does not draw', node.id);
  return all;
}

/** Each program has its own word for the caption and passes over the other's. */
function captionOptions(node: DiagramNode, id: string, writing: Writing): readonly WrittenOption[] {
  const { dialect } = writing;
  const { label, undrawn } = node;
  const description = undrawn?.['description'];
  const isOwn = label !== id && `"${label}"` !== id;
  const needed = isOwn || (dialect === 'nwdiag' && id.startsWith('"'));
  const forNwdiag = needed ? [option('label', label, writing)] : [];
  if (dialect === 'nwdiag') return [...forNwdiag, ...optional('description', description, writing)];
  const forPlantuml = isOwn || description !== undefined ? [option('description', description ?? label, writing)] : [];
  return dialect === 'plantuml' ? forPlantuml : [...forNwdiag, ...forPlantuml];
}

const optional = (name: string, text: string | undefined, writing: Writing): readonly WrittenOption[] =>
  text === undefined ? [] : [option(name, text, writing)];

function shapeOption({ id, shape }: DiagramNode, { dialect, losses }: Writing): readonly WrittenOption[] {
  const written = dialect === 'plantuml' ? plantumlShape(shape) : nwdiagShape(shape);
  if (written !== shape && !(written === undefined && shape === 'box')) losses.add(`the shape ${shape}`, id);
  return written === undefined || written === 'box' ? [] : [`shape = ${written}`];
}

function sizeOptions(node: DiagramNode, writing: Writing): readonly WrittenOption[] {
  const { width, height, isStacked, numbered, rotate } = node;
  return [
    ...(width === undefined ? [] : [`width = ${width}`]),
    ...(height === undefined ? [] : [`height = ${height}`]),
    ...(isStacked ? ['stacked'] : []),
    ...optional('numbered', numbered, writing),
    ...(rotate === 0 ? [] : [`rotate = ${rotate}`]),
  ];
}

/** Colours and style of lines and texts. */
export function lineOptions(
  { lineColor, textColor, fontSize, line, dashes }: DiagramStyle,
  writing: Writing,
): readonly WrittenOption[] {
  return [
    ...optional('linecolor', lineColor, writing),
    ...optional('textcolor', textColor, writing),
    ...(fontSize === undefined ? [] : [`fontsize = ${fontSize}`]),
    ...(dashes ? [`style = "${dashes.join(',')}"`] : line === undefined ? [] : [`style = ${line}`]),
  ];
}

function undrawnOptions({ id, undrawn }: DiagramNode, writing: Writing): readonly WrittenOption[] {
  const rest = Object.entries(undrawn ?? {}).filter(([name]) => name !== 'description');
  return rest.flatMap(([name, text]) => knownOption('node', name, text, id, writing));
}

/** nwdiag stops at attributes that it does not know. */
export function knownOption(
  holder: Holder,
  name: string,
  text: string,
  of: string,
  writing: Writing,
): readonly WrittenOption[] {
  if (isKnownAttribute(holder, name)) return [option(name, text, writing)];
  writing.losses.add(`attributes of a ${holder} that nwdiag does not know`, of);
  return [];
}
