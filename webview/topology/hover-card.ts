import type { Point, Size } from '../../extension/diagram/picture.ts';
import type { PictureFacts } from '../../extension/diagram/live.ts';
import { element, setText } from '../shared/elements.ts';

const pauseMs = 350;
/** From the pointer. */
const gap = 14;

/** What is known of the thing under the pointer, once it rests there. */
export class HoverCard {
  readonly element = element('div', 'card');
  private readonly title = element('strong', 'card-title');
  private readonly lines = element('div', 'card-lines');
  private timer: number | undefined;

  constructor() {
    this.element.role = 'tooltip';
    this.element.hidden = true;
    this.title.dir = 'auto';
    this.element.append(this.title, this.lines);
  }

  show(facts: PictureFacts | undefined, at: Point, screen: Size): void {
    this.hide();
    if (facts) this.timer = window.setTimeout(() => this.open(facts, at, screen), pauseMs);
  }

  hide(): void {
    window.clearTimeout(this.timer);
    this.element.hidden = true;
  }

  private open({ title, lines }: PictureFacts, at: Point, screen: Size): void {
    setText(this.title, title);
    this.lines.replaceChildren(
      ...lines.map(line => {
        const row = element('div', 'card-line', line);
        row.dir = 'auto';
        return row;
      }),
    );
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const left = at.x + gap + width > screen.width ? at.x - gap - width : at.x + gap;
    const top = at.y + gap + height > screen.height ? at.y - gap - height : at.y + gap;
    this.element.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
  }
}
