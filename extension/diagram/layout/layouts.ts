import type { Diagram } from '../diagram.ts';
import type { LayoutMode, Picture } from '../picture.ts';
import { classicPicture } from './classic.ts';
import { clearPicture } from './clear.ts';

/** Where everything of a diagram comes to stand. */
export function pictureOf(diagram: Diagram, layout: LayoutMode): Picture {
  return layout === 'classic' ? classicPicture(diagram) : clearPicture(diagram);
}
