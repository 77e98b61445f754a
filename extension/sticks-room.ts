import { systemClock } from './host/clock.ts';
import { QemuImageTool } from './host/image-tool.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { systemRandom } from './host/random.ts';
import { LocalStickFiles } from './host/stick-files.ts';
import { StickActions, type StickParts } from './runtime/sticks/stick-actions.ts';
import { StickMaker } from './runtime/sticks/stick-maker.ts';

/** All that works on USB sticks; loaded when it is needed for the first time. */
export function makeStickHost(parts: Pick<StickParts, 'store' | 'runDir' | 'look'>) {
  const files = new LocalStickFiles();
  const actions = new StickActions({ ...parts, files, clock: systemClock, qmp: new SocketQmpDialer() });
  return { actions, files, maker: new StickMaker(files, new QemuImageTool(), systemRandom) };
}
