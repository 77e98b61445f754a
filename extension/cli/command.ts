import type { CancelSignal } from '../base/cancel.ts';
import type { Random32 } from '../lab/networks/random.ts';
import type { KnownConsole } from '../runtime/console/console-list.ts';
import type { ConsoleRecorder } from '../runtime/console/console-recorder.ts';
import type { ConsoleSession } from '../runtime/console/console-session.ts';
import type { CaptureMarks, CaptureSinks, FilterCompiler } from '../runtime/capture-ports.ts';
import type {
  Clock,
  Files,
  HostNetworks,
  ManagementDialer,
  ProcessFiles,
  ProcessTable,
  QmpDialer,
  Rasterizer,
  ScriptFolder,
  ScriptRunner,
} from '../runtime/host.ts';
import type { PointArchives, PointFolders, StateStreams } from '../runtime/snapshot-ports.ts';
import type { HostLook } from '../runtime/doctor-ports.ts';
import type { ConsoleLog, LogReader, PortHolders, SocketDialer, TerminalPort } from '../runtime/console-ports.ts';
import type { ImageFiles } from '../runtime/image-ports.ts';
import type { FreshVmPorts } from '../runtime/installs/fresh-vm.ts';
import type { InstallFiles, LineDialer } from '../runtime/install-ports.ts';
import type { ImageActions } from '../runtime/images/image-actions.ts';
import type { ImagePlaces } from '../runtime/images/lab-images.ts';
import type { GuestShells } from '../runtime/guests/guest-shells.ts';
import type { LabCheckOptions } from '../runtime/lab-check.ts';
import type { LabControl } from '../runtime/lab-control.ts';
import type { Readiness } from '../runtime/readiness/readiness.ts';
import type { RemoteHosts } from '../runtime/remote-ports.ts';
import type { LabStore } from '../runtime/store.ts';
import type { ClusterTools } from '../runtime/cluster-ports.ts';
import type { StickFiles } from '../runtime/stick-ports.ts';
import type { StickActions } from '../runtime/sticks/stick-actions.ts';
import type { StickMaker } from '../runtime/sticks/stick-maker.ts';
import type { FramePort } from '../runtime/wire-ports.ts';
import type { WireControl } from '../runtime/wires/wire-control.ts';
import type { Arguments, OptionShape } from './arguments.ts';

/** Done; failed; the command line makes no sense; it was so already, or a lock refused. */
export const exitCodes = { done: 0, failed: 1, usage: 2, already: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What the commands need of the machine; the entry, kvmlab.ts, hands in the real ones. */
export interface CliPorts {
  /** Data, to standard output. */
  readonly out: (text: string) => void;
  /** Messages, to standard error. */
  readonly err: (text: string) => void;
  readonly version: () => string;
  readonly files: Files & ScriptFolder;
  readonly scripts: ScriptRunner;
  readonly folder: CurrentFolder;
  readonly labCheck: LabCheckOptions;
  readonly store: LabStore;
  /** Brings the store's picture of the host up to date. */
  readonly watcher: { poll(): Promise<void> };
  readonly control: LabControl;
  /** Writes the scripts of a lab that the store knows, to `out` or to the lab's own folder; gives their paths. */
  readonly writeScripts: (labPath: string, out: string | undefined) => Promise<readonly string[]>;
  readonly management: ManagementDialer;
  readonly qmp: QmpDialer;
  readonly processes: ProcessTable & ProcessFiles;
  readonly clock: Clock;
  readonly consoles: ConsolePorts;
  /** Runs commands in guests, over their serial consoles. */
  readonly shells: GuestShells;
  readonly readiness: Readiness;
  /** The other hosts of labs. */
  readonly remote: RemoteHosts;
  /** Who runs this, if that is known. */
  readonly user: string | undefined;
  readonly captures: CapturePorts;
  readonly rasterizer: Rasterizer;
  readonly hostNetworks: HostNetworks;
  readonly hostLook: HostLook;
  readonly random: Random32;
  readonly wires: WireControl;
  /** Plugs into a port of a switch, `SOCKETS[PORT]`. */
  readonly plugFrames: (address: string) => FramePort;
  readonly images: ImagePorts;
  readonly sticks: StickPorts;
  readonly installs: InstallPorts;
  readonly snapshots: SnapshotPorts;
  readonly cluster: ClusterTools;
  /** Makes the tiny guest in `dir` or, without one, where every lab of the user finds it. */
  readonly buildGuest: (dir: string | undefined, options: GuestOrder) => Promise<GuestFiles>;
  /** Called off by Ctrl+C. */
  readonly signal: CancelSignal;
}

export interface ConsolePorts {
  /** Everything that the console prints, shared with all who look at it. */
  session(console: KnownConsole, options?: { readonly isFresh?: boolean }): ConsoleSession;
  /** Hears what is printed and what anybody types there. */
  recorder(console: KnownConsole): ConsoleRecorder;
  log(path: string): ConsoleLog;
  readonly holders: PortHolders;
  readonly terminal: TerminalPort;
}

export interface InstallPorts {
  readonly lines: LineDialer;
  readonly files: InstallFiles;
  /** A secret of an install script, by its name. Undefined: the environment has none. */
  readonly secret: (name: string) => string | undefined;
  /** For VMs on which scripts are tried. */
  readonly fresh: Omit<FreshVmPorts, 'files'>;
}

export interface CapturePorts {
  readonly sinks: CaptureSinks;
  readonly marks: CaptureMarks;
  readonly compiler: FilterCompiler;
  readonly sockets: SocketDialer;
  readonly sizes: Pick<LogReader, 'size'>;
  /** Removes a file, if there is one. */
  readonly remove: (file: string) => Promise<void>;
  readonly pid: number;
}

export interface SnapshotPorts {
  readonly streams: StateStreams;
  readonly folders: PointFolders;
  readonly archives: PointArchives;
  readonly scripts: ScriptRunner;
  /** Keeps other processes from the points in a folder, which it makes. Undefined: another one has them. */
  readonly lock: (folder: string) => Promise<{ release(): Promise<void> } | undefined>;
}

export interface ImagePorts {
  readonly actions: ImageActions;
  readonly files: ImageFiles;
  readonly places: ImagePlaces;
}

export interface StickPorts {
  readonly actions: StickActions;
  readonly maker: StickMaker;
  readonly files: StickFiles;
}

export interface CurrentFolder {
  /** Names in it. */
  list(): Promise<readonly string[]>;
  /** Makes a path absolute. */
  resolve(path: string): string;
}

export interface GuestOrder {
  readonly log: (line: string) => void;
  readonly signal: CancelSignal;
  readonly force: boolean;
  readonly usb: boolean;
}

export interface GuestFiles {
  readonly kernel: string;
  readonly initrd: string;
}

export interface Command {
  readonly name: string;
  /** The operands, as the help shows them. */
  readonly operands: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What the command's own help adds, in lines that fit a terminal. */
  readonly details?: readonly string[];
  readonly options: readonly OptionShape[];
  readonly maxOperands: number;
  run(args: Arguments, ports: CliPorts): Promise<ExitCode>;
}

export const jsonOption: OptionShape = { name: 'json', summary: 'Print JSON instead of text' };

export function printJson(value: unknown, ports: CliPorts): void {
  ports.out(`${JSON.stringify(value, null, 2)}\n`);
}
