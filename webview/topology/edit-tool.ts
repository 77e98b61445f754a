import type { Point } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { PictureEdit } from '../protocol.ts';
import { isDraggable, type Drop } from './drops.ts';
import { clickSlack, type Drag, type PointerAt, type PointerTool } from './tools.ts';

/** What is seen while something is dragged. */
export interface Ghost {
  /** On the stage. */
  readonly from: Point;
  readonly to: Point;
  /** What would come of letting go here; undefined: nothing. */
  readonly words: string | undefined;
  readonly over: ThingId | undefined;
}

export interface EditToolTarget {
  /** Whether the picture is one of a lab file, which can be changed. */
  readonly canEdit: () => boolean;
  dropAt(dragged: ThingId, at: PointerAt): Drop | undefined;
  click(thing: ThingId): void;
  /** Undefined: nothing is dragged any more. */
  show(ghost: Ghost | undefined): void;
  send(edit: PictureEdit): void;
}

/** Drags VMs to switches or to other places, NICs and wires to switches. What is not moved is clicked. */
export class EditTool implements PointerTool {
  private readonly target: EditToolTarget;

  constructor(target: EditToolTarget) {
    this.target = target;
  }

  press(start: PointerAt): Drag | undefined {
    const { target } = this;
    const { thing } = start;
    if (start.button !== 0 || start.isAdding || thing === undefined) return undefined;
    if (!isDraggable(thing) || !target.canEdit()) return undefined;
    let hasMoved = false;
    return {
      cursor: 'default',
      move: at => {
        hasMoved ||= Math.hypot(at.screen.x - start.screen.x, at.screen.y - start.screen.y) > clickSlack;
        if (!hasMoved) return;
        const words = target.dropAt(thing, at)?.words;
        target.show({ from: start.screen, to: at.screen, words, over: words === undefined ? undefined : at.thing });
      },
      end: (at, isCancelled) => {
        target.show(undefined);
        if (isCancelled) return;
        const drop = hasMoved ? target.dropAt(thing, at) : undefined;
        if (drop) target.send(drop.edit);
        else if (!hasMoved) target.click(thing);
      },
    };
  }
}
