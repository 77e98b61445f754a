import { systemClock } from './host/clock.ts';
import { LinuxProcessTable } from './host/process-table.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import type { Files, ManagementDialer, ScriptRunner } from './runtime/host.ts';
import type { LabCheckOptions } from './runtime/lab-check.ts';
import { LabChanges, type LabChangesParts } from './runtime/change/lab-changes.ts';
import type { SameFolder } from './runtime/lab-identity.ts';
import { folderOf } from './runtime/paths.ts';

/** What compares lab files with what runs is made of this. */
export interface ChangeParts extends Pick<LabChangesParts, 'store' | 'control' | 'readLab' | 'look' | 'runDir'> {
  readonly files: Files;
  readonly management: ManagementDialer;
  readonly scripts: ScriptRunner;
  readonly folders: { readonly isSame: SameFolder };
  readonly options: LabCheckOptions;
}

/** What compares lab files with what runs; loaded with the first plan. */
export const makeChanges = ({ options, scripts, folders, ...parts }: ChangeParts): LabChanges =>
  new LabChanges({
    ...parts,
    processes: new LinuxProcessTable(),
    qmp: new SocketQmpDialer(),
    clock: systemClock,
    room: () => import('./runtime/change/change-room.ts'),
    wires: async () => {
      const { WireControl } = await import('./runtime/wires/wire-control.ts');
      const { store, look, management, files, control } = parts;
      const generate = (path: string): Promise<unknown> => control.generate(path);
      const isSameFolder: SameFolder = (a, b) => folders.isSame(a, b);
      return new WireControl({ store, look, management, files, scripts, generate, isSameFolder });
    },
    images: async () => (await import('./images-room.ts')).makeImagePorts(process.env),
    runRoots: [options.runRoot],
    home: folderOf(options.kvmscript),
    guestFolder: options.guestFolder,
  });
