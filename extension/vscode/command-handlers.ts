import { captureInEditor, captureInWireshark, captureToFile, stopCapture } from './captures/capture-commands.ts';
import { changeCd } from './machines/change-cd-command.ts';
import type { CableSide } from '../runtime/change/cables.ts';
import type { CommandHandlers, TargetArguments } from './commands.ts';
import { clusterHandlers } from './cluster/cluster-handlers.ts';
import { broadcast } from './consoles/console-broadcast.ts';
import {
  copyConsoleAddress,
  openAllConsoles,
  openAnotherTerminal,
  openConsoleLog,
  openConsoles,
  openSwitchConsole,
} from './consoles/console-commands.ts';
import { sendBreak, sendSysRq, sendTerminalSize } from './consoles/console-keys.ts';
import { cancelPastes } from './consoles/console-paste.ts';
import { searchConsoles } from './consoles/console-search.ts';
import { exportDiagram, importDiagram } from './pictures/diagram-commands.ts';
import { openDisplays } from './display/display-commands.ts';
import { editHandlers } from './pictures/edit-handlers.ts';
import { imageHandlers } from './images/image-handlers.ts';
import { buildGuest } from './machines/guest-command.ts';
import { runMonitorCommand } from './consoles/monitor-command.ts';
import { installHandlers } from './installs/install-handlers.ts';
import { insertNetwork } from './lab-files/network-command.ts';
import { newLab } from './lab-files/new-lab.ts';
import { openLabFile, openScript } from './open-commands.ts';
import { openSample } from './lab-files/open-sample.ts';
import { exportPictureFile } from './pictures/export-commands.ts';
import { openPicture } from './pictures/picture-commands.ts';
import { showPlan } from './lab-files/plan-command.ts';
import { generateScripts, runVerb } from './machines/run-commands.ts';
import { takeScreenshots } from './consoles/screenshot-command.ts';
import { setPlugins } from './switches/plugin-command.ts';
import { renewHandlers } from './renew/renew-handlers.ts';
import type { Services } from './services.ts';
import { snapshotHandlers } from './snapshots/snapshot-handlers.ts';
import { setSpanningTree } from './switches/spanning-tree-command.ts';
import { stickHandlers } from './sticks/stick-handlers.ts';
import { startWithSudo } from './switches/sudo-command.ts';
import { adoptIntoLabFile, applyLabFile, openVlanMatrix, setVlans } from './switches/switch-commands.ts';
import { ejectCd, orderVms, sendKeys } from './machines/vm-action-commands.ts';

