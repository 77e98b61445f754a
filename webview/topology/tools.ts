import type { Point } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';

/** A press of the pointer, or where it is now. */
export interface PointerAt {
  /** On the stage, in pixels of the screen. */
  readonly screen: Point;
  /** In the picture. */
  readonly picture: Point;
  /** What lies there. */
  readonly thing: ThingId | undefined;
  readonly button: number;
  readonly isAdding: boolean;
}

/** What a press that was taken leads to, until it is let go. */
export interface Drag {
  /** A cursor of CSS while it lasts. */
  readonly cursor: string;
  move(at: PointerAt): void;
  /** `isCancelled`: by Escape, or by the browser. */
  end(at: PointerAt, isCancelled: boolean): void;
}

/** One thing that the pointer can do. The first tool that takes a press has it. */
export interface PointerTool {
  press(at: PointerAt, isSpaceHeld: boolean): Drag | undefined;
}

export interface PanTarget {
  pan(dx: number, dy: number): void;
  settle(): void;
}

/** Moves the picture: with the middle button, or while the space bar is held. */
export class PanTool implements PointerTool {
  private readonly target: PanTarget;

  constructor(target: PanTarget) {
    this.target = target;
  }

  press(start: PointerAt, isSpaceHeld: boolean): Drag | undefined {
    return start.button === 1 || (start.button === 0 && isSpaceHeld) ? panning(this.target, start) : undefined;
  }
}

function panning(target: PanTarget, start: PointerAt): Drag {
  let last = start.screen;
  return {
    cursor: 'grabbing',
    move: ({ screen }) => {
      target.pan(screen.x - last.x, screen.y - last.y);
      last = screen;
    },
    end: () => target.settle(),
  };
}

/** Less is a click with a hand that is not quite still. */
export const clickSlack = 4;

/** Chooses what is clicked; with Ctrl or Shift in addition to what was chosen. A drag moves the picture. */
export class SelectTool implements PointerTool {
  private readonly select: (thing: ThingId | undefined, isAdding: boolean) => void;
  private readonly target: PanTarget;

  constructor(target: PanTarget, select: (thing: ThingId | undefined, isAdding: boolean) => void) {
    this.select = select;
    this.target = target;
  }

  press(start: PointerAt): Drag | undefined {
    if (start.button !== 0) return undefined;
    const pan = panning(this.target, start);
    let hasMoved = false;
    return {
      cursor: 'default',
      move: at => {
        hasMoved ||= Math.hypot(at.screen.x - start.screen.x, at.screen.y - start.screen.y) > clickSlack;
        if (hasMoved) pan.move(at);
      },
      end: (at, isCancelled) => {
        if (!hasMoved && !isCancelled) this.select(start.thing, start.isAdding);
        pan.end(at, isCancelled);
      },
    };
  }
}
