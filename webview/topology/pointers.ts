import type { Point } from '../../extension/diagram/picture.ts';
import type { Drag, PointerAt, PointerTool } from './tools.ts';

export interface PointersTarget {
  at(event: PointerEvent, screen: Point): PointerAt;
  tools(): readonly PointerTool[];
  pan(dx: number, dy: number): void;
  zoom(factor: number, at: Point): void;
  /** Undefined: the pointer has left. */
  hovered(at: PointerAt | undefined): void;
}

/** Lines and pages of a wheel, in pixels. */
const wheelUnits = [1, 32, 400];

/** Mouse, pen, fingers and wheel on the stage: presses go to the tools, two fingers and the wheel zoom. */
export class Pointers {
  private readonly element: HTMLElement;
  private readonly target: PointersTarget;
  /** Fingers that touch the stage. */
  private readonly fingers = new Map<number, Point>();
  private drag: { readonly pointer: number; readonly drag: Drag; last: PointerAt } | undefined;
  private isSpaceHeld = false;

  constructor(element: HTMLElement, target: PointersTarget) {
    this.element = element;
    this.target = target;
    element.addEventListener('pointerdown', event => this.down(event));
    element.addEventListener('pointermove', event => this.move(event));
    element.addEventListener('pointerup', event => this.up(event, false));
    element.addEventListener('pointercancel', event => this.up(event, true));
    element.addEventListener('pointerleave', () => this.target.hovered(undefined));
    element.addEventListener('wheel', event => this.wheel(event), { passive: false });
    window.addEventListener('keydown', event => this.key(event, true));
    window.addEventListener('keyup', event => this.key(event, false));
  }

  /** Gives up what is being dragged. */
  cancel(): void {
    const { drag } = this;
    this.drag = undefined;
    this.fingers.clear();
    this.isSpaceHeld = false;
    this.element.style.cursor = '';
    drag?.drag.end(drag.last, true);
  }

  private down(event: PointerEvent): void {
    const at = this.placeOf(event);
    if (event.pointerType === 'touch') this.fingers.set(event.pointerId, at);
    if (this.fingers.size > 1) this.cancelDrag();
    else this.press(event, this.target.at(event, at));
  }

  private press(event: PointerEvent, at: PointerAt): void {
    for (const tool of this.target.tools()) {
      const drag = tool.press(at, this.isSpaceHeld);
      if (!drag) continue;
      this.element.setPointerCapture(event.pointerId);
      this.element.style.cursor = drag.cursor;
      this.drag = { pointer: event.pointerId, drag, last: at };
      return;
    }
  }

  private move(event: PointerEvent): void {
    const at = this.placeOf(event);
    if (this.fingers.size > 1) {
      this.pinch(event.pointerId, at);
      return;
    }
    const { drag } = this;
    if (drag?.pointer === event.pointerId) {
      drag.last = this.target.at(event, at);
      drag.drag.move(drag.last);
    } else if (event.pointerType !== 'touch') this.target.hovered(this.target.at(event, at));
  }

  private up(event: PointerEvent, isCancelled: boolean): void {
    this.fingers.delete(event.pointerId);
    const { drag } = this;
    if (drag?.pointer !== event.pointerId) return;
    this.drag = undefined;
    this.element.style.cursor = '';
    drag.drag.end(this.target.at(event, this.placeOf(event)), isCancelled);
  }

  private pinch(finger: number, to: Point): void {
    const from = this.fingers.get(finger);
    const other = [...this.fingers].find(([id]) => id !== finger)?.[1];
    if (!from || !other) return;
    this.fingers.set(finger, to);
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    this.target.pan((to.x - from.x) / 2, (to.y - from.y) / 2);
    if (before > 0) this.target.zoom(after / before, { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
  }

  /** A wheel zooms. Two fingers on a touchpad pan, and zoom when they pinch, which comes as a wheel with Ctrl. */
  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = wheelUnits[event.deltaMode] ?? 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.shiftKey && !event.ctrlKey) this.target.pan(-(dx || dy), 0);
    else if (dx !== 0 && !event.ctrlKey) this.target.pan(-dx, -dy);
    else this.target.zoom(Math.exp(-dy * (event.ctrlKey ? 0.01 : 0.0015)), this.placeOf(event));
  }

  private key(event: KeyboardEvent, isDown: boolean): void {
    if (event.key === ' ') this.isSpaceHeld = isDown;
    if (isDown && event.key === 'Escape' && this.drag) this.cancel();
  }

  private cancelDrag(): void {
    const { drag } = this;
    this.drag = undefined;
    drag?.drag.end(drag.last, true);
  }

  private placeOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}
