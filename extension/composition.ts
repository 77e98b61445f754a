import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from './base/disposable.ts';
import { lazyChanges } from './compose-changes.ts';
import { composeMachines, watchStatus } from './compose-machines.ts';
import { composeTests, lazyGuests, lazyShells } from './compose-guests.ts';
import { lazyReadiness } from './compose-readiness.ts';
import { composePictures, composeRasterizer } from './compose-pictures.ts';
import { composeCaptures, showCaptures } from './compose-captures.ts';
import { composeCluster } from './compose-cluster.ts';
import { composeConsoles, composeDisplays } from './compose-consoles.ts';
import { lazyControl } from './compose-control.ts';
import { composeDoctor } from './compose-doctor.ts';
import { watchHosts } from './compose-hosts.ts';
import { composeImages } from './compose-images.ts';
import { composeInstalls } from './compose-installs.ts';
import { composeSnapshots } from './compose-snapshots.ts';
import { composeVlans } from './compose-vlans.ts';
import { composeWires } from './compose-wires.ts';
import { systemClock } from './host/clock.ts';
import { TelnetDialer } from './host/console-dialer.ts';
import { LogFile } from './host/console-log.ts';
import { SocketShares } from './host/console-share.ts';
import { NodeFiles } from './host/files.ts';
import { LinuxHostNetworks } from './host/host-networks.ts';
import { WorkspaceIncludes } from './host/included-files.ts';
import { RecordedLabFolders } from './host/lab-folders.ts';
import { FileLogReader } from './host/log-reader.ts';
import { SocketQmpDialer } from './host/qmp-dialer.ts';
import { InstalledQemu } from './host/qemu-programs.ts';
import { defaultGuestDir, kvmscriptPath, labRunDir, runRoot } from './host/paths.ts';
import { LinuxPortHolders } from './host/port-holder.ts';
import { SocketManagementDialer } from './host/management-dialer.ts';
import { LinuxProcessTable } from './host/process-table.ts';
import { systemRandom } from './host/random.ts';
import { BashScriptRunner } from './host/script-runner.ts';
import type { LabReading } from './lab/model.ts';
import { settingDefaults } from './lab/setting-defaults.ts';
import type { ByteSession } from './runtime/console/byte-session.ts';
import { ConsoleSession } from './runtime/console/console-session.ts';
import type { ConsoleTarget } from './runtime/console/console-target.ts';
import type { Files, ScriptRunner } from './runtime/host.ts';
import type { LabCheckOptions, userDefaults } from './runtime/lab-check.ts';
import type { LabControl } from './runtime/lab-control.ts';
import type { RemoteHosts } from './runtime/remote-ports.ts';
import { folderOf } from './runtime/paths.ts';
import { secretVariable } from './runtime/installs/script-values.ts';
import { LabStore } from './runtime/store.ts';
import { SwitchWatcher } from './runtime/switches/switch-watcher.ts';
import { HostWatcher } from './runtime/watcher.ts';
import { ChangeOffer } from './vscode/lab-files/change-offer.ts';
import { showCodeLenses } from './vscode/lab-files/code-lenses.ts';
import { diagramLanguageId, type CommandHandlers } from './vscode/commands.ts';
import type { HostProblems } from './vscode/doctor/host-problems-parts.ts';
import { ConsoleLogs } from './vscode/consoles/console-log.ts';
import { tellOfDeadSwitches } from './vscode/switches/dead-switches.ts';
import { defaultSettingValues, followDefaultSettings } from './vscode/lab-files/default-settings.ts';
import { followKvmscript } from './vscode/lab-files/kvmscript-file.ts';
import { showProblems } from './vscode/lab-files/diagnostics.ts';
import { offerNames } from './vscode/lab-files/name-features.ts';
import { HostTree } from './vscode/trees/host-tree.ts';
import type { ImagesTree } from './vscode/images/images-tree.ts';
import { LabFiles, type LabCheck } from './vscode/lab-files/lab-files.ts';
import { helpWriting } from './vscode/lab-files/writing-help.ts';
import { LabsTree } from './vscode/trees/labs-tree.ts';
import { LivePorts } from './vscode/switches/live-ports.ts';
import { reportError } from './vscode/report-error.ts';
import { ScriptMarks } from './vscode/renew/script-marks.ts';
import { ScriptTexts } from './vscode/renew/script-texts.ts';
import { showConsoles } from './vscode/consoles/show-consoles.ts';
import { registerCommands } from './vscode/register-commands.ts';
import type { GuestPort, Services } from './vscode/services.ts';
import { setting } from './vscode/settings.ts';
import type { CheckTests } from './vscode/tests/check-tests.ts';
import { Watching } from './vscode/trees/watching.ts';
import { whenOpened } from './vscode/when-opened.ts';

