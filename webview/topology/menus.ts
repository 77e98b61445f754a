import type { PictureFacts, PictureMenu } from '../../extension/diagram/live.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import { placeIn, reopenMenu } from './menu-place.ts';
import type { OutlineTree } from './outline-tree.ts';
import type { Stage } from './stage.ts';

export interface MenuTarget {
  readonly stage: Stage;
  readonly outline: OutlineTree;
  /** What is known of a thing. */
  readonly factsOf: (thing: ThingId) => PictureFacts | undefined;
  /** Of the whole picture. */
  readonly menu: () => PictureMenu | undefined;
  /** What is selected and still there. */
  readonly selected: () => readonly ThingId[];
  /** A menu opens on a thing that is not selected, so it is from now on. */
  select(thing: ThingId): void;
}

/** VS Code makes menus from what the element under the pointer says of itself; here it learns what lies there. */
export class Menus {
  private readonly target: MenuTarget;

  constructor(target: MenuTarget) {
    this.target = target;
    const { stage, outline } = target;
    stage.element.addEventListener('contextmenu', event => {
      this.aim(stage.element, stage.thingAt(placeIn(stage.element, event)));
    });
    outline.element.addEventListener('contextmenu', event => this.move(event));
  }

  private aim(element: HTMLElement, thing: ThingId | undefined): void {
    const { target } = this;
    if (thing !== undefined && !target.selected().includes(thing)) target.select(thing);
    const own = thing === undefined ? undefined : target.factsOf(thing)?.menu;
    const selection = thing === undefined ? [] : target.selected();
    const context = { ...(own ?? target.menu()), selection, preventDefaultContextMenuItems: true };
    element.dataset['vscodeContext'] = JSON.stringify(context);
  }

  /** Asked for by key: it opens where the thing is seen. */
  private move(event: MouseEvent): void {
    const { stage, outline } = this.target;
    const thing = outline.focusedThing;
    const place = thing === undefined ? undefined : stage.screenPlace(thing);
    if (!place) return;
    if (event.target instanceof HTMLElement) this.aim(event.target, thing);
    reopenMenu(event, stage.element, place);
  }
}
