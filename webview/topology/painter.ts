import type { DrawnItem } from '../../extension/diagram/drawing/drawing.ts';
import { open, rounded } from '../../extension/diagram/drawing/path.ts';
import type { Size } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { Marks } from './marks.ts';
import type { Scene } from './scene.ts';
import type { Viewport } from './viewport.ts';

/** Brings a scene onto the screen. There are two: SVG, and canvas for scenes that are too large for it. */
export interface Painter {
  readonly element: Element;
  show(scene: Scene): void;
  mark(marks: Marks): void;
  /** `isMoving`: more of the same follows at once. */
  look(viewport: Viewport, screen: Size, isMoving: boolean): void;
  /** The theme has changed. */
  retheme(): void;
  dispose(): void;
}

/** Text is not drawn below this scale: it could not be read, and it is what takes the time. */
export const textScale = 0.35;

export type MarkRole = 'selected' | 'focused' | 'hovered';

/** What is drawn over a thing that is chosen: around a box, along a line. */
export interface MarkOutline {
  readonly d: string;
  readonly role: MarkRole;
  readonly isLine: boolean;
}

export function markOutlines(scene: Scene, { selected, focused, hovered }: Marks): readonly MarkOutline[] {
  const one = (id: ThingId | undefined, role: MarkRole): readonly MarkOutline[] => {
    const item = id === undefined ? undefined : scene.item(id);
    return item ? [{ ...outlineOf(item), role }] : [];
  };
  return [
    ...(hovered === undefined || selected.has(hovered) ? [] : one(hovered, 'hovered')),
    ...[...selected].flatMap(id => one(id, 'selected')),
    ...one(focused, 'focused'),
  ];
}

function outlineOf({ kind, line, bounds }: DrawnItem): { readonly d: string; readonly isLine: boolean } {
  const [from, to] = line ?? [];
  if (line && kind !== 'network') return { d: open(line), isLine: true };
  const { left, top, right, bottom } =
    from && to ? { left: from.x - 2, right: to.x + 3, top: from.y - 4, bottom: from.y + 4 } : bounds;
  return { d: rounded({ left: left - 3, top: top - 3, right: right + 3, bottom: bottom + 3 }, 7), isLine: false };
}
