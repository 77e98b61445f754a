import { lineHeight, type DrawnItem, type DrawnPath, type DrawnText } from '../../extension/diagram/drawing/drawing.ts';
import type { Size } from '../../extension/diagram/picture.ts';
import type { Marks } from './marks.ts';
import { markOutlines, textScale, type Painter } from './painter.ts';
import type { Scene } from './scene.ts';
import type { Viewport } from './viewport.ts';

interface Drawn {
  readonly item: DrawnItem;
  /** The item as text: an item that has not changed keeps its element. */
  readonly signature: string;
  readonly element: SVGGElement;
}

/** Draws with SVG: sharp at every scale, styled by the theme alone. */
export class SvgPainter implements Painter {
  readonly element = svg('svg');
  private readonly content = svg('g');
  private readonly overlay = svg('g');
  private drawn = new Map<string, Drawn>();
  private scene: Scene | undefined;
  private marks: Marks | undefined;

  constructor() {
    this.element.classList.add('painting');
    this.element.ariaHidden = 'true';
    this.element.append(this.content, this.overlay);
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.element.setAttribute('width', String(scene.size.width));
    this.element.setAttribute('height', String(scene.size.height));
    const former = this.drawn;
    this.drawn = new Map(
      scene.items.map((item, index) => {
        const key = item.id ?? `${item.kind} ${index}`;
        const signature = JSON.stringify(item);
        const held = former.get(key);
        return [key, held?.signature === signature ? held : { item, signature, element: drawItem(item) }];
      }),
    );
    this.content.replaceChildren(...[...this.drawn.values()].map(({ element }) => element));
    if (this.marks) this.mark(this.marks);
  }

  mark(marks: Marks): void {
    this.marks = marks;
    const { lit } = marks;
    for (const { item, element } of this.drawn.values())
      element.classList.toggle('dim', lit !== undefined && !(item.id !== undefined && lit.has(item.id)));
    if (!this.scene) return;
    const outlines = markOutlines(this.scene, marks).map(({ d, role, isLine }) => {
      const path = svg('path');
      path.setAttribute('d', d);
      path.classList.add('mark', role, isLine ? 'along' : 'around');
      return path;
    });
    this.overlay.replaceChildren(...outlines);
  }

  look({ x, y, scale }: Viewport, _screen: Size, isMoving: boolean): void {
    // While it moves the finished picture is moved; when it rests it is drawn sharply again.
    this.element.classList.toggle('moving', isMoving);
    this.element.classList.toggle('far', scale < textScale);
    this.element.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  retheme(): void {
    // The style sheet does it.
  }

  dispose(): void {
    this.element.remove();
  }
}

function drawItem({ paths, texts, kind }: DrawnItem): SVGGElement {
  const group = svg('g');
  group.classList.add(`k-${kind}`);
  group.append(...paths.map(drawPath), ...texts.map(drawText));
  return group;
}

function drawPath({ d, paint, fill, stroke, width, line, vlan }: DrawnPath): SVGPathElement {
  const path = svg('path');
  path.setAttribute('d', d);
  path.classList.add(`p-${paint}`);
  if (vlan !== undefined) path.classList.add(`vlan-${vlan % 8}`);
  if (line !== undefined) path.classList.add(`line-${line}`);
  // Properties, not attributes: the style sheet would beat those.
  if (fill !== undefined) path.style.setProperty('--own-fill', fill);
  if (stroke !== undefined) path.style.setProperty('--own-stroke', stroke);
  if (width !== undefined) path.style.strokeWidth = `${width}px`;
  return path;
}

function drawText({ lines, at, anchor, paint, size, color, rotate }: DrawnText): SVGTextElement {
  const text = svg('text');
  text.classList.add(`t-${paint}`);
  text.setAttribute('x', String(at.x));
  text.setAttribute('y', String(at.y));
  text.setAttribute('text-anchor', anchor);
  text.setAttribute('font-size', String(size));
  if (rotate !== undefined) text.setAttribute('transform', `rotate(${rotate} ${at.x} ${at.y})`);
  if (color !== undefined) text.style.setProperty('--own-fill', color);
  if (lines.length === 1) text.textContent = lines[0] ?? '';
  else text.append(...lines.map((line, index) => drawLine(line, at.x, at.y + index * size * lineHeight)));
  return text;
}

function drawLine(line: string, x: number, y: number): SVGTSpanElement {
  const span = svg('tspan');
  span.setAttribute('x', String(x));
  span.setAttribute('y', String(y));
  span.textContent = line;
  return span;
}

function svg<Name extends 'svg' | 'g' | 'path' | 'text' | 'tspan'>(name: Name): SVGElementTagNameMap[Name] {
  return document.createElementNS('http://www.w3.org/2000/svg', name);
}
