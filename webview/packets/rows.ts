import type { PacketListRow } from '../protocol.ts';
import { drawRow } from './row.ts';

export interface TableOptions {
  readonly onSelect: (row: PacketListRow) => void;
  /** The user has left the end of the list, or come back to it. */
  readonly onFollow: (isFollowing: boolean) => void;
}

const rowHeight = 22;
/** Drawn beyond what can be seen, so that scrolling shows no holes. */
const spare = 12;

/** A list of packets of which only what can be seen is in the document, operated like a list box. */
export class PacketTable {
  private readonly scroller: HTMLElement;
  private readonly options: TableOptions;
  private readonly body = document.createElement('div');
  private rows: PacketListRow[] = [];
  /** Number of the packet. */
  private selected: number | undefined;
  /** Time of the first packet, from which the others are counted. */
  private origin: number | undefined;
  private following = true;
  private isScheduled = false;

  constructor(scroller: HTMLElement, options: TableOptions) {
    this.scroller = scroller;
    this.options = options;
    this.body.className = 'rows';
    scroller.append(this.body);
    scroller.addEventListener('scroll', () => this.schedule());
    scroller.addEventListener('wheel', ({ deltaY }) => {
      if (deltaY < 0) this.follow(false);
    });
    scroller.addEventListener('mousedown', ({ target }) => this.choose(this.indexAt(target)));
    scroller.addEventListener('keydown', event => this.press(event));
    new ResizeObserver(() => this.schedule()).observe(scroller);
  }

  /** Whether the newest packet stays in sight. */
  set isFollowing(isFollowing: boolean) {
    if (isFollowing) this.selected = undefined;
    this.follow(isFollowing);
    this.schedule();
  }

  /** Adds rows at the end. `most`: the oldest go when there are more. */
  add(more: readonly PacketListRow[], most: number): void {
    this.rows.push(...more);
    this.origin ??= this.rows[0]?.time;
    const gone = Math.max(0, this.rows.length - most);
    if (gone > 0) {
      this.rows = this.rows.slice(gone);
      if (!this.following) this.scroller.scrollTop = Math.max(0, this.scroller.scrollTop - gone * rowHeight);
    }
    this.schedule();
  }

  clear(): void {
    this.rows = [];
    this.origin = undefined;
    this.selected = undefined;
    this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    requestAnimationFrame(() => {
      this.isScheduled = false;
      this.draw();
    });
  }

  private draw(): void {
    const { scroller, body, rows } = this;
    body.style.height = `${rows.length * rowHeight}px`;
    if (this.following) scroller.scrollTop = body.offsetHeight;
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - spare);
    const last = Math.min(rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / rowHeight) + spare);
    const origin = this.origin ?? 0;
    const elements = rows.slice(first, last).map((row, at) => {
      const index = first + at;
      const isSelected = row.number === this.selected;
      return drawRow(row, { index, of: rows.length, top: index * rowHeight, isSelected, origin });
    });
    body.replaceChildren(...elements);
    const active = elements.find(element => element.ariaSelected === 'true');
    if (active) scroller.setAttribute('aria-activedescendant', active.id);
    else scroller.removeAttribute('aria-activedescendant');
  }

  private press(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / rowHeight) - 1);
    const last = this.rows.length - 1;
    const now = this.rows.findIndex(({ number }) => number === this.selected);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: now + 1,
      ArrowUp: now < 0 ? last : now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.choose(target);
  }

  private choose(index: number | undefined): void {
    if (index === undefined) return;
    const at = Math.min(Math.max(0, index), this.rows.length - 1);
    const row = this.rows[at];
    if (!row) return;
    this.follow(false);
    this.selected = row.number;
    this.reveal(at);
    this.options.onSelect(row);
    this.schedule();
  }

  private indexAt(target: EventTarget | null): number | undefined {
    const row = target instanceof Element ? target.closest('.row') : null;
    return row ? Number(row.getAttribute('aria-posinset')) - 1 : undefined;
  }

  private reveal(index: number): void {
    const top = index * rowHeight;
    const lowest = top + rowHeight - this.scroller.clientHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (lowest > this.scroller.scrollTop) this.scroller.scrollTop = lowest;
  }

  private follow(isFollowing: boolean): void {
    if (this.following === isFollowing) return;
    this.following = isFollowing;
    this.options.onFollow(isFollowing);
  }
}
