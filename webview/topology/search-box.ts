import type { ThingId } from '../../extension/diagram/thing-id.ts';
import { button, element, setText } from '../shared/elements.ts';

export interface SearchListener {
  /** The query has changed. Gives what it found; undefined: the query is empty. */
  searched(query: string): readonly ThingId[] | undefined;
  /** One of those found is to be shown. */
  went(thing: ThingId): void;
  closed(): void;
}

/** Finds things by what is known of them. What is not found is dimmed; Enter goes from one to the next. */
export class SearchBox {
  readonly element = element('div', 'search');
  private readonly input = element('input', '');
  private readonly count = element('span', 'count');
  private readonly listener: SearchListener;
  private found: readonly ThingId[] | undefined;
  private at = -1;

  constructor(listener: SearchListener) {
    this.listener = listener;
    this.input.type = 'text';
    this.input.placeholder = 'Find a VM, address, MAC …';
    this.input.ariaLabel = 'Find in the picture';
    this.input.spellcheck = false;
    this.count.role = 'status';
    const close = button({
      label: 'Close',
      icon: 'M4 4L12 12M12 4L4 12',
      title: 'Close (Escape)',
      onClick: () => this.close(),
    });
    this.element.role = 'search';
    this.element.hidden = true;
    this.element.append(this.input, this.count, close);
    this.input.addEventListener('input', () => this.search());
    this.input.addEventListener('keydown', event => this.key(event));
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  open(): void {
    this.element.hidden = false;
    this.input.select();
    this.input.focus();
    this.search();
  }

  close(): void {
    this.element.hidden = true;
    this.found = undefined;
    this.listener.closed();
  }

  /** The picture has changed: searches again, and goes nowhere. */
  again(): void {
    if (this.isOpen) this.search();
  }

  private search(): void {
    this.found = this.listener.searched(this.input.value);
    this.at = -1;
    this.tell();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private go(step: 1 | -1): void {
    const count = this.found?.length ?? 0;
    if (count === 0) return;
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.at = (from + step + count) % count;
    const thing = this.found?.[this.at];
    if (thing !== undefined) this.listener.went(thing);
    this.tell();
  }

  private tell(): void {
    const count = this.found?.length ?? 0;
    if (!this.found) setText(this.count, '');
    else if (count === 0) setText(this.count, 'nothing found');
    else setText(this.count, this.at < 0 ? String(count) : `${this.at + 1} of ${count}`);
  }
}