/** For tests in the extension host: what the views show, and what they order. */
export interface ExtensionApi extends Disposable {
  readonly store: LabStore;
  readonly control: LabControl;
  readonly labsTree: LabsTree;
  readonly hostTree: HostTree;
  readonly imagesTree: ImagesTree;
  readonly hostProblems: Pick<HostProblems, 'text'>;
  /** Undefined: no lab with checks was there yet. */
  readonly checkTests: () => CheckTests | undefined;
}

/** The one place that constructs things and picks the real adapters. Nothing is read or run here. */
export function compose(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ExtensionApi {
  const app = new DisposableStore();
  const runtime = composeRuntime(app, log);
  const { store, files, labFiles, watcher, switches, management, control, changes, runDir, guest, root } = runtime;
  const whenRead = (): Promise<void> => labFiles.whenRead();
  const look = (): Promise<void> => watcher.poll();
  const refresh = (): Promise<void> => labFiles.refresh().then(look);

  const textOf = (path: string): string | undefined => labFiles.textOf(path);
  const shown = [showProblems(store, textOf), showCodeLenses(store, textOf), helpWithDiagrams()];
  for (const one of shown) app.add(one);
  const [home, guestFolder] = [folderOf(kvmscriptPath(process.env)), defaultGuestDir(process.env)];
  const readNow = (path: string): Promise<unknown> => labFiles.readNow(path);
  app.add(offerNames({ store, files, textOf, whenRead, readNow, home, guestFolder }));
  const hostNetworks = new LinuxHostNetworks();
  app.add(helpWriting({ store, switches, textOf, hostNetworks, random: systemRandom, qemu: new InstalledQemu() }));
  const machines = composeMachines(app, { store, runDir, look, management, memory: context.workspaceState });
  const consoles = app.add(composeConsoles(runtime, machines.history));
  const labsTree = app.add(new LabsTree(store, systemClock, whenRead, machines.screens));
  app.add(new ScriptMarks({ store, files, clock: systemClock, view: labsTree.view }));
  const hostTree = app.add(new HostTree(store, systemClock, whenRead));
  const { extensionUri } = context;
  const report = (error: unknown): void => reportError(error, log);
  const pictures = composePictures(app, { store, switches, files, textOf, labsTree, extensionUri, report });
  const ready = (): Promise<void> => whenRead().then(look);
  const { images, imagesTree } = composeImages(app, { store, ready, report });
  const vlans = composeVlans(app, { store, switches, extensionUri, report, textOf, ready });
  const changed = (): Promise<void> => machines.cables.look();
  const wires = composeWires(app, { ...runtime, extensionUri, report, ready, look, changed });
  app.add(new Watching(watcher, store, [labsTree.view, hostTree.view, pictures, vlans.panels]));
  const refreshHosts = watchHosts(app, runtime, context.workspaceState, [labsTree.view, pictures]);
  const { rows, ...captureRoom } = composeCaptures(app, { store, root, extensionUri, report });
  for (const { view, provider } of [labsTree, hostTree])
    app.add(new LivePorts({ view, provider, watcher: switches, store, clock: systemClock, finish: rows() }));
  showCaptures(app, captureRoom.captures, [labsTree, hostTree]);
  app.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void refresh()));
  app.add(tellOfDeadSwitches(store));

  watchStatus(app, { ...runtime, cables: machines.cables }, [labsTree.view, hostTree.view, pictures], log);
  const { doctor, hostProblems } = composeDoctor(app, { store, files, root, guestFolder, report });
  const checkTests = composeTests(app, { ...runtime, doctor, log, report, textOf, look });
  const displays = app.add(composeDisplays(context, runtime));
  const { logs, logReader } = composeLogs(app, files);
  const samples = vscode.Uri.joinPath(extensionUri, 'extension/samples');
  const installs = composeInstalls(app, context, { ...runtime, root, report, home });
  const services: Services = {
    ...{ vlanActions: vlans.actions, vlans: vlans.panels, wires, pictures, management, ...captureRoom },
    ...{ scriptTexts: app.add(new ScriptTexts()), defaults: runtime.defaults, processes: runtime.processes },
    ...{ store, control, changes, consoles, displays, machines, switches, logs, logReader },
    ...{ files, guest, images, installs, guests: lazyGuests(app, runtime.shells), log, samples },
    ...{ hostNetworks, random: systemRandom, doctor, hostProblems, migration: runtime.migration },
    snapshots: composeSnapshots(app, { ...runtime, images, look, report, tree: labsTree }),
    cluster: composeCluster(app, { ...runtime, home, report, tree: labsTree }),
    ...{ runDir, whenRead, refresh, refreshHosts, look, report, rasterizer: composeRasterizer(extensionUri) },
  };
  app.add(showConsoles(services, context.workspaceState));
  app.add(new ChangeOffer(services));
  app.add(registerCommands(() => loadHandlers(services), log));
  offerTerminalCommand(context);
  followDefaults(app, context, { store, files, log, changed: () => void refresh() });
  return { store, control, labsTree, hostTree, imagesTree, hostProblems, checkTests, dispose: () => app.dispose() };
}

