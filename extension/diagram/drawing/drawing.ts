import type { Box, Point, Polyline, Size } from '../picture.ts';
import type { ThingId } from '../thing-id.ts';

/**
 * A picture as shapes and texts, in the order of painting. Knows no painter: the view's SVG and canvas and the exported
 * file are made from the same list. Pixels as in the picture.
 */
export interface Drawing {
  readonly size: Size;
  readonly items: readonly DrawnItem[];
}

/** All that is drawn of one thing. */
export interface DrawnItem {
  /** Undefined: nothing that can be chosen, such as the stub to the outside. */
  readonly id: ThingId | undefined;
  readonly kind: ItemKind;
  readonly bounds: Box;
  /** Things that are lines are hit along them, not in their bounds. */
  readonly line?: Polyline;
  readonly paths: readonly DrawnPath[];
  readonly texts: readonly DrawnText[];
}

export type ItemKind = 'group' | 'wire' | 'network' | 'link' | 'node' | 'route' | 'external' | 'title';

export interface DrawnPath {
  /** As in SVG's `d`. */
  readonly d: string;
  readonly paint: PathPaint;
  /** Colours that the file asks for, in place of the theme's; checked, so safe in any attribute. */
  readonly fill?: string;
  readonly stroke?: string;
  readonly width?: number;
  readonly line?: 'dotted' | 'dashed' | 'none';
  /** The place of its VLAN among the picture's, for lines that belong to one. */
  readonly vlan?: number;
}

/** What a path is; the theme says how that looks. */
export type PathPaint =
  | 'group'
  | 'frame'
  | 'bus'
  | 'busShine'
  | 'busCap'
  | 'link'
  | 'linkOff'
  | 'dot'
  | 'wire'
  | 'wireOff'
  | 'fault'
  | 'route'
  | 'external'
  | 'face'
  | 'faceRunning'
  | 'facePaused'
  | 'faceBusy'
  | 'faceStopped'
  | 'faceFailed'
  | 'sheet'
  | 'detail'
  | 'icon'
  | 'badge'
  | 'glyphRunning'
  | 'glyphPaused'
  | 'glyphBusy'
  | 'glyphStopped'
  | 'glyphFailed';

export interface DrawnText {
  readonly lines: readonly string[];
  /** Of the first line's baseline; `at.x` is its start, middle or end. */
  readonly at: Point;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly paint: TextPaint;
  /** Pixels. */
  readonly size: number;
  readonly color?: string;
  /** Clockwise around `at`, in degrees. */
  readonly rotate?: number;
}

export type TextPaint =
  'name' | 'state' | 'address' | 'vlan' | 'traffic' | 'fault' | 'bus' | 'network' | 'caption' | 'note' | 'badge';

/** From one line's baseline to the next, as a part of the size. */
export const lineHeight = 1.25;
