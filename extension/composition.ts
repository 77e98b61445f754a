import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from './base/disposable.ts';
import { composeChanges } from './compose-changes.ts';
import { composeMachines, watchStatus } from './compose-machines.ts';
import { composePictures, composeRasterizer } from './compose-pictures.ts';
import { composeCaptures, showCaptures } from './compose-captures.ts';
import { composeDoctor } from './compose-doctor.ts';
import { composeImages } from './compose-images.ts';
import { composeVlans } from './compose-vlans.ts';
import { composeWires } from './compose-wires.ts';
import { systemClock } from './host/clock.ts';
import { TelnetDialer } from './host/console-dialer.ts';
import { LogFile } from './host/console-log.ts';
import { SocketShares } from './host/console-share.ts';
import { TcpDisplayDialer } from './host/display-dialer.ts';
import { NodeFiles } from './host/files.ts';
import { LinuxHostNetworks } from './host/host-networks.ts';
import { WorkspaceIncludes } from './host/included-files.ts';
import { RecordedLabFolders } from './host/lab-folders.ts';
import { FileLogReader } from './host/log-reader.ts';
import { UnixSocketDialer } from './host/socket-dialer.ts';
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
import { DisplaySession } from './runtime/display/display-session.ts';
import type { ConsoleTarget } from './runtime/console/console-target.ts';
import type { ConsoleDialer } from './runtime/console-ports.ts';
import type { Files, ScriptRunner } from './runtime/host.ts';
import { checkLabText, readLabFile, userDefaults } from './runtime/lab-check.ts';
import type { LabControl } from './runtime/lab-control.ts';
import { folderOf } from './runtime/paths.ts';
import { MonitorSession } from './runtime/console/monitor-session.ts';
import { LabRunner } from './runtime/runner.ts';
import type { ThingRef } from './runtime/state.ts';
import { LabStore } from './runtime/store.ts';
import { SwitchSession } from './runtime/switches/switch-session.ts';
import { targetThing, type TerminalTarget } from './runtime/console/terminal-target.ts';
import { SwitchWatcher } from './runtime/switches/switch-watcher.ts';
import { HostWatcher } from './runtime/watcher.ts';
import { ChangeOffer } from './vscode/lab-files/change-offer.ts';
import { showCodeLenses } from './vscode/lab-files/code-lenses.ts';
import type { CommandHandlers } from './vscode/commands.ts';
import type { HostProblems } from './vscode/doctor/host-problems-parts.ts';
import { ConsoleLogs } from './vscode/consoles/console-log.ts';
import { ConsoleTerminals } from './vscode/consoles/console-terminals.ts';
import { tellOfDeadSwitches } from './vscode/switches/dead-switches.ts';
import { defaultSettingValues, followDefaultSettings } from './vscode/lab-files/default-settings.ts';
import { followKvmscript } from './vscode/lab-files/kvmscript-file.ts';
import { showProblems } from './vscode/lab-files/diagnostics.ts';
import { offerNames } from './vscode/lab-files/name-features.ts';
import { showDiagrams } from './vscode/pictures/diagram-language.ts';
import { DisplayPanels } from './vscode/display/display-panels.ts';
import { HostTree } from './vscode/trees/host-tree.ts';
import type { ImagesTree } from './vscode/images/images-tree.ts';
import { LabFiles, type LabCheck } from './vscode/lab-files/lab-files.ts';
import { helpWriting } from './vscode/lab-files/writing-help.ts';
import { LabsTree } from './vscode/trees/labs-tree.ts';
import { LivePorts } from './vscode/switches/live-ports.ts';
import type { MonitorHistory } from './vscode/consoles/monitor-memory.ts';
import { reportError } from './vscode/report-error.ts';
import { ScriptMarks } from './vscode/renew/script-marks.ts';
import { ScriptTexts } from './vscode/renew/script-texts.ts';
import { showConsoles } from './vscode/consoles/show-consoles.ts';
import { registerCommands } from './vscode/register-commands.ts';
import type { GuestPort, Services } from './vscode/services.ts';
import { setting } from './vscode/settings.ts';
import { Watching } from './vscode/trees/watching.ts';

