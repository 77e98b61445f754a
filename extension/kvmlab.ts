import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CancelSource, type CancelSignal } from './base/cancel.ts';
import type {
  CapturePorts,
  CliPorts,
  ConsolePorts,
  ImagePorts,
  InstallPorts,
  SnapshotPorts,
  StickPorts,
} from './cli/command.ts';
import { runCli } from './cli/main.ts';
import { CaptureMarkFiles } from './host/capture-marks.ts';
import { StreamSinks } from './host/capture-sinks.ts';
import { systemClock } from './host/clock.ts';
import { TelnetDialer } from './host/console-dialer.ts';
import { LogFile } from './host/console-log.ts';
import { SocketShares } from './host/console-share.ts';
import { StandardTerminal } from './host/console-tty.ts';
import { lockFile } from './host/file-lock.ts';
import { NodeFiles } from './host/files.ts';
import { fontFolders } from './host/fonts.ts';
import { TcpdumpCompiler } from './host/filter-compiler.ts';
import { LinuxHostLook } from './host/host-look.ts';
import { LinuxHostNetworks } from './host/host-networks.ts';
import { buildGuest } from './host/guest-builder.ts';
import { HttpImageDownloads } from './host/image-downloads.ts';
import { imageCache, LocalImageFiles } from './host/image-files.ts';
import { QemuImageTool } from './host/image-tool.ts';
import { LocalInstallFiles } from './host/install-files.ts';
import { HostLineDialer } from './host/line-dialer.ts';
import { FileLogReader } from './host/log-reader.ts';
import { WorkspaceIncludes, workspaceOf } from './host/included-files.ts';
import { RecordedLabFolders } from './host/lab-folders.ts';
import { PlugFrames } from './host/frame-plugs.ts';
import { SocketManagementDialer } from './host/management-dialer.ts';
import { defaultGuestDir, kvmscriptPath, labRunDir, runRoot } from './host/paths.ts';
import { proxiedFetch } from './host/proxied-fetch.ts';
import { TarPointArchives } from './host/point-archives.ts';
import { LinuxPortHolders } from './host/port-holder.ts';
import { LinuxProcessTable } from './host/process-table.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { systemRandom } from './host/random.ts';
import { BashScriptRunner } from './host/script-runner.ts';
import { LocalPointFolders, lockPoints } from './host/point-folders.ts';
import { SocketStateStreams } from './host/state-streams.ts';
import { SshHosts } from './host/ssh-hosts.ts';
import { UnixSocketDialer } from './host/socket-dialer.ts';
import { LocalClusterTools } from './host/cluster-tools.ts';
import { LocalStickFiles } from './host/stick-files.ts';
import { ResvgRasterizer } from './host/svg-rasterizer.ts';
import { settingsVariable, variableDefaults } from './lab/setting-defaults.ts';
import { ConsoleRecorder } from './runtime/console/console-recorder.ts';
import { ConsoleSession } from './runtime/console/console-session.ts';
import { GuestShells } from './runtime/guests/guest-shells.ts';
import { secretVariable } from './runtime/installs/script-values.ts';
import { ImageActions } from './runtime/images/image-actions.ts';
import { vmsWithLoneDisk } from './runtime/images/lone-disks.ts';
import { readLabFile, type LabCheckOptions } from './runtime/lab-check.ts';
import { Readiness } from './runtime/readiness/readiness.ts';
import { LabRunner } from './runtime/runner.ts';
import { LabStore } from './runtime/store.ts';
import { StickActions, type StickParts } from './runtime/sticks/stick-actions.ts';
import { StickMaker } from './runtime/sticks/stick-maker.ts';
import { WireControl } from './runtime/wires/wire-control.ts';
import type { ProbeParts } from './runtime/wires/wire-probes.ts';
import { HostWatcher } from './runtime/watcher.ts';

