import type { DrawnPath, DrawnText } from '../../extension/diagram/drawing/drawing.ts';
import type { MarkOutline } from './painter.ts';

/** How a path looks: what canvas needs of its style. */
export interface PathLook {
  /** Undefined: not filled, or not drawn around. */
  readonly fill: string | undefined;
  readonly stroke: string | undefined;
  readonly width: number;
  readonly dash: readonly number[];
}

export interface TextLook {
  readonly color: string;
  /** Everything of CSS's `font` before the size. */
  readonly style: string;
  readonly family: string;
}

/** Asks the style sheet how things look, so that canvas and SVG look the same; remembers the answers. */
export class Theme {
  private readonly probe: SVGSVGElement;
  private readonly paths = new Map<string, PathLook>();
  private readonly texts = new Map<string, TextLook>();

  /** `place`: an element of the view to ask in. */
  constructor(place: Element) {
    this.probe = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.probe.classList.add('probe');
    this.probe.ariaHidden = 'true';
    place.append(this.probe);
  }

  /** After the theme has changed. */
  forget(): void {
    this.paths.clear();
    this.texts.clear();
  }

  path({ paint, vlan, line, fill, stroke, width }: Omit<DrawnPath, 'd'>): PathLook {
    const classes = [
      `p-${paint}`,
      ...(vlan === undefined ? [] : [`vlan-${vlan % 8}`]),
      ...(line ? [`line-${line}`] : []),
    ];
    const key = [...classes, fill, stroke].join(' ');
    const look = this.paths.get(key) ?? this.readPath(classes, fill, stroke);
    this.paths.set(key, look);
    return width === undefined ? look : { ...look, width };
  }

  mark({ role, isLine }: MarkOutline): PathLook {
    const classes = ['mark', role, isLine ? 'along' : 'around'];
    const key = classes.join(' ');
    const look = this.paths.get(key) ?? this.readPath(classes, undefined, undefined);
    this.paths.set(key, look);
    return look;
  }

  text({ paint, color }: Pick<DrawnText, 'paint' | 'color'>): TextLook {
    const key = `${paint} ${color ?? ''}`;
    const held = this.texts.get(key);
    if (held) return held;
    const { fill, fontStyle, fontWeight, fontFamily } = this.styleOf('text', [`t-${paint}`], color, undefined);
    const look = { color: fill, style: `${fontStyle} ${fontWeight}`, family: fontFamily };
    this.texts.set(key, look);
    return look;
  }

  dispose(): void {
    this.probe.remove();
  }

  private readPath(classes: readonly string[], fill: string | undefined, stroke: string | undefined): PathLook {
    const style = this.styleOf('path', classes, fill, stroke);
    const dash = style.strokeDasharray === 'none' ? [] : (style.strokeDasharray.match(/[\d.]+/g) ?? []).map(Number);
    return {
      fill: style.fill === 'none' ? undefined : style.fill,
      stroke: style.stroke === 'none' ? undefined : style.stroke,
      width: Number.parseFloat(style.strokeWidth),
      dash,
    };
  }

  private styleOf(name: 'path' | 'text', classes: readonly string[], fill?: string, stroke?: string) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.classList.add(...classes);
    if (fill !== undefined) element.style.setProperty('--own-fill', fill);
    if (stroke !== undefined) element.style.setProperty('--own-stroke', stroke);
    this.probe.append(element);
    const computed = getComputedStyle(element);
    const { fill: filled, stroke: stroked, strokeWidth, strokeDasharray, fontStyle, fontWeight, fontFamily } = computed;
    element.remove();
    return { fill: filled, stroke: stroked, strokeWidth, strokeDasharray, fontStyle, fontWeight, fontFamily };
  }
}
