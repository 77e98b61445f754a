import { rm } from 'node:fs/promises';
import { systemClock } from './host/clock.ts';
import { LogFile } from './host/console-log.ts';
import { SocketShares } from './host/console-share.ts';
import { LocalInstallFiles } from './host/install-files.ts';
import { LinuxPortHolders } from './host/port-holder.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { TelnetDialer } from './host/console-dialer.ts';
import { resolvePath } from './lab/files.ts';
import { ConsoleRecorder } from './runtime/console/console-recorder.ts';
import { ConsoleSession } from './runtime/console/console-session.ts';
import type { ConsoleTarget } from './runtime/console/console-target.ts';
import type { Files, ScriptRunner } from './runtime/host.ts';
import { ScriptRun } from './runtime/installs/script-run.ts';
import { VmOrders } from './runtime/installs/vm-orders.ts';
import { folderOf } from './runtime/paths.ts';
import { InstallDesk, type InstallDeskParts, type RunOrder } from './vscode/installs/install-desk.ts';

export interface InstallParts extends Omit<InstallDeskParts, 'run' | 'recorder' | 'fresh' | 'installFiles' | 'clock'> {
  readonly files: Files;
  readonly scripts: ScriptRunner;
}

/** The install scripts of this window. */
export function makeInstallDesk(parts: InstallParts): InstallDesk {
  const shares = new SocketShares(parts.root, 'VS Code');
  const host = { dialer: new TelnetDialer(), clock: systemClock, shares, holders: new LinuxPortHolders() };
  const logOf = ({ logPath }: ConsoleTarget) => (logPath === undefined ? undefined : new LogFile(logPath));
  return new InstallDesk({
    ...parts,
    clock: systemClock,
    installFiles: new LocalInstallFiles(),
    fresh: {
      files: parts.files,
      scripts: parts.scripts,
      removeFolder: path => rm(path, { recursive: true, force: true }),
    },
    run: order => {
      const { file, script, values, target, hasPrompt, connectMs } = order;
      // A script misses nothing, however fast it comes.
      const options = { ...host, log: logOf(target), isComplete: true };
      const session = new ConsoleSession(host.dialer, host.clock, target.port, options);
      const resolve = (path: string, from = file): string => resolvePath(path, folderOf(from), parts.home);
      return new ScriptRun({
        ...{ session, clock: host.clock, machine: ordersTo(order), resolve, script, values },
        ...{ hasPrompt, connectMs },
      });
    },
    recorder: target => new ConsoleRecorder(host, target.port, { log: logOf(target) }),
  });
}

const ordersTo = ({ qmpSocket, isRunning }: RunOrder): VmOrders =>
  new VmOrders({ qmp: new SocketQmpDialer(), clock: systemClock, socket: qmpSocket, isRunning });