/** For tests in the extension host: what the views show, and what they order. */
export interface ExtensionApi extends Disposable {
  readonly store: LabStore;
  readonly control: LabControl;
  readonly labsTree: LabsTree;
  readonly hostTree: HostTree;
  readonly imagesTree: ImagesTree;
  readonly hostProblems: Pick<HostProblems, 'text'>;
}

/** The one place that constructs things and picks the real adapters. Nothing is read or run here. */
export function compose(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ExtensionApi {
  const app = new DisposableStore();
  const runtime = composeRuntime(app, log);
  const { store, files, labFiles, watcher, switches, management, control, changes, runDir, guest } = runtime;
  const whenRead = (): Promise<void> => labFiles.whenRead();
  const look = (): Promise<void> => watcher.poll();
  const refresh = (): Promise<void> => labFiles.refresh().then(look);

  const textOf = (path: string): string | undefined => labFiles.textOf(path);
  const shown = [showProblems(store, textOf), showCodeLenses(store, textOf), showDiagrams(systemClock)];
  for (const one of shown) app.add(one);
  const [home, guestFolder] = [folderOf(kvmscriptPath(process.env)), defaultGuestDir(process.env)];
  app.add(offerNames({ store, files, textOf, whenRead, home, guestFolder }));
  const hostNetworks = new LinuxHostNetworks();
  app.add(helpWriting({ store, switches, textOf, hostNetworks, random: systemRandom, qemu: new InstalledQemu() }));
  const machines = composeMachines(app, { store, runDir, look, management, memory: context.workspaceState });
  const consoles = app.add(composeConsoles(store, machines.history));
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
  const root = runRoot(process.env, userId());
  const { rows, ...captureRoom } = composeCaptures(app, { store, root, extensionUri, report });
  for (const { view, provider } of [labsTree, hostTree])
    app.add(new LivePorts({ view, provider, watcher: switches, store, clock: systemClock, finish: rows() }));
  showCaptures(app, captureRoom.captures, [labsTree, hostTree]);
  app.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void refresh()));
  app.add(tellOfDeadSwitches(store));

  watchStatus(app, { store, runDir, cables: machines.cables }, [labsTree.view, hostTree.view, pictures], log);
  const { doctor, hostProblems } = composeDoctor(app, { store, files, root, guestFolder, report });
  const displays = app.add(composeDisplays(context, store));
  const logReader = new FileLogReader();
  const logs = app.add(
    new ConsoleLogs({ reader: logReader, files, clock: systemClock, watchLog: path => new LogFile(path) }),
  );
  const samples = vscode.Uri.joinPath(context.extensionUri, 'extension/samples');
  const services: Services = {
    ...{ vlanActions: vlans.actions, vlans: vlans.panels, wires, pictures, management, ...captureRoom },
    scriptTexts: app.add(new ScriptTexts()),
    ...{ defaults: runtime.defaults, processes: runtime.processes },
    ...{ store, control, changes, consoles, displays, machines, switches, logs, logReader },
    ...{ files, guest, images, log, samples },
    ...{ hostNetworks, random: systemRandom, doctor, hostProblems },
    ...{ runDir, whenRead, refresh, look, report, rasterizer: composeRasterizer(extensionUri) },
  };
  app.add(showConsoles(services, context.workspaceState));
  app.add(new ChangeOffer(services));
  app.add(registerCommands(() => loadHandlers(services), log));
  offerTerminalCommand(context);
  followDefaults(app, context, { store, files, log, changed: () => void refresh() });
  return { store, control, labsTree, hostTree, imagesTree, hostProblems, dispose: () => app.dispose() };
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