/** What each command does; every line is a call. */
export const commandHandlers = (services: Services): CommandHandlers => ({
  'kvmlab.start': (...args) => runVerb(services, 'start', args),
  'kvmlab.stop': (...args) => runVerb(services, 'stop', args),
  'kvmlab.restart': (...args) => runVerb(services, 'restart', args),
  'kvmlab.kill': (...args) => runVerb(services, 'kill', args),
  'kvmlab.startWithSudo': (...args) => startWithSudo(services, args),
  'kvmlab.hostStep': async (...args) => (await import('./doctor/doctor-room.ts')).runHostStep(services, args),
  'kvmlab.doctor': async (...args) => (await import('./doctor/doctor-room.ts')).showDoctor(services, args),
  'kvmlab.generate': (...args) => generateScripts(services, args),
  'kvmlab.openConsole': (...args) => openConsoles(services, 'serial', args),
  'kvmlab.openMonitor': (...args) => openConsoles(services, 'monitor', args),
  'kvmlab.openDisplay': (...args) => openDisplays(services, args),
  'kvmlab.openSwitchConsole': (...args) => openSwitchConsole(services, args),
  'kvmlab.openAnotherTerminal': (...args) => openAnotherTerminal(services, args),
  'kvmlab.openAllConsoles': (...args) => openAllConsoles(services, args, false),
  'kvmlab.openConsolesSideBySide': (...args) => openAllConsoles(services, args, true),
  ...typingHandlers(services),
  'kvmlab.searchConsoles': (...args) => searchConsoles(services, args),
  'kvmlab.pause': (...args) => orderVms(services, 'Pause which VMs?', (actions, vm) => actions.pause(vm), args),
  'kvmlab.resume': (...args) => orderVms(services, 'Resume which VMs?', (actions, vm) => actions.resume(vm), args),
  'kvmlab.reset': (...args) => orderVms(services, 'Reset which VMs?', (actions, vm) => actions.reset(vm), args),
  'kvmlab.powerButton': (...args) =>
    orderVms(services, 'Power button of which VMs?', (actions, vm) => actions.pressPowerButton(vm), args),
  'kvmlab.sendKeys': (...args) => sendKeys(services, args),
  'kvmlab.ejectCd': (...args) => ejectCd(services, args),
  'kvmlab.changeCd': (...args) => changeCd(services, args),
  'kvmlab.screenshot': (...args) => takeScreenshots(services, args),
  'kvmlab.monitorCommand': (...args) => runMonitorCommand(services, args),
  'kvmlab.copyConsoleAddress': (...args) => copyConsoleAddress(services, args),
  ...cableHandlers(services),
  'kvmlab.showPlan': (...args) => showPlan(services, args),
  'kvmlab.setVlans': (...args) => setVlans(services, args),
  'kvmlab.setSpanningTree': (...args) => setSpanningTree(services, args),
  'kvmlab.applyLabFile': (...args) => applyLabFile(services, args),
  'kvmlab.adoptIntoLabFile': (...args) => adoptIntoLabFile(services, args),
  'kvmlab.openVlanMatrix': (...args) => openVlanMatrix(services, args),
  'kvmlab.openWire': async (...args) => (await import('./wires/wire-commands.ts')).openWires(services, args),
  'kvmlab.openPicture': (...args) => openPicture(services, args),
  'kvmlab.captureToFile': (...args) => captureToFile(services, args),
  'kvmlab.captureInEditor': (...args) => captureInEditor(services, args),
  'kvmlab.captureInWireshark': (...args) => captureInWireshark(services, args),
  'kvmlab.stopCapture': (...args) => stopCapture(services, args),
  'kvmlab.setPlugins': (...args) => setPlugins(services, args),
  'kvmlab.openLabFile': (...args) => openLabFile(services, args),
  'kvmlab.openScript': (...args) => openScript(services, args),
  'kvmlab.openConsoleLog': (...args) => openConsoleLog(services, args),
  ...exchangeHandlers(services),
  ...editHandlers(services),
  ...imageHandlers(services),
  ...stickHandlers(services),
  ...snapshotHandlers(services),
  ...renewHandlers(services),
  ...installHandlers(services),
  'kvmlab.insertNetwork': () => insertNetwork(services),
  'kvmlab.newLab': () => newLab(services),
  'kvmlab.openSample': sample => openSample(services, sample),
  'kvmlab.buildGuest': () => buildGuest(services),
  'kvmlab.refresh': () => services.refresh().then(() => services.refreshHosts()),
  'kvmlab.showLog': () => services.log.show(),
});

/** Labs from elsewhere, labs for elsewhere, VMs that go there, and what keeps them alive. */
const exchangeHandlers = (services: Services) =>
  ({
    'kvmlab.importDiagram': (...args) => importDiagram(services, args),
    'kvmlab.importVm': async () => (await import('./lab-files/import-vm.ts')).importVmFromCommandLine(services),
    'kvmlab.exportDiagram': (...args) => exportDiagram(services, args),
    'kvmlab.exportPicture': (...args) => exportPictureFile(services, args),
    'kvmlab.migrate': async (...args) => (await import('./migrate/migrate-command.ts')).migrateVmTo(services, args),
    ...clusterHandlers(services),
  }) satisfies Partial<CommandHandlers>;

const cableHandlers = (services: Services) => {
  const load = () => import('./switches/cable-commands.ts');
  const set =
    (isPulled: boolean, side: CableSide) =>
    async (...args: TargetArguments) =>
      (await load()).setCables(services, isPulled, side, args);
  return {
    'kvmlab.pullCable': set(true, 'guest'),
    'kvmlab.pullCableAtSwitch': set(true, 'switch'),
    'kvmlab.pullCableAtBothEnds': set(true, 'both'),
    'kvmlab.plugCable': set(false, 'both'),
    'kvmlab.flapCable': async (...args) => (await load()).flapCable(services, args),
    'kvmlab.runScenario': async (...args) => (await import('./wires/scenario-command.ts')).runScenario(services, args),
  } satisfies Partial<CommandHandlers>;
};

/** What is typed in consoles besides what the user types. */
const typingHandlers = (services: Services) =>
  ({
    'kvmlab.sendBreak': () => sendBreak(services),
    'kvmlab.sendSysRq': () => sendSysRq(services),
    'kvmlab.sendTerminalSize': () => sendTerminalSize(services),
    'kvmlab.broadcast': () => broadcast(services),
    'kvmlab.endBroadcast': () => services.consoles.group.set([]),
    'kvmlab.runOnVms': async (...args) => (await import('./guests/run-on-vms.ts')).runOnVms(services, args),
    'kvmlab.cancelPaste': () => cancelPastes(services.consoles),
  }) satisfies Partial<CommandHandlers>;
