import type { Box, Point, Size } from '../../extension/diagram/picture.ts';

/** Which part of the picture is on the screen: a point p of the picture is seen at p · scale + (x, y). */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const minScale = 0.02;
const maxScale = 4;
/** A small picture is not blown up beyond this to fill the view. */
const maxFitScale = 1.4;
const margin = 24;
/** So much of the picture stays on the screen, however far it is pushed. */
const leash = 60;

export const toScreen = ({ x, y, scale }: Viewport, point: Point): Point => ({
  x: point.x * scale + x,
  y: point.y * scale + y,
});

export const toPicture = ({ x, y, scale }: Viewport, point: Point): Point => ({
  x: (point.x - x) / scale,
  y: (point.y - y) / scale,
});

/** The part of the picture that is on a screen of this size. */
export function visibleBox(viewport: Viewport, screen: Size): Box {
  const { x: left, y: top } = toPicture(viewport, { x: 0, y: 0 });
  const { x: right, y: bottom } = toPicture(viewport, { x: screen.width, y: screen.height });
  return { left, top, right, bottom };
}

/** The whole picture in the middle of the screen. */
export function fitted(picture: Size, screen: Size): Viewport {
  const room = { width: Math.max(1, screen.width - 2 * margin), height: Math.max(1, screen.height - 2 * margin) };
  const wanted = Math.min(room.width / Math.max(1, picture.width), room.height / Math.max(1, picture.height));
  const scale = clamp(wanted, minScale, maxFitScale);
  return {
    scale,
    x: (screen.width - picture.width * scale) / 2,
    y: (screen.height - picture.height * scale) / 2,
  };
}

/** Larger or smaller by a factor; what is at this place of the screen stays there. */
export function zoomed(viewport: Viewport, factor: number, at: Point): Viewport {
  const scale = clamp(viewport.scale * factor, minScale, maxScale);
  const real = scale / viewport.scale;
  return { scale, x: at.x - (at.x - viewport.x) * real, y: at.y - (at.y - viewport.y) * real };
}

/** Moved by so many pixels of the screen, but not out of it. */
export function panned(viewport: Viewport, dx: number, dy: number, picture: Size, screen: Size): Viewport {
  const { scale } = viewport;
  return {
    scale,
    x: clamp(viewport.x + dx, leash - picture.width * scale, screen.width - leash),
    y: clamp(viewport.y + dy, leash - picture.height * scale, screen.height - leash),
  };
}

/** Moved as little as brings the box onto the screen, and so near that its text can be read. */
export function revealing(viewport: Viewport, box: Box, screen: Size, readableScale: number): Viewport {
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const isReadable = viewport.scale >= readableScale;
  const near = isReadable ? viewport : zoomed(viewport, readableScale / viewport.scale, toScreen(viewport, middle));
  const from = toScreen(near, { x: box.left, y: box.top });
  const to = toScreen(near, { x: box.right, y: box.bottom });
  return {
    ...near,
    x: near.x + inward(from.x, to.x, screen.width),
    y: near.y + inward(from.y, to.y, screen.height),
  };
}

/** How far a range has to go to lie within the margins; its start counts if it is too long. */
function inward(from: number, to: number, length: number): number {
  if (from < margin || to - from > length - 2 * margin) return margin - from;
  return Math.min(0, length - margin - to);
}

const clamp = (value: number, low: number, high: number): number =>
  Math.max(Math.min(value, high), Math.min(low, high));
