import type { LivePicture, LiveState, StateKind } from '../live.ts';
import type { Box, PlacedNode } from '../picture.ts';
import { thingId } from '../thing-id.ts';
import { readableOn, safeColor } from './color.ts';
import { lineHeight, type DrawnItem, type DrawnPath, type DrawnText, type PathPaint } from './drawing.ts';
import { ellipse } from './path.ts';
import { shapeOf, type Shape } from './shapes.ts';
import { glyph, glyphSize } from './state-glyph.ts';
import { fitted, fittedLines, textWidth } from './text.ts';

const faces: Readonly<Record<StateKind, PathPaint>> = {
  running: 'faceRunning',
  booting: 'faceRunning',
  paused: 'facePaused',
  busy: 'faceBusy',
  stopped: 'faceStopped',
  failed: 'faceFailed',
};

const stateSize = 9;

/** A VM, tap, uplink, or node of a `.diag`: its shape, its label and, if it can run, its state in shape and word. */
export function drawNode({ node, box }: PlacedNode, fontSize: number, live: LivePicture): DrawnItem {
  const id = thingId('node', node.id);
  const state = live.states[id];
  const shape = shapeOf(node.kind === 'tap' && node.shape === 'box' ? 'host' : node.shape, box);
  const isRotated = node.rotate === 90 || node.rotate === 270;
  const size = node.style.fontSize ?? fontSize;
  const texts = isRotated
    ? [rotatedLabel(node.label, box, size, node.rotate)]
    : labelAndState(node.label, shape, size, state);
  const color = textColorOf(node.style);
  const badge = node.numbered === undefined ? undefined : numberedDisc(node.numbered, box);
  return {
    id,
    kind: 'node',
    bounds: box,
    paths: [
      ...(node.isStacked ? sheets(box, shape) : []),
      ...facePaths(shape, node.style, state),
      ...(state && !isRotated ? [stateGlyph(state, shape)] : []),
      ...(badge ? [badge.disc] : []),
    ],
    texts: [...texts.map(text => (color === undefined ? text : { ...text, color })), ...(badge ? [badge.text] : [])],
  };
}

type NodeStyle = PlacedNode['node']['style'];

function facePaths(shape: Shape, style: NodeStyle, state: LiveState | undefined): readonly DrawnPath[] {
  const fill = safeColor(style.color);
  const stroke = safeColor(style.lineColor);
  const own = {
    ...(stroke === undefined ? {} : { stroke }),
    ...(style.line === undefined || style.line === 'solid' ? {} : { line: style.line }),
    ...(style.thickness === undefined ? {} : { width: style.thickness }),
  };
  const face: readonly DrawnPath[] =
    shape.face === undefined
      ? []
      : [{ d: shape.face, paint: state ? faces[state.kind] : 'face', ...own, ...(fill === undefined ? {} : { fill }) }];
  return [
    ...face,
    ...shape.details.map((d): DrawnPath => ({ d, paint: 'detail', ...own })),
    ...(shape.icon === undefined ? [] : [{ d: shape.icon, paint: 'icon', ...own } as const]),
  ];
}

function labelAndState(label: string, shape: Shape, size: number, state: LiveState | undefined): readonly DrawnText[] {
  const { left, right, top, bottom } = shape.textBox;
  // Names are bold, which is wider.
  const [width, room] = [(right - left - 8) / 1.08, bottom - top];
  const step = size * lineHeight;
  const foot = state ? stateSize * lineHeight + 2 : 0;
  const most = Math.max(1, Math.floor((room - foot) / step));
  const lines = fittedLines(label, size, width, most);
  const first = (top + bottom - foot - step * lines.length) / 2 + size * 0.95;
  const middle = (left + right) / 2;
  const name: DrawnText = { lines, at: { x: middle, y: first }, anchor: 'middle', paint: 'name', size };
  if (!state) return [name];
  const at = stateAt(state, shape);
  return [name, { lines: [at.word], at: { x: at.x, y: at.y }, anchor: 'start', paint: 'state', size: stateSize }];
}

/** Where the word begins; the glyph stands before it. Both are centred as one. */
function stateAt(state: LiveState, { textBox: { left, right, top, bottom } }: Shape) {
  const word = fitted(state.word, stateSize, right - left - glyphSize - 10);
  const width = glyphSize + 3 + textWidth(word, stateSize);
  const inset = Math.max(6, (bottom - top - 28) / 2);
  return { word, x: (left + right - width) / 2 + glyphSize + 3, y: bottom - inset };
}

function stateGlyph(state: LiveState, shape: Shape): DrawnPath {
  const { x, y } = stateAt(state, shape);
  return glyph(state.kind, { x: x - 3 - glyphSize / 2, y: y - stateSize * 0.34 });
}

function rotatedLabel(label: string, box: Box, size: number, rotate: number): DrawnText {
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const x = middle.x + size * (rotate === 90 ? -0.35 : 0.35);
  const lines = fittedLines(label, size, box.bottom - box.top - 4, 1);
  return { lines, at: { x, y: middle.y }, anchor: 'middle', paint: 'name', size, rotate };
}

/** The given colour, else what can be read on the face's. */
function textColorOf(style: NodeStyle): string | undefined {
  const face = safeColor(style.color);
  return safeColor(style.textColor) ?? (face === undefined ? undefined : readableOn(face));
}

function sheets(box: Box, { face }: Shape): readonly DrawnPath[] {
  if (face === undefined) return [];
  return [8, 4].map(by => {
    const moved = { left: box.left + by, right: box.right + by, top: box.top + by, bottom: box.bottom + by };
    return { d: shapeOf('box', moved).face ?? '', paint: 'sheet' };
  });
}

function numberedDisc(text: string, { left, top }: Box): { readonly disc: DrawnPath; readonly text: DrawnText } {
  const size = 10;
  return {
    disc: { d: ellipse({ x: left, y: top }, 9), paint: 'badge' },
    text: { lines: [fitted(text, size, 18)], at: { x: left, y: top + 3.5 }, anchor: 'middle', paint: 'badge', size },
  };
}
