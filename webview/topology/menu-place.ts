import type { Point } from '../../extension/diagram/picture.ts';

/** Where the pointer is in an element. */
export function placeIn(target: Element, { clientX, clientY }: MouseEvent): Point {
  const { left, top } = target.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}

/** Has a menu that was asked for by key open at a place of the stage: the element that has the focus lies nowhere. */
export function reopenMenu(event: MouseEvent, stage: Element, place: Point): void {
  // The second time round it is our own event.
  if (!event.isTrusted) return;
  event.preventDefault();
  event.stopPropagation();
  const { left, top } = stage.getBoundingClientRect();
  const [clientX, clientY] = [left + place.x, top + place.y];
  event.target?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX, clientY }));
}
