import type { LayoutMode } from '../../extension/diagram/picture.ts';
import type { ThingId } from '../../extension/diagram/thing-id.ts';
import type { Viewport } from './viewport.ts';

/** What the view keeps for itself over reloads. VS Code gives it back to the extension to find the file again. */
export interface ViewState {
  readonly file?: string;
  readonly mode?: LayoutMode;
  /** Undefined: the whole picture is shown. */
  readonly viewport?: Viewport | undefined;
  readonly selected: readonly ThingId[];
  readonly vlan?: number | undefined;
  readonly isReachShown: boolean;
  readonly isMapShown: boolean;
}
