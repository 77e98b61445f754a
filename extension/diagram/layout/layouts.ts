import type { Diagram } from '../diagram.ts';
import type { LayoutMode, Picture } from '../picture.ts';
import { classicPicture } from './classic.ts';
import { clearPicture } from './clear.ts';

/** Where everything of a diagram comes to stand; `former`: where it stood before an edit. */
export function pictureOf(diagram: Diagram, layout: LayoutMode, former?: Picture): Picture {
  return layout === 'classic' ? classicPicture(diagram) : clearPicture(diagram, former);
}
