import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { FromPicture, PictureDocument, PictureOrder } from '../protocol.ts';
import { dropOf } from './drops.ts';
import { EditTool, type Ghost } from './edit-tool.ts';
import { GhostLine } from './ghost-line.ts';
import type { PointerTool } from './tools.ts';

export interface EditingTarget {
  readonly document: () => PictureDocument | undefined;
  readonly selected: () => readonly ThingId[];
  click(thing: ThingId): void;
  /** A thing that something is dragged over; undefined: nothing. */
  point(thing: ThingId | undefined): void;
  post(message: FromPicture): void;
}

/** Changes of the lab file that begin in the picture. It is the extension that makes them. */
export class Editing {
  private readonly ghost = new GhostLine();
  private readonly target: EditingTarget;
  readonly tool: PointerTool;

  constructor(stage: HTMLElement, target: EditingTarget) {
    this.target = target;
    stage.append(this.ghost.element);
    this.tool = new EditTool({
      canEdit: () => this.canEdit,
      dropAt: (dragged, { thing, picture: point }) => {
        const picture = target.document()?.picture;
        return picture && dropOf(dragged, { thing, point }, picture);
      },
      click: thing => target.click(thing),
      show: ghost => this.show(ghost),
      send: edit => target.post({ type: 'edit', edit }),
    });
  }

  /** A `.diag` is drawn by hand. */
  get canEdit(): boolean {
    return this.target.document()?.kind === 'lab';
  }

  order(order: PictureOrder): void {
    if (this.canEdit) this.target.post({ type: 'order', order, things: this.target.selected() });
  }

  private show(ghost: Ghost | undefined): void {
    this.ghost.show(ghost);
    this.target.point(ghost?.over);
  }
}