/** The terminal command `kvmlab`: the one place that picks the real adapters for it. */
async function main(): Promise<void> {
  const cancel = new CancelSource();
  const ports = realPorts(cancel);
  // The second Ctrl+C, or a second reason to go, does not wait for anything.
  for (const [signal, number] of [['SIGINT', 2] as const, ['SIGTERM', 15] as const, ['SIGHUP', 1] as const]) {
    process.on(signal, () => {
      if (cancel.signal.aborted) process.exit(128 + number);
      ports.err('Calling it off. Once more to leave at once.\n');
      cancel.cancel();
    });
  }
  // Whoever read our output has seen enough (`kvmlab kvmlist | head`).
  process.stdout.on('error', () => process.exit());
  // After the terminal was closed there is nobody to tell.
  process.stderr.on('error', () => undefined);
  process.exitCode = await runCli(process.argv.slice(2), ports);
}

function realPorts(cancel: CancelSource): CliPorts {
  const { env } = process;
  const root = runRoot(env, process.getuid?.() ?? 0);
  const files = new NodeFiles();
  const folders = new RecordedLabFolders();
  const store = new LabStore((a, b) => folders.isSame(a, b));
  const err = (text: string): void => void process.stderr.write(text);
  const [processes, management] = [new LinuxProcessTable(), new SocketManagementDialer()];
  const log = (message: string): void => err(`kvmlab: ${message}\n`);
  const watcher = new HostWatcher({ processes, store, clock: systemClock, runRoots: [root], folders, log });
  const labCheck = realLabCheck(env, root);
  const [scripts, remote] = [new BashScriptRunner(), new SshHosts(root)];
  const consoles = realConsoles(root, remote);
  const probes = { management, clock: systemClock, random: systemRandom, plug: (to: string) => new PlugFrames(to) };
  const guests = realGuests({ store, consoles, files, probes, root, env, look: () => watcher.poll() });
  const runner = new LabRunner({
    ...{ files, scripts, store, remote: () => Promise.resolve(remote) },
    readLab: async labPath => (await readLabFile(labPath, files, labCheck)).reading,
    observe: () => watcher.poll(),
    waitUntilReady: (vms, options) => guests.readiness.waitUntilReady(vms, options),
  });
  return {
    out: text => void process.stdout.write(text),
    err,
    version: readVersion,
    ...{ files, scripts },
    folder: { list: () => readdir(process.cwd()), resolve: file => path.resolve(file) },
    labCheck,
    store,
    watcher,
    control: runner,
    writeScripts: (labPath, out) => runner.generate(labPath, { out }),
    management,
    ...{ qmp: new SocketQmpDialer(), cluster: new LocalClusterTools() },
    processes,
    ...{ remote, user: env['USER'] ?? env['LOGNAME'] },
    clock: systemClock,
    consoles,
    ...guests,
    captures: realCaptures(root, processes),
    rasterizer: new ResvgRasterizer({ wasm: path.join(__dirname, 'resvg.wasm'), fontFolders: fontFolders(env) }),
    hostNetworks: new LinuxHostNetworks(),
    hostLook: new LinuxHostLook({ env, runRoot: root, guestFolder: labCheck.guestFolder }),
    random: systemRandom,
    plugFrames: probes.plug,
    wires: new WireControl({
      ...{ store, management, files, scripts },
      look: () => watcher.poll(),
      generate: labPath => runner.generate(labPath),
      isSameFolder: (a, b) => folders.isSame(a, b),
    }),
    images: realImages(env, files),
    sticks: realSticks({ store, clock: systemClock, runDir: lab => labRunDir(root, lab), look: () => watcher.poll() }),
    installs: realInstalls(env, scripts),
    snapshots: realSnapshots(scripts),
    buildGuest: (dir, order) => buildGuest(dir ?? labCheck.guestFolder, order),
    signal: cancel.signal,
  };
}

const realLabCheck = (env: NodeJS.ProcessEnv, root: string): LabCheckOptions => ({
  kvmscript: kvmscriptPath(env),
  settings: () => variableDefaults(env[settingsVariable]),
  runRoot: root,
  guestFolder: defaultGuestDir(env),
  lone: (path, lab) => vmsWithLoneDisk(path, lab, new LocalImageFiles()),
  included: new WorkspaceIncludes({ rootOf: labPath => workspaceOf(labPath, process.cwd()) }),
});

