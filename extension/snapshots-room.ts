import { systemClock } from './host/clock.ts';
import { LinuxProcessTable } from './host/process-table.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { TarPointArchives } from './host/point-archives.ts';
import { LocalPointFolders, lockPoints } from './host/point-folders.ts';
import { SocketStateStreams } from './host/state-streams.ts';
import type { SameFolder } from './runtime/lab-identity.ts';
import { WireControl } from './runtime/wires/wire-control.ts';
import type { ImageHost } from './vscode/images/image-host.ts';
import { SnapshotDesk, type SnapshotDeskParts } from './vscode/snapshots/snapshot-desk.ts';
import type { SwitchWatcher } from './runtime/switches/switch-watcher.ts';

export interface SnapshotComposition extends Pick<
  SnapshotDeskParts,
  'store' | 'look' | 'files' | 'control' | 'management' | 'scripts' | 'runDir' | 'readLab' | 'options' | 'changed'
> {
  readonly images: ImageHost;
  readonly switches: Pick<SwitchWatcher, 'look'>;
  readonly folders: { readonly isSame: SameFolder };
}

/** All that works on snapshots of labs; loaded when it is needed for the first time. */
export async function makeSnapshotDesk({
  images,
  switches,
  folders,
  ...parts
}: SnapshotComposition): Promise<SnapshotDesk> {
  const ports = await images.ports();
  const wires = new WireControl({
    ...parts,
    generate: path => parts.control.generate(path),
    isSameFolder: (a, b) => folders.isSame(a, b),
  });
  return new SnapshotDesk({
    ...parts,
    ...{ qmp: new SocketQmpDialer(), processes: new LinuxProcessTable(), clock: systemClock, wires, lock: lockPoints },
    ...{ images: ports.actions, imageFiles: ports.files, places: ports.places },
    ...{ streams: new SocketStateStreams(), folders: new LocalPointFolders(), archives: new TarPointArchives() },
    pictureOf: of => switches.look(of),
  });
}
