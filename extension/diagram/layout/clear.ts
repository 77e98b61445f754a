import type { Diagram } from '../diagram.ts';
import type { Picture } from '../picture.ts';
import { formerOf } from './clear-former.ts';
import { clearGrid } from './clear-grid.ts';
import { drawClear } from './clear-plan.ts';
import { topologyOf } from './topology.ts';

/**
 * A picture with short buses and few crossings: networks in levels, so that whatever hangs on several of them stands
 * between them; nodes on both sides of a bus; parts that nothing connects side by side. Pinned nodes stay where they are.
 * `former`: what it looked like before an edit; a small one then moves little.
 */
export function clearPicture(diagram: Diagram, former?: Picture): Picture {
  const topology = topologyOf(diagram);
  return drawClear(topology, clearGrid(topology, formerOf(topology, former)));
}