function realImages(env: NodeJS.ProcessEnv, files: NodeFiles): ImagePorts {
  const images = new LocalImageFiles();
  const downloads = new HttpImageDownloads({ files: images, fetch: proxiedFetch(env) });
  const parts = { images, files, tool: new QemuImageTool(), downloads };
  const places = { home: path.dirname(kvmscriptPath(env)), cache: imageCache(env) };
  return { actions: new ImageActions(parts), files: images, places };
}

const realSnapshots = (scripts: BashScriptRunner): SnapshotPorts => ({
  ...{ streams: new SocketStateStreams(), folders: new LocalPointFolders(), archives: new TarPointArchives() },
  ...{ scripts, lock: lockPoints },
});

const realInstalls = (env: NodeJS.ProcessEnv, scripts: BashScriptRunner): InstallPorts => ({
  lines: new HostLineDialer(),
  files: new LocalInstallFiles(),
  secret: name => env[secretVariable(name)],
  fresh: { scripts, removeFolder: folder => rm(folder, { recursive: true, force: true }) },
});

function realSticks(parts: Omit<StickParts, 'files' | 'qmp'>): StickPorts {
  const files = new LocalStickFiles();
  const actions = new StickActions({ ...parts, files, qmp: new SocketQmpDialer() });
  return { actions, maker: new StickMaker(files, new QemuImageTool(), systemRandom), files };
}

function realConsoles(root: string, remote: SshHosts): ConsolePorts {
  const [shares, holders] = [new SocketShares(root, 'kvmlab'), new LinuxPortHolders()];
  const log = (file: string): LogFile => new LogFile(file);
  return {
    session: ({ port, logPath, host }, { isFresh } = {}) => {
      if (host) {
        const dialer = { isFar: true, open: (to: number, signal?: CancelSignal) => remote.connect(host, to, signal) };
        const shared = new SocketShares(root, 'kvmlab', host.ssh);
        return new ConsoleSession(dialer, systemClock, port, { shares: shared, isComplete: true, isFresh });
      }
      const own = logPath === undefined ? undefined : log(logPath);
      const options = { shares, holders, log: own, isComplete: true, isFresh };
      return new ConsoleSession(new TelnetDialer(), systemClock, port, options);
    },
    recorder: ({ port, logPath, pid }) => {
      // Of a VM that does not run it has what was printed before.
      const own = logPath === undefined || pid === undefined ? undefined : log(logPath);
      const host = { dialer: new TelnetDialer(), clock: systemClock, shares, holders };
      return new ConsoleRecorder(host, port, { log: own });
    },
    log,
    holders,
    terminal: new StandardTerminal(),
  };
}

/** Secrets come from the environment, so that they are in no file. */
function realGuests(of: {
  readonly store: LabStore;
  readonly consoles: ConsolePorts;
  readonly files: NodeFiles;
  readonly probes: ProbeParts;
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly look: () => Promise<void>;
}): Pick<CliPorts, 'shells' | 'readiness'> {
  const { store, consoles, files, probes, root, env, look } = of;
  const runDir = (lab: string): string => labRunDir(root, lab);
  const shells = new GuestShells({
    ...{ store, runDir, clock: systemClock },
    session: console => consoles.session({ ...console, id: undefined, pid: undefined }),
    lock: lockFile,
    secret: name => Promise.resolve(env[secretVariable(name)]),
  });
  const readiness = new Readiness({
    ...{ ...probes, store, files, runDir, look },
    logs: new FileLogReader(),
    sockets: new UnixSocketDialer(),
    run: (guest, command, signal) => shells.run(guest, command, { signal }),
  });
  return { shells, readiness };
}

const realCaptures = (root: string, processes: LinuxProcessTable): CapturePorts => ({
  sinks: new StreamSinks(),
  marks: new CaptureMarkFiles(root, processes),
  compiler: new TcpdumpCompiler(),
  sockets: new UnixSocketDialer(),
  sizes: new FileLogReader(),
  remove: file => rm(file, { force: true }),
  pid: process.pid,
});

/** From the manifest beside the folder of this bundle. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8'));
  const isObject = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isObject && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`kvmlab: this is a bug, please report it.\n${text}\n`);
  process.exitCode = 1;
});
