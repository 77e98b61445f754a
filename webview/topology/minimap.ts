import type { DrawnItem } from '../../extension/diagram/drawing/drawing.ts';
import type { Point, Size } from '../../extension/diagram/picture.ts';
import { element } from '../shared/elements.ts';
import type { Scene } from './scene.ts';
import { Theme } from './theme.ts';
import { visibleBox, type Viewport } from './viewport.ts';

const most: Size = { width: 180, height: 120 };

/** The whole picture in a corner, with a frame around what is on the screen; dragging in it moves the picture. */
export class Minimap {
  readonly element = element('canvas', 'minimap');
  private readonly theme: Theme;
  private readonly go: (place: Point) => void;
  private scene: Scene | undefined;
  /** The picture, drawn once. */
  private whole: HTMLCanvasElement | undefined;
  private scale = 1;
  private isWanted = true;

  constructor(place: Element, go: (place: Point) => void) {
    this.theme = new Theme(place);
    this.go = go;
    this.element.ariaHidden = 'true';
    this.element.hidden = true;
    this.element.addEventListener('pointerdown', event => {
      this.element.setPointerCapture(event.pointerId);
      this.follow(event);
    });
    this.element.addEventListener('pointermove', event => {
      if (this.element.hasPointerCapture(event.pointerId)) this.follow(event);
    });
  }

  setWanted(isWanted: boolean): void {
    this.isWanted = isWanted;
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.whole = undefined;
  }

  retheme(): void {
    this.theme.forget();
    this.whole = undefined;
  }

  look(viewport: Viewport, screen: Size): void {
    const { scene, element: canvas } = this;
    const box = visibleBox(viewport, screen);
    const isWhole =
      !scene || (box.left <= 0 && box.top <= 0 && box.right >= scene.size.width && box.bottom >= scene.size.height);
    canvas.hidden = !this.isWanted || isWhole;
    if (canvas.hidden || !scene) return;
    this.whole ??= this.drawWhole(scene);
    const context = canvas.getContext('2d');
    if (!context) return;
    const { scale } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(this.whole, 0, 0);
    const frame = this.theme.mark({ d: '', role: 'selected', isLine: false });
    context.strokeStyle = frame.stroke ?? 'gray';
    context.lineWidth = 1.5;
    const { left, top, right, bottom } = box;
    context.strokeRect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
  }

  private drawWhole(scene: Scene): HTMLCanvasElement {
    const { width, height } = scene.size;
    const scale = Math.min(most.width / width, most.height / height);
    this.scale = scale;
    const whole = document.createElement('canvas');
    for (const one of [whole, this.element]) {
      one.width = Math.max(1, Math.ceil(width * scale));
      one.height = Math.max(1, Math.ceil(height * scale));
    }
    const context = whole.getContext('2d');
    if (!context) return whole;
    context.scale(scale, scale);
    for (const item of scene.items) this.drawItem(context, item, 1.5 / scale);
    return whole;
  }

  /** Nodes and groups as boxes, buses as lines of this height. */
  private drawItem(context: CanvasRenderingContext2D, { kind, bounds, line, paths }: DrawnItem, height: number): void {
    const [path] = paths;
    if (!path || (kind !== 'node' && kind !== 'network' && kind !== 'group')) return;
    const { fill, stroke } = this.theme.path(path);
    context.fillStyle = (kind === 'group' ? fill : stroke) ?? stroke ?? 'gray';
    context.globalAlpha = kind === 'group' && fill === undefined ? 0.3 : 1;
    const [from, to] = line ?? [];
    if (from && to) context.fillRect(from.x, from.y - height / 2, to.x - from.x, height);
    else context.fillRect(bounds.left, bounds.top, bounds.right - bounds.left, bounds.bottom - bounds.top);
  }

  private follow({ offsetX, offsetY }: PointerEvent): void {
    this.go({ x: offsetX / this.scale, y: offsetY / this.scale });
  }
}
