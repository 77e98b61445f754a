import type { StickFiles } from '../../runtime/stick-ports.ts';
import type { StickActions } from '../../runtime/sticks/stick-actions.ts';
import type { StickMaker } from '../../runtime/sticks/stick-maker.ts';

/** The USB sticks of this host; loaded at the first use. */
export interface StickHost {
  readonly actions: StickActions;
  readonly maker: StickMaker;
  readonly files: StickFiles;
}
