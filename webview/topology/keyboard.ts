import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { PictureOrder } from '../protocol.ts';
import { actionOf, type KeyAction } from './keys.ts';
import type { Ways } from './navigation.ts';
import type { OutlineTree } from './outline-tree.ts';
import type { Stage } from './stage.ts';
import { zoomStep } from './toolbar.ts';

export interface KeyboardTarget {
  readonly stage: Stage;
  readonly outline: OutlineTree;
  ways(): Ways | undefined;
  /** The keyboard has come to this thing. */
  step(thing: ThingId, isAdding: boolean): void;
  open(thing: ThingId): void;
  clear(): void;
  find(): void;
  setReachShown(): void;
  setMapShown(): void;
  order(order: PictureOrder): void;
}

/** Keys of the picture, wherever in the view the focus is but in fields and on buttons. */
export class Keyboard {
  private readonly target: KeyboardTarget;
  /** The column in which a walk up and down began, so that it comes back where it was. */
  private column: number | undefined;

  constructor(element: HTMLElement, target: KeyboardTarget) {
    this.target = target;
    element.addEventListener('keydown', event => this.press(event));
  }

  private press(event: KeyboardEvent): void {
    const focused = this.target.outline.focusedThing;
    const action = actionOf(event, focused !== undefined);
    const isInControl = event.target instanceof Element && event.target.closest('input, select, button') !== null;
    if (!action || (isInControl && action.kind !== 'find')) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(action, focused);
  }

  private act(action: KeyAction, focused: ThingId | undefined): void {
    const { target } = this;
    if (action.kind === 'pan') target.stage.pan(action.dx, action.dy);
    else if (action.kind === 'zoom') target.stage.zoom(action.isIn ? zoomStep : 1 / zoomStep);
    else if (action.kind === 'order') target.order(action.order);
    else if (action.kind in this.anywhere) this.anywhere[action.kind as keyof typeof this.anywhere]();
    else if (focused !== undefined) this.actOn(focused, action);
  }

  private readonly anywhere = {
    fit: () => this.target.stage.fit(),
    find: () => this.target.find(),
    clear: () => this.target.clear(),
    reach: () => this.target.setReachShown(),
    map: () => this.target.setMapShown(),
  };

  private actOn(focused: ThingId, action: KeyAction): void {
    const { target } = this;
    if (action.kind === 'walk') this.walk(focused, action.direction, action.isAdding);
    else if (action.kind === 'toggle') target.step(focused, true);
    else if (action.kind === 'open') target.open(focused);
    else if (action.kind === 'step') {
      this.column = undefined;
      this.go(target.outline.neighbour(focused, action.rows), false);
    }
  }

  private walk(from: ThingId, direction: 'up' | 'down' | 'left' | 'right', isAdding: boolean): void {
    const ways = this.target.ways();
    const isVertical = direction === 'up' || direction === 'down';
    this.column = isVertical ? (this.column ?? ways?.at(from)?.x) : undefined;
    this.go(ways?.next(from, direction, this.column), isAdding);
  }

  private go(thing: ThingId | undefined, isAdding: boolean): void {
    if (thing === undefined) return;
    this.target.step(thing, isAdding);
    this.target.outline.focus(thing);
    this.target.stage.reveal(thing);
  }
}