/** What labs take from outside of them: settings of VS Code, `~/.kvmscript`. */
function followDefaults(
  app: DisposableStore,
  { environmentVariableCollection }: vscode.ExtensionContext,
  parts: Omit<Parameters<typeof followKvmscript>[0], 'path'>,
): void {
  app.add(followDefaultSettings(environmentVariableCollection, parts.changed));
  app.add(followKvmscript({ path: kvmscriptPath(process.env), ...parts }));
}

const helpWithDiagrams = (): Disposable =>
  whenOpened(diagramLanguageId, async () => {
    const { showDiagrams } = await import('./vscode/pictures/diagram-language.ts');
    return showDiagrams(systemClock);
  });

const loadHandlers = async (services: Services): Promise<CommandHandlers> =>
  (await import('./vscode/command-handlers.ts')).commandHandlers(services);

function composeLogs(app: DisposableStore, files: Files): Pick<Services, 'logs' | 'logReader'> {
  const reader = new FileLogReader();
  const logs = new ConsoleLogs({ reader, files, clock: systemClock, watchLog: path => new LogFile(path) });
  return { logs: app.add(logs), logReader: reader };
}

/** What reads lab files: loaded with the first one. */
const labCheck = () => import('./runtime/lab-check.ts');

/** Everything below the views. */
function composeRuntime(app: DisposableStore, log: vscode.LogOutputChannel) {
  const files = new NodeFiles();
  const root = runRoot(process.env, userId());
  const guestFolder = defaultGuestDir(process.env);
  const included = new WorkspaceIncludes({ rootOf: workspaceOf, openText });
  const settings = () => settingDefaults(defaultSettingValues());
  const lone: LabCheckOptions['lone'] = async (path, lab) => (await import('./images-room.ts')).loneDisks(path, lab);
  const options = { kvmscript: kvmscriptPath(process.env), settings, guestFolder, runRoot: root, included, lone };
  const folders = new RecordedLabFolders();
  const store = app.add(new LabStore((a, b) => folders.isSame(a, b)));
  const parts = {
    processes: new LinuxProcessTable(),
    store,
    clock: systemClock,
    runRoots: [root],
    folders,
    log: (message: string) => log.warn(message),
  };
  const watcher = new HostWatcher(parts);
  const management = app.add(new SocketManagementDialer());
  const intervalMs = (): number => setting('watch.intervalSeconds') * 1000;
  const switches = app.add(new SwitchWatcher({ ...parts, management, intervalMs }));
  const check: LabCheck = async (path, text, pieces) =>
    (await labCheck()).checkLabText(path, text, files, options, pieces);
  const labFiles = app.add(new LabFiles({ store, files, clock: systemClock, check, log }));
  const readLab = async (path: string): Promise<LabReading> =>
    (await labFiles.readNow(path)) ?? (await (await labCheck()).readLabFile(path, files, options)).reading;
  const runDir = (lab: string): string => labRunDir(root, lab);
  const look = (): Promise<void> => watcher.poll();
  const shells = lazyShells({ store, runDir, session: wholeSession, secret });
  const readiness = lazyReadiness({ store, files, management, runDir, look, shells });
  let hosts: Promise<RemoteHosts> | undefined;
  const remote = (): Promise<RemoteHosts> =>
    (hosts ??= import('./host/ssh-hosts.ts').then(({ SshHosts }) => new SshHosts(root)));
  const control = lazyControl({ files, scripts: scriptRunner, store, readLab, observe: look, readiness, remote });
  const seen = { store, control, readLab, look, runDir, files };
  const changes = lazyChanges({ ...seen, management, options, scripts: scriptRunner, folders });
  const defaults = async (): ReturnType<typeof userDefaults> => (await labCheck()).userDefaults(files, options);
  const tools = {
    management,
    scripts: scriptRunner,
    folders,
    guest: guestPort(files, guestFolder),
    defaults,
    processes: parts.processes,
    remote,
    migration: {
      ...{ scripts: scriptRunner, files, clock: systemClock, runDir, store, remote },
      // Here the trees mostly are on the socket that is asked first.
      qmp: new SocketQmpDialer({ turnMs: 1_000 }),
      user: process.env['USER'] ?? process.env['LOGNAME'],
    },
  };
  const made = { store, files, labFiles, readLab, watcher, switches, control, changes, readiness, shells };
  return { ...made, options, runDir, root, included, ...tools };
}

