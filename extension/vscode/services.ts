import type * as vscode from 'vscode';
import type { CancelSignal } from '../base/cancel.ts';
import type { DefaultsLayer } from '../lab/defaults.ts';
import type { Random32 } from '../lab/networks/random.ts';
import type { CaptureWatch } from '../runtime/capture/capture-watch.ts';
import type { CaptureProcesses } from '../runtime/capture-ports.ts';
import type {
  Files,
  HostNetworks,
  ManagementDialer,
  ProcessFolders,
  ProcessTable,
  Rasterizer,
  ScriptFolder,
} from '../runtime/host.ts';
import type { LogReader } from '../runtime/console-ports.ts';
import type { LabChanges } from '../runtime/change/lab-changes.ts';
import type { KvmlabProgram } from '../runtime/kvmlab-ports.ts';
import type { DoctorParts } from '../runtime/doctor/doctor.ts';
import type { MigrationParts } from '../runtime/migration/migrate-vm.ts';
import type { LabControl } from '../runtime/lab-control.ts';
import type { LabStore } from '../runtime/store.ts';
import type { SwitchWatcher } from '../runtime/switches/switch-watcher.ts';
import type { ClusterRoom } from './cluster/cluster-desk.ts';
import type { ConsoleLogs } from './consoles/console-log.ts';
import type { ConsoleTerminals } from './consoles/console-terminals.ts';
import type { HostProblems } from './doctor/host-problems-parts.ts';
import type { ImageHost } from './images/image-host.ts';
import type { InstallDesk } from './installs/install-desk.ts';
import type { DisplayPanels } from './display/display-panels.ts';
import type { GuestDesk } from './guests/guest-desk.ts';
import type { Machines } from './machines/machines.ts';
import type { PacketPanels } from './captures/packet-panels.ts';
import type { PicturePanels } from './pictures/picture-panels.ts';
import type { ScriptTexts } from './renew/script-texts.ts';
import type { SnapshotDesk } from './snapshots/snapshot-desk.ts';
import type { VlanOrders } from './switches/vlan-panel.ts';
import type { VlanPanels } from './switches/vlan-panels.ts';
import type { WireViews } from './wires/wire-views.ts';

/** What commands need; the composition root gives it. */
export interface Services {
  readonly store: LabStore;
  readonly control: LabControl;
  readonly changes: Changes;
  readonly consoles: ConsoleTerminals;
  readonly displays: DisplayPanels;
  readonly machines: Machines;
  readonly captures: CaptureWatch;
  readonly captureProcesses: CaptureProcesses;
  readonly packets: PacketPanels;
  readonly management: ManagementDialer;
  readonly logs: ConsoleLogs;
  readonly logReader: LogReader;
  readonly files: Files & ScriptFolder;
  readonly scriptTexts: ScriptTexts;
  readonly processes: Pick<ProcessTable, 'find'> & ProcessFolders;
  /** What the user has said for all labs, weakest first. */
  readonly defaults: () => Promise<readonly DefaultsLayer[]>;
  readonly switches: SwitchWatcher;
  readonly vlanActions: VlanOrders;
  readonly vlans: VlanPanels;
  readonly wires: WireViews;
  readonly pictures: PicturePanels;
  readonly rasterizer: Rasterizer;
  readonly hostNetworks: HostNetworks;
  readonly random: Random32;
  readonly guest: GuestPort;
  readonly doctor: DoctorParts;
  readonly hostProblems: Pick<HostProblems, 'look'>;
  readonly images: ImageHost;
  /** Install scripts, loaded with the first one. */
  readonly installs: () => Promise<InstallDesk>;
  /** Commands for guests, loaded with the first one. */
  readonly guests: () => Promise<GuestDesk>;
  /** What VMs are migrated with. */
  readonly migration: MigrationParts;
  /** Snapshots of labs, loaded with the first command on one. */
  readonly snapshots: () => Promise<SnapshotDesk>;
  /** Clusters of labs, loaded with the first one. */
  readonly cluster: () => Promise<ClusterRoom>;
  readonly kvmlab: KvmlabProgram;
  readonly log: vscode.LogOutputChannel;
  /** Where the samples lie in the extension. */
  readonly samples: vscode.Uri;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  /** Resolves when the labs of the workspace have been read for the first time. */
  readonly whenRead: () => Promise<void>;
  /** Reads the labs again and looks at what runs, now. */
  readonly refresh: () => Promise<void>;
  /** Asks the other hosts of all labs. */
  readonly refreshHosts: () => Promise<void>;
  /** Tells the user of a failure that no command has seen. */
  readonly report: (error: unknown) => void;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
}

/** Plans of what would make a lab as its file says, and their steps; loaded with the first plan. */
export type Changes = Pick<LabChanges, 'plan' | 'apply' | 'filterOf'>;

/** The tiny guest of this user. */
export interface GuestPort {
  isThere(): Promise<boolean>;
  /** Gives a line that says what was done. */
  build(options: { readonly log: (line: string) => void; readonly signal?: CancelSignal }): Promise<string>;
}
