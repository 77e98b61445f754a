import type { Ghost } from './edit-tool.ts';
import { element, setText } from '../shared/elements.ts';

const namespace = 'http://www.w3.org/2000/svg';
/** From the pointer. */
const gap = 16;

/** A line from what is dragged to the pointer, with words for what letting go would do. */
export class GhostLine {
  readonly element = element('div', 'ghost');
  private readonly line = document.createElementNS(namespace, 'line');
  private readonly words = element('div', 'ghost-words');

  constructor() {
    const drawing = document.createElementNS(namespace, 'svg');
    drawing.append(this.line);
    drawing.ariaHidden = 'true';
    this.words.role = 'status';
    this.words.dir = 'auto';
    this.element.hidden = true;
    this.element.append(drawing, this.words);
  }

  show(ghost: Ghost | undefined): void {
    this.element.hidden = ghost === undefined;
    if (!ghost) return;
    const { from, to, words } = ghost;
    for (const [name, value] of Object.entries({ x1: from.x, y1: from.y, x2: to.x, y2: to.y }))
      this.line.setAttribute(name, String(value));
    this.element.classList.toggle('ready', words !== undefined);
    setText(this.words, words ?? '');
    this.words.hidden = words === undefined;
    const left = Math.min(to.x + gap, this.element.clientWidth - this.words.offsetWidth - 4);
    this.words.style.transform = `translate(${left}px, ${to.y + gap}px)`;
  }
}
