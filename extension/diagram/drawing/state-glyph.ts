import type { StateKind } from '../live.ts';
import type { Point } from '../picture.ts';
import type { DrawnPath } from './drawing.ts';
import { ellipse, polygon, rectangle } from './path.ts';

/** Pixels, both ways. */
export const glyphSize = 7;

/** A state as a shape of its own, so that it can be told without colours: disc, bars, half disc, ring, triangle. */
export function glyph(kind: StateKind, middle: Point): DrawnPath {
  const { x, y } = middle;
  const r = glyphSize / 2;
  switch (kind) {
    case 'running':
      return { d: ellipse(middle, r), paint: 'glyphRunning' };
    case 'paused': {
      const bar = (left: number): string => rectangle({ left, right: left + 2.2, top: y - r, bottom: y + r });
      return { d: bar(x - 3) + bar(x + 0.8), paint: 'glyphPaused' };
    }
    case 'busy':
    case 'booting':
      return { d: `${ellipse(middle, r)}M${x} ${y - r}A${r} ${r} 0 0 1 ${x} ${y + r}Z`, paint: 'glyphBusy' };
    case 'stopped':
      return { d: ellipse(middle, r - 0.5), paint: 'glyphStopped' };
    case 'failed': {
      const corners = [
        { x, y: y - r },
        { x: x + r + 0.5, y: y + r },
        { x: x - r - 0.5, y: y + r },
      ];
      return { d: polygon(corners), paint: 'glyphFailed' };
    }
  }
}
