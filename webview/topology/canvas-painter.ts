import { lineHeight, type DrawnItem, type DrawnPath, type DrawnText } from '../../extension/diagram/drawing/drawing.ts';
import type { Size } from '../../extension/diagram/picture.ts';
import type { Marks } from './marks.ts';
import { markOutlines, textScale, type MarkOutline, type Painter } from './painter.ts';
import type { Scene } from './scene.ts';
import { Theme, type PathLook } from './theme.ts';
import { visibleBox, type Viewport } from './viewport.ts';

/** Smaller text, in pixels of the screen, is left out. */
const smallestText = 4;
const dimAlpha = 0.18;
/** Lines of a picture that is far away are not thinner than this, in pixels of the screen. */
const thinnest = 0.7;

/** Many paths of one look, drawn in one stroke. */
interface Layer {
  readonly look: PathLook;
  readonly path: Path2D;
  readonly isDim: boolean;
}

/**
 * Draws with canvas: what can be seen, and with text only where it can be read; from afar all lines of one look as one.
 * On machines without a graphics processor SVG is ten times slower for a thousand VMs.
 */
export class CanvasPainter implements Painter {
  readonly element = document.createElement('canvas');
  private readonly theme: Theme;
  private readonly context = this.element.getContext('2d');
  private readonly shapes = new WeakMap<DrawnPath, Path2D>();
  private scene: Scene | undefined;
  private marks: Marks | undefined;
  private outlines: readonly MarkOutline[] = [];
  private farLayers: readonly Layer[] | undefined;
  private seen: { readonly viewport: Viewport; readonly screen: Size } | undefined;

  constructor(place: Element) {
    this.element.classList.add('painting');
    this.element.ariaHidden = 'true';
    this.theme = new Theme(place);
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.farLayers = undefined;
    this.mark(this.marks);
  }

  mark(marks: Marks | undefined): void {
    if (this.marks?.lit !== marks?.lit) this.farLayers = undefined;
    this.marks = marks;
    this.outlines = this.scene && marks ? markOutlines(this.scene, marks) : [];
    this.draw();
  }

  look(viewport: Viewport, screen: Size): void {
    this.seen = { viewport, screen };
    this.draw();
  }

  retheme(): void {
    this.theme.forget();
    this.farLayers = undefined;
    this.draw();
  }

  dispose(): void {
    this.theme.dispose();
    this.element.remove();
  }

  private draw(): void {
    const { context, scene, seen } = this;
    if (!context || !scene || !seen) return;
    const { viewport, screen } = seen;
    const ratio = window.devicePixelRatio;
    this.resize(Math.round(screen.width * ratio), Math.round(screen.height * ratio));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    const scale = viewport.scale * ratio;
    context.setTransform(scale, 0, 0, scale, viewport.x * ratio, viewport.y * ratio);
    if (viewport.scale < textScale) this.drawFar(context, scene, viewport.scale);
    else for (const item of scene.visible(visibleBox(viewport, screen))) this.drawItem(context, item, viewport.scale);
    context.globalAlpha = 1;
    for (const outline of this.outlines)
      this.paint(context, this.theme.mark(outline), new Path2D(outline.d), viewport.scale);
  }

  private resize(width: number, height: number): void {
    const { element } = this;
    if (element.width === width && element.height === height) return;
    element.width = width;
    element.height = height;
  }

  private drawFar(context: CanvasRenderingContext2D, scene: Scene, scale: number): void {
    this.farLayers ??= this.layersOf(scene);
    for (const { look, path, isDim } of this.farLayers) {
      context.globalAlpha = isDim ? dimAlpha : 1;
      this.paint(context, look, path, scale);
    }
    context.globalAlpha = 1;
    this.nameBuses(context, scene, scale);
  }

  /** The names of switches stay readable from afar: the picture is a map then. */
  private nameBuses(context: CanvasRenderingContext2D, scene: Scene, scale: number): void {
    context.textAlign = 'left';
    for (const item of scene.items) {
      const text = item.kind === 'network' ? item.texts.find(({ paint }) => paint === 'network') : undefined;
      const [start] = item.line ?? [];
      if (!text || !start || this.isDim(item)) continue;
      const look = this.theme.text(text);
      context.font = `${look.style} ${11 / scale}px ${look.family}`;
      context.fillStyle = look.color;
      context.fillText(text.lines[0] ?? '', start.x, start.y - 6 / scale);
    }
  }

  private layersOf(scene: Scene): readonly Layer[] {
    const layers = new Map<string, Layer>();
    for (const item of scene.items) {
      const isDim = this.isDim(item);
      for (const path of item.paths) {
        if (farOmitted.has(path.paint)) continue;
        const look = this.theme.path(path);
        const key = JSON.stringify([item.kind, isDim, look]);
        const layer = layers.get(key) ?? { look, isDim, path: new Path2D() };
        layer.path.addPath(this.shapeOf(path));
        layers.set(key, layer);
      }
    }
    return [...layers.values()];
  }

  private drawItem(context: CanvasRenderingContext2D, item: DrawnItem, scale: number): void {
    context.globalAlpha = this.isDim(item) ? dimAlpha : 1;
    for (const path of item.paths) this.paint(context, this.theme.path(path), this.shapeOf(path), scale);
    for (const text of item.texts) if (text.size * scale >= smallestText) this.write(context, text);
  }

  private paint(context: CanvasRenderingContext2D, look: PathLook, path: Path2D, scale: number): void {
    if (look.fill !== undefined) {
      context.fillStyle = look.fill;
      context.fill(path);
    }
    if (look.stroke === undefined || look.width === 0) return;
    context.strokeStyle = look.stroke;
    context.lineWidth = Math.max(look.width, thinnest / scale);
    context.setLineDash(look.dash);
    context.stroke(path);
  }

  private write(context: CanvasRenderingContext2D, text: DrawnText): void {
    const { lines, at, anchor, size, rotate } = text;
    const look = this.theme.text(text);
    context.font = `${look.style} ${size}px ${look.family}`;
    context.fillStyle = look.color;
    context.textAlign = anchor === 'middle' ? 'center' : anchor;
    if (rotate !== undefined) {
      context.save();
      context.translate(at.x, at.y);
      context.rotate((rotate * Math.PI) / 180);
      context.fillText(lines[0] ?? '', 0, 0);
      context.restore();
      return;
    }
    for (const [index, line] of lines.entries()) context.fillText(line, at.x, at.y + index * size * lineHeight);
  }

  private shapeOf(path: DrawnPath): Path2D {
    const shape = this.shapes.get(path) ?? new Path2D(path.d);
    this.shapes.set(path, shape);
    return shape;
  }

  private isDim({ id }: DrawnItem): boolean {
    const lit = this.marks?.lit;
    return lit !== undefined && !(id !== undefined && lit.has(id));
  }
}

/** Details that are less than a pixel from afar. */
const farOmitted: ReadonlySet<DrawnPath['paint']> = new Set([
  'busShine',
  'busCap',
  'dot',
  'detail',
  'icon',
  'badge',
  'sheet',
]);