/** All that a serial console prints, shared with all who look at it. */
function wholeSession({ port, logPath }: ConsoleTarget): ByteSession {
  const shares = new SocketShares(runRoot(process.env, userId()), 'VS Code');
  const log = logPath === undefined ? undefined : new LogFile(logPath);
  const options = { shares, holders: new LinuxPortHolders(), log, isComplete: true };
  return new ConsoleSession(new TelnetDialer(), systemClock, port, options);
}

/** As in a terminal. */
const secret = (name: string): Promise<string | undefined> => Promise.resolve(process.env[secretVariable(name)]);

/** A lab file outside of every workspace folder has its own folder. */
const workspaceOf = (labPath: string): string =>
  vscode.workspace.getWorkspaceFolder(vscode.Uri.file(labPath))?.uri.fsPath ?? folderOf(labPath);

const openText = (file: string): string | undefined =>
  vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file)?.getText();

/** Made anew for each script, so that a changed setting counts at once. */
const scriptRunner: ScriptRunner = {
  run: (script, args, signal) => {
    const accel = setting('accel');
    return new BashScriptRunner({ env: accel === 'auto' ? {} : { KVMLAB_ACCEL: accel } }).run(script, args, signal);
  },
};

const guestPort = (files: Files, folder: string): GuestPort => ({
  isThere: () => files.exists(`${folder}/vmlinuz`),
  build: async options => {
    const { buildGuest } = await import('./host/guest-builder.ts');
    const { isNew } = await buildGuest(folder, options);
    return `The tiny guest in ${folder} ${isNew ? 'is ready' : 'was up to date'}.`;
  },
});

/** Makes `kvmlab` a command of integrated terminals; it runs on our own Node if the machine has none. */
function offerTerminalCommand({ environmentVariableCollection, extensionUri }: vscode.ExtensionContext): void {
  environmentVariableCollection.description = 'The command kvmlab';
  environmentVariableCollection.prepend('PATH', `${vscode.Uri.joinPath(extensionUri, 'dist/bin').fsPath}:`);
  environmentVariableCollection.replace('KVMLAB_NODE', process.execPath);
}

/** Labs run on Linux, which has user IDs; elsewhere nothing is run, and the number does not matter. */
const userId = (): number => process.getuid?.() ?? 0;