const loadHandlers = async (services: Services): Promise<CommandHandlers> =>
  (await import('./vscode/command-handlers.ts')).commandHandlers(services);

function composeConsoles(store: LabStore, history: MonitorHistory): ConsoleTerminals {
  const shares = new SocketShares(runRoot(process.env, userId()), 'VS Code');
  const holders = new LinuxPortHolders();
  const logOf = ({ logPath }: ConsoleTarget) => (logPath === undefined ? undefined : new LogFile(logPath));
  const thingOf = (target: TerminalTarget): ThingRef | undefined => targetThing(target);
  const makeSession = (target: TerminalTarget): ByteSession => {
    if (target.kind === 'switch')
      return new SwitchSession(new ConsoleSession(dialSocket(target.socket), systemClock, 0));
    const options = { shares, holders, log: logOf(target) };
    const session = new ConsoleSession(new TelnetDialer(), systemClock, target.port, options);
    const thing = target.kind === 'monitor' ? thingOf(target) : undefined;
    return thing ? new MonitorSession(session, history.linesOf(thing)) : session;
  };
  return new ConsoleTerminals({
    clock: systemClock,
    makeSession,
    stateOf: target => {
      const thing = thingOf(target);
      return thing && store.stateOf(thing);
    },
    start: target => void vscode.commands.executeCommand('kvmlab.start', thingOf(target)),
  });
}

/** A switch takes any number of clients and speaks no telnet, which the session lets through as it is. */
const dialSocket = (socket: string): ConsoleDialer => {
  const dialer = new UnixSocketDialer();
  return { open: (_port, signal) => dialer.open(socket, signal) };
};

/** The tabs that show VMs' screens. */
function composeDisplays({ extensionUri }: vscode.ExtensionContext, store: LabStore): DisplayPanels {
  return new DisplayPanels({
    store,
    extensionUri,
    nonce: () => randomBytes(16).toString('base64'),
    host: {
      makeSession: ({ port }) => new DisplaySession(new TcpDisplayDialer(), systemClock, port),
      runState: ({ lab, vm }) => store.lab(lab)?.vms.get(vm),
      isTrusted: () => vscode.workspace.isTrusted,
      start: ({ lab, vm }) => void vscode.commands.executeCommand('kvmlab.start', { lab, kind: 'vm', name: vm }),
      clipboard: vscode.env.clipboard,
    },
  });
}

/** Everything below the views. */
function composeRuntime(app: DisposableStore, log: vscode.LogOutputChannel) {
  const files = new NodeFiles();
  const root = runRoot(process.env, userId());
  const guestFolder = defaultGuestDir(process.env);
  const included = new WorkspaceIncludes({ rootOf: workspaceOf, openText });
  const settings = () => settingDefaults(defaultSettingValues());
  const options = { kvmscript: kvmscriptPath(process.env), settings, guestFolder, runRoot: root, included };
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
  const check: LabCheck = (path, text, pieces) => checkLabText(path, text, files, options, pieces);
  const labFiles = app.add(new LabFiles({ store, files, clock: systemClock, check, log }));
  const readLab = async (path: string): Promise<LabReading> =>
    (await labFiles.readNow(path)) ?? (await readLabFile(path, files, options)).reading;
  const control = new LabRunner({ files, scripts: scriptRunner, store, readLab, observe: () => watcher.poll() });
  const runDir = (lab: string): string => labRunDir(root, lab);
  const look = (): Promise<void> => watcher.poll();
  const seen = { store, control, readLab, look, runDir, files };
  const changes = composeChanges({ ...seen, management, options, scripts: scriptRunner, folders });
  const defaults = (): ReturnType<typeof userDefaults> => userDefaults(files, options);
  const tools = {
    management,
    scripts: scriptRunner,
    folders,
    guest: guestPort(files, guestFolder),
    defaults,
    processes: parts.processes,
  };
  return { store, files, labFiles, watcher, switches, control, changes, runDir, ...tools };
}

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
