import type { Box, PlacedGroup } from '../picture.ts';
import { thingId } from '../thing-id.ts';
import { captionPlace } from './caption-place.ts';
import { safeColor } from './color.ts';
import type { DrawnItem } from './drawing.ts';
import { rounded } from './path.ts';
import { fitted } from './text.ts';

/** A soft rectangle behind its nodes, or a frame around them; its caption lies on none of the obstacles, if it can be. */
export function drawGroup({ group, box }: PlacedGroup, fontSize: number, obstacles: readonly Box[]): DrawnItem {
  const color = safeColor(group.style.color);
  const textColor = safeColor(group.style.textColor);
  const isFrame = group.shape === 'line';
  const size = group.style.fontSize ?? fontSize;
  const label = fitted(group.label, size, box.right - box.left - 12);
  return {
    id: thingId('group', group.id),
    kind: 'group',
    bounds: box,
    paths: [
      {
        d: rounded(box, 8),
        paint: isFrame ? 'frame' : 'group',
        ...(color === undefined ? {} : isFrame ? { stroke: color } : { fill: color, stroke: color }),
        ...(isFrame && group.style.thickness !== undefined ? { width: Math.min(group.style.thickness, 20) } : {}),
        ...(isFrame && group.style.line !== undefined && group.style.line !== 'solid'
          ? { line: group.style.line }
          : {}),
      },
    ],
    texts: [
      {
        lines: [label],
        at: captionPlace(box, label, size, obstacles),
        anchor: 'start',
        paint: 'caption',
        size,
        ...(textColor === undefined ? {} : { color: textColor }),
      },
    ],
  };
}
