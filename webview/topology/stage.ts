import type { Point, Size } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import { CanvasPainter } from './canvas-painter.ts';
import type { Marks } from './marks.ts';
import type { Painter } from './painter.ts';
import { Pointers } from './pointers.ts';
import type { Scene } from './scene.ts';
import { SvgPainter } from './svg-painter.ts';
import type { PointerAt, PointerTool } from './tools.ts';
import { fitted, panned, revealing, toPicture, toScreen, zoomed, type Viewport } from './viewport.ts';

export interface StageListener {
  hovered(thing: ThingId | undefined, at: Point): void;
  /** The picture was moved or zoomed. `isResting`: and that was all for now. */
  looked(viewport: Viewport, isResting: boolean): void;
}

/** More nodes than these are drawn with canvas. */
const mostSvgNodes = 200;
/** Gestures are over when nothing comes for so long. */
const restMs = 140;
/** So near a line is on it, in pixels of the screen. */
const tolerance = 6;
const readableScale = 0.6;

/** Where the picture is seen: what part of it, by which painter, and what the pointer does to it. */
export class Stage {
  readonly element = document.createElement('div');
  /** The first one that takes a press has it. */
  readonly tools: PointerTool[] = [];
  private readonly listener: StageListener;
  private painter: Painter | undefined;
  private scene: Scene | undefined;
  private marks: Marks | undefined;
  private view: Viewport | undefined;
  private screen: Size = { width: 0, height: 0 };
  private frame: number | undefined;
  private rest: number | undefined;
  /** The whole picture was asked for, and nobody has moved it since: it stays whole when it grows. */
  private isFitted = true;

  constructor(listener: StageListener) {
    this.listener = listener;
    this.element.className = 'stage';
    new ResizeObserver(() => this.resized()).observe(this.element);
    const pointers = new Pointers(this.element, {
      at: (event, point) => this.pointerAt(event, point),
      tools: () => this.tools,
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, at) => this.zoom(factor, at),
      hovered: at => this.listener.hovered(at?.thing, at?.screen ?? { x: 0, y: 0 }),
    });
    window.addEventListener('blur', () => pointers.cancel());
  }

  get viewport(): Viewport | undefined {
    return this.view;
  }

  /** The whole picture is shown, and will be when it or the view changes its size. */
  get isWhole(): boolean {
    return this.isFitted;
  }

  get screenSize(): Size {
    return this.screen;
  }

  show(scene: Scene): void {
    const former = this.scene;
    this.scene = scene;
    this.measure();
    const painter = this.painterFor(scene);
    painter.show(scene);
    if (this.marks) painter.mark(this.marks);
    const isNewSize = former?.size.width !== scene.size.width || former.size.height !== scene.size.height;
    if (this.isFitted && isNewSize) this.fit();
    else this.request();
  }

  mark(marks: Marks): void {
    this.marks = marks;
    this.painter?.mark(marks);
  }

  /** Puts the picture where it was before. */
  restore(viewport: Viewport): void {
    this.isFitted = false;
    this.view = viewport;
    this.request();
  }

  fit(): void {
    this.isFitted = true;
    if (!this.scene || this.screen.width === 0) return;
    this.view = fitted(this.scene.size, this.screen);
    this.request();
    this.settle();
  }

  zoom(factor: number, at: Point = { x: this.screen.width / 2, y: this.screen.height / 2 }): void {
    this.move(view => zoomed(view, factor, at));
  }

  pan(dx: number, dy: number): void {
    const { scene } = this;
    if (scene) this.move(view => panned(view, dx, dy, scene.size, this.screen));
  }

  /** Puts this place of the picture into the middle. */
  centre(place: Point): void {
    const { width, height } = this.screen;
    this.move(view => ({ ...view, x: width / 2 - place.x * view.scale, y: height / 2 - place.y * view.scale }));
  }

  reveal(thing: ThingId): void {
    const box = this.scene?.item(thing)?.bounds;
    if (box) this.move(view => revealing(view, box, this.screen, readableScale));
  }

  /** Where a thing is on the screen: its middle. */
  screenPlace(thing: ThingId): Point | undefined {
    const box = this.scene?.item(thing)?.bounds;
    const { view } = this;
    return box && view && toScreen(view, { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 });
  }

  thingAt(screen: Point): ThingId | undefined {
    if (!this.view) return undefined;
    return this.scene?.at(toPicture(this.view, screen), tolerance / this.view.scale)?.id;
  }

  retheme(): void {
    this.painter?.retheme();
  }

  /** The gesture is over. */
  settle(): void {
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => {
      this.rest = undefined;
      this.request();
    }, restMs);
  }

  private move(change: (view: Viewport) => Viewport): void {
    if (!this.view) return;
    this.isFitted = false;
    this.view = change(this.view);
    this.settle();
    this.request();
  }

  private painterFor(scene: Scene): Painter {
    const isLarge = scene.items.filter(({ kind }) => kind === 'node').length > mostSvgNodes;
    const { painter } = this;
    if (painter && painter instanceof CanvasPainter === isLarge) return painter;
    painter?.dispose();
    this.painter = isLarge ? new CanvasPainter(this.element) : new SvgPainter();
    this.element.prepend(this.painter.element);
    return this.painter;
  }

  private resized(): void {
    this.measure();
    if (this.isFitted || !this.view) this.fit();
    else this.request();
  }

  private measure(): void {
    this.screen = { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** Draws with the next frame, once for all that asked. */
  private request(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (!this.view || !this.painter) return;
      const isResting = this.rest === undefined;
      this.painter.look(this.view, this.screen, !isResting);
      this.listener.looked(this.view, isResting);
    });
  }

  private pointerAt({ button, ctrlKey, metaKey, shiftKey }: PointerEvent, screen: Point): PointerAt {
    const picture = this.view ? toPicture(this.view, screen) : screen;
    return { screen, picture, thing: this.thingAt(screen), button, isAdding: ctrlKey || metaKey || shiftKey };
  }
}
