import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { PictureFacts } from '../../extension/diagram/live.ts';
import type { OutlineRow } from './outline.ts';

export interface OutlineListener {
  focused(thing: ThingId | undefined): void;
}

/**
 * The picture as elements with roles and names, behind the painting: what has the focus and what screen readers read.
 * It takes no room; the painter shows where the focus is.
 */
export class OutlineTree {
  readonly element = document.createElement('div');
  private readonly rows = new Map<ThingId, HTMLElement>();
  private readonly listener: OutlineListener;
  private order: readonly OutlineRow[] = [];
  private selected: ReadonlySet<ThingId> = new Set();
  private current: ThingId | undefined;

  constructor(listener: OutlineListener) {
    this.listener = listener;
    this.element.className = 'outline';
    this.element.role = 'tree';
    this.element.ariaMultiSelectable = 'true';
    this.element.tabIndex = 0;
    this.element.addEventListener('focusin', event => this.focusCame(event));
    this.element.addEventListener('focusout', event => {
      if (!this.element.contains(event.relatedTarget as Node | null)) this.listener.focused(undefined);
    });
  }

  get focusedThing(): ThingId | undefined {
    return this.element.contains(document.activeElement) ? this.current : undefined;
  }

  show(order: readonly OutlineRow[], facts: Readonly<Record<ThingId, PictureFacts>>): void {
    this.order = order;
    const hadFocus = this.element.contains(document.activeElement);
    const ids = new Set(order.map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    let place = this.element.firstChild;
    for (const { id, level } of order) {
      const row = this.rowOf(id, level, facts[id]);
      if (row === place) place = place.nextSibling;
      else this.element.insertBefore(row, place);
    }
    if (this.current === undefined || !ids.has(this.current)) this.setCurrent(order[0]?.id);
    if (hadFocus && !this.element.contains(document.activeElement)) this.focus();
  }

  select(selected: ReadonlySet<ThingId>): void {
    for (const id of this.selected) if (!selected.has(id)) this.setSelected(id, false);
    for (const id of selected) this.setSelected(id, true);
    this.selected = selected;
    const [first] = selected;
    if (first !== undefined && this.focusedThing === undefined && this.rows.has(first)) this.setCurrent(first);
  }

  /** Gives the focus to a thing, or to where it was. */
  focus(thing = this.current): void {
    if (thing !== undefined && this.rows.has(thing)) this.setCurrent(thing);
    const row = this.current === undefined ? undefined : this.rows.get(this.current);
    (row ?? this.element).focus({ preventScroll: true });
  }

  /** The thing that stands so many rows further; the ends are ends. */
  neighbour(thing: ThingId, step: number): ThingId | undefined {
    const at = this.order.findIndex(({ id }) => id === thing);
    return this.order[Math.max(0, Math.min(this.order.length - 1, at + step))]?.id;
  }

  private rowOf(id: ThingId, level: number, facts: PictureFacts | undefined): HTMLElement {
    const held = this.rows.get(id);
    const row = held ?? document.createElement('div');
    if (!held) {
      row.role = 'treeitem';
      row.tabIndex = -1;
      row.ariaSelected = 'false';
      row.dataset['thing'] = id;
      this.rows.set(id, row);
    }
    row.ariaLevel = String(level);
    const spoken = facts?.spoken ?? '';
    if (row.ariaLabel !== spoken) row.ariaLabel = spoken;
    const menu = facts?.menu;
    if (menu) row.dataset['vscodeContext'] = JSON.stringify({ ...menu, preventDefaultContextMenuItems: true });
    return row;
  }

  private focusCame({ target }: FocusEvent): void {
    const thing = target instanceof HTMLElement ? target.dataset['thing'] : undefined;
    if (thing === undefined) {
      if (this.current !== undefined) this.focus();
      return;
    }
    this.setCurrent(thing);
    this.listener.focused(thing);
  }

  /** One row at a time can be reached with Tab. */
  private setCurrent(thing: ThingId | undefined): void {
    const former = this.current === undefined ? undefined : this.rows.get(this.current);
    if (former) former.tabIndex = -1;
    this.current = thing;
    const row = thing === undefined ? undefined : this.rows.get(thing);
    if (row) row.tabIndex = 0;
    this.element.tabIndex = row ? -1 : 0;
  }

  private setSelected(thing: ThingId, isSelected: boolean): void {
    const row = this.rows.get(thing);
    if (row) row.ariaSelected = String(isSelected);
  }
}
