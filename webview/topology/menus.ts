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
  /** The pointer asks for the menu of a thing that is not selected, so it is from now on. */
  select(thing: ThingId): void;
}

/** VS Code makes menus from what the element under the pointer says of itself; here it learns what lies there. */
export class Menus {
  private readonly target: MenuTarget;

  constructor(target: MenuTarget) {
    this.target = target;
    const { stage, outline } = target;
    stage.element.addEventListener('contextmenu', event => {
      const thing = stage.thingAt(placeIn(stage.element, event));
      if (thing !== undefined && !target.selected().includes(thing)) target.select(thing);
      this.aim(stage.element, thing, thing === undefined ? [] : target.selected());
    });
    outline.element.addEventListener('contextmenu', event => this.move(event));
  }

  private aim(element: HTMLElement, thing: ThingId | undefined, selection: readonly ThingId[]): void {
    const { target } = this;
    const own = thing === undefined ? undefined : target.factsOf(thing)?.menu;
    const context = { ...(own ?? target.menu()), selection, preventDefaultContextMenuItems: true };
    element.dataset['vscodeContext'] = JSON.stringify(context);
  }

  /**
   * Asked for by key: it opens where the thing is seen. It selects nothing: the tree and the file, which follow what is
   * selected, would take the focus from what the command asks.
   */
  private move(event: MouseEvent): void {
    const { stage, outline, selected } = this.target;
    const thing = outline.focusedThing;
    const place = thing === undefined ? undefined : stage.screenPlace(thing);
    if (thing === undefined || !place) return;
    const all = selected();
    if (event.target instanceof HTMLElement) this.aim(event.target, thing, all.includes(thing) ? all : [thing]);
    reopenMenu(event, stage.element, place);
  }
}
