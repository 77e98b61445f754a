import { UserError } from '../base/user-error.ts';
import type { PictureTarget } from '../runtime/picture/edit-targets.ts';
import type { ThingRef } from '../runtime/state.ts';
import type { TreeNode } from '../runtime/views/tree-node.ts';

/** A file's URI, as VS Code's menus pass it; only what we need of it, so that this file runs without VS Code. */
export interface FileUri {
  readonly scheme: string;
  readonly fsPath: string;
}

/** What a command can be called on: a row of a tree, a thing by name (code lens, error button), or a lab file. */
export type Target = { readonly node: TreeNode } | ThingRef | FileUri | PictureTarget;

/** Trees pass the row clicked and all rows selected; the palette passes nothing, and the command asks. */
export type TargetArguments = readonly [clicked?: Target | undefined, selected?: readonly Target[] | undefined];

/** As for every command; or from the button of a refusal: `true` for force. */
export type ForceArguments = readonly [clicked?: Target, selected?: readonly Target[] | true | undefined];

/** The same, with the image that had been chosen: of a CD, or of a USB stick. */
export type MediumArguments = readonly [...ForceArguments, file?: string];

/** A script or a VM; from its code lens, also the name of the step where it begins. */
export type InstallArguments = readonly [clicked?: Target, from?: string | readonly Target[]];

/** A script, and the VM on which it was recorded. */
export type ReplayArguments = readonly [clicked?: Target, vm?: ThingRef | readonly Target[]];

/** A row of an install or of a step of it; or its id. */
export type InstallRowArguments = readonly [clicked?: Target | string];

/** Every command and what it takes. The manifest lists the same ones (a test compares them). */
export interface CommandArguments {
  readonly 'kvmlab.start': TargetArguments;
  readonly 'kvmlab.stop': TargetArguments;
  readonly 'kvmlab.restart': TargetArguments;
  readonly 'kvmlab.kill': TargetArguments;
  readonly 'kvmlab.startWithSudo': TargetArguments;
  readonly 'kvmlab.hostStep': TargetArguments;
  readonly 'kvmlab.doctor': TargetArguments;
  readonly 'kvmlab.generate': TargetArguments;
  readonly 'kvmlab.renew': TargetArguments;
  readonly 'kvmlab.showDifferences': readonly [];
  readonly 'kvmlab.adoptScripts': TargetArguments;
  readonly 'kvmlab.openConsole': TargetArguments;
  readonly 'kvmlab.openMonitor': TargetArguments;
  readonly 'kvmlab.openDisplay': TargetArguments;
  readonly 'kvmlab.openSwitchConsole': TargetArguments;
  readonly 'kvmlab.openAnotherTerminal': TargetArguments;
  readonly 'kvmlab.openAllConsoles': TargetArguments;
  readonly 'kvmlab.openConsolesSideBySide': TargetArguments;
  readonly 'kvmlab.sendBreak': readonly [];
  readonly 'kvmlab.sendSysRq': readonly [];
  readonly 'kvmlab.sendTerminalSize': readonly [];
  readonly 'kvmlab.broadcast': readonly [];
  readonly 'kvmlab.endBroadcast': readonly [];
  readonly 'kvmlab.cancelPaste': readonly [];
  readonly 'kvmlab.searchConsoles': TargetArguments;
  readonly 'kvmlab.pause': TargetArguments;
  readonly 'kvmlab.resume': TargetArguments;
  readonly 'kvmlab.reset': TargetArguments;
  readonly 'kvmlab.powerButton': TargetArguments;
  readonly 'kvmlab.sendKeys': TargetArguments;
  readonly 'kvmlab.ejectCd': ForceArguments;
  readonly 'kvmlab.changeCd': MediumArguments;
  readonly 'kvmlab.newStick': readonly [folder?: FileUri];
  readonly 'kvmlab.plugStick': MediumArguments;
  readonly 'kvmlab.pullStick': MediumArguments;
  readonly 'kvmlab.unpackStick': MediumArguments;
  readonly 'kvmlab.screenshot': TargetArguments;
  readonly 'kvmlab.monitorCommand': TargetArguments;
  readonly 'kvmlab.runOnVms': TargetArguments;
  readonly 'kvmlab.copyConsoleAddress': TargetArguments;
  readonly 'kvmlab.pullCable': TargetArguments;
  readonly 'kvmlab.pullCableAtSwitch': TargetArguments;
  readonly 'kvmlab.pullCableAtBothEnds': TargetArguments;
  readonly 'kvmlab.plugCable': TargetArguments;
  readonly 'kvmlab.flapCable': TargetArguments;
  readonly 'kvmlab.runScenario': TargetArguments;
  readonly 'kvmlab.showPlan': TargetArguments;
  readonly 'kvmlab.setVlans': TargetArguments;
  readonly 'kvmlab.setSpanningTree': TargetArguments;
  readonly 'kvmlab.applyLabFile': TargetArguments;
  readonly 'kvmlab.adoptIntoLabFile': TargetArguments;
  readonly 'kvmlab.openVlanMatrix': TargetArguments;
  readonly 'kvmlab.openWire': TargetArguments;
  readonly 'kvmlab.openPicture': TargetArguments;
  readonly 'kvmlab.captureToFile': TargetArguments;
  readonly 'kvmlab.captureInEditor': TargetArguments;
  readonly 'kvmlab.captureInWireshark': TargetArguments;
  readonly 'kvmlab.stopCapture': TargetArguments;
  readonly 'kvmlab.setPlugins': TargetArguments;
  readonly 'kvmlab.openLabFile': TargetArguments;
  readonly 'kvmlab.openScript': TargetArguments;
  readonly 'kvmlab.openConsoleLog': TargetArguments;
  readonly 'kvmlab.install': TargetArguments;
  readonly 'kvmlab.runInstallScript': InstallArguments;
  readonly 'kvmlab.pauseInstall': InstallRowArguments;
  readonly 'kvmlab.resumeInstall': InstallRowArguments;
  readonly 'kvmlab.stopInstall': InstallRowArguments;
  readonly 'kvmlab.closeInstall': InstallRowArguments;
  readonly 'kvmlab.openInstallConsole': InstallRowArguments;
  readonly 'kvmlab.openTranscript': InstallRowArguments;
  readonly 'kvmlab.forgetSecrets': InstallArguments;
  readonly 'kvmlab.recordConsole': TargetArguments;
  readonly 'kvmlab.stopRecording': readonly [];
  readonly 'kvmlab.replayOnFreshVm': ReplayArguments;
  readonly 'kvmlab.importDiagram': TargetArguments;
  readonly 'kvmlab.importVm': readonly [];
  readonly 'kvmlab.exportDiagram': TargetArguments;
  readonly 'kvmlab.exportPicture': TargetArguments;
  readonly 'kvmlab.addVm': TargetArguments;
  readonly 'kvmlab.addSwitch': TargetArguments;
  readonly 'kvmlab.connectNic': TargetArguments;
  readonly 'kvmlab.moveNic': TargetArguments;
  readonly 'kvmlab.setFileVlans': TargetArguments;
  readonly 'kvmlab.setAddresses': TargetArguments;
  readonly 'kvmlab.addWire': TargetArguments;
  readonly 'kvmlab.rename': TargetArguments;
  readonly 'kvmlab.deleteFromLab': TargetArguments;
  readonly 'kvmlab.groupVms': TargetArguments;
  readonly 'kvmlab.ungroup': TargetArguments;
  readonly 'kvmlab.pin': TargetArguments;
  readonly 'kvmlab.unpin': TargetArguments;
  readonly 'kvmlab.insertNetwork': readonly [];
  readonly 'kvmlab.newLab': readonly [];
  readonly 'kvmlab.openSample': readonly [sample?: string];
  readonly 'kvmlab.fetchImages': TargetArguments;
  readonly 'kvmlab.fetchAndStart': TargetArguments;
  readonly 'kvmlab.createImage': readonly [];
  readonly 'kvmlab.snapshotImage': TargetArguments;
  readonly 'kvmlab.rebaseImage': TargetArguments;
  readonly 'kvmlab.compactImage': TargetArguments;
  readonly 'kvmlab.migrate': TargetArguments;
  readonly 'kvmlab.takeSnapshot': TargetArguments;
  readonly 'kvmlab.restoreSnapshot': TargetArguments;
  readonly 'kvmlab.compareSnapshots': TargetArguments;
  readonly 'kvmlab.deleteSnapshot': TargetArguments;
  readonly 'kvmlab.exportSnapshot': TargetArguments;
  readonly 'kvmlab.importSnapshot': readonly [];
  readonly 'kvmlab.haExport': TargetArguments;
  readonly 'kvmlab.haDiff': TargetArguments;
  readonly 'kvmlab.haSimulate': TargetArguments;
  readonly 'kvmlab.haClear': TargetArguments;
  readonly 'kvmlab.buildGuest': readonly [];
  readonly 'kvmlab.refresh': readonly [];
  readonly 'kvmlab.showLog': readonly [];
}

export type CommandId = keyof CommandArguments;

export type CommandHandlers = {
  readonly [Id in CommandId]: (...args: CommandArguments[Id]) => void | Promise<void>;
};

/** Whether a command runs or writes anything, and so is refused in a workspace that is not trusted. */
export const needsTrust: Readonly<Record<CommandId, boolean>> = {
  'kvmlab.start': true,
  'kvmlab.stop': true,
  'kvmlab.restart': true,
  'kvmlab.kill': true,
  'kvmlab.startWithSudo': true,
  'kvmlab.hostStep': true,
  'kvmlab.doctor': true,
  'kvmlab.generate': true,
  'kvmlab.renew': true,
  'kvmlab.showDifferences': false,
  'kvmlab.adoptScripts': true,
  'kvmlab.openConsole': true,
  'kvmlab.openMonitor': true,
  'kvmlab.openDisplay': true,
  'kvmlab.openSwitchConsole': true,
  'kvmlab.openAnotherTerminal': true,
  'kvmlab.openAllConsoles': true,
  'kvmlab.openConsolesSideBySide': true,
  'kvmlab.sendBreak': true,
  'kvmlab.sendSysRq': true,
  'kvmlab.sendTerminalSize': true,
  'kvmlab.broadcast': true,
  'kvmlab.endBroadcast': false,
  'kvmlab.cancelPaste': false,
  'kvmlab.searchConsoles': false,
  'kvmlab.pause': true,
  'kvmlab.resume': true,
  'kvmlab.reset': true,
  'kvmlab.powerButton': true,
  'kvmlab.sendKeys': true,
  'kvmlab.ejectCd': true,
  'kvmlab.changeCd': true,
  'kvmlab.newStick': true,
  'kvmlab.plugStick': true,
  'kvmlab.pullStick': true,
  'kvmlab.unpackStick': true,
  'kvmlab.screenshot': true,
  'kvmlab.monitorCommand': true,
  'kvmlab.runOnVms': true,
  'kvmlab.copyConsoleAddress': false,
  'kvmlab.pullCable': true,
  'kvmlab.pullCableAtSwitch': true,
  'kvmlab.pullCableAtBothEnds': true,
  'kvmlab.plugCable': true,
  'kvmlab.flapCable': true,
  'kvmlab.runScenario': true,
  'kvmlab.showPlan': true,
  'kvmlab.setVlans': true,
  'kvmlab.setSpanningTree': true,
  'kvmlab.applyLabFile': true,
  'kvmlab.adoptIntoLabFile': true,
  'kvmlab.openVlanMatrix': true,
  'kvmlab.openWire': true,
  'kvmlab.openPicture': false,
  'kvmlab.captureToFile': true,
  'kvmlab.captureInEditor': true,
  'kvmlab.captureInWireshark': true,
  'kvmlab.stopCapture': true,
  'kvmlab.setPlugins': true,
  'kvmlab.openLabFile': false,
  'kvmlab.openScript': false,
  'kvmlab.openConsoleLog': false,
  'kvmlab.install': true,
  'kvmlab.runInstallScript': true,
  'kvmlab.pauseInstall': true,
  'kvmlab.resumeInstall': true,
  'kvmlab.stopInstall': true,
  'kvmlab.closeInstall': true,
  'kvmlab.openInstallConsole': true,
  'kvmlab.openTranscript': true,
  'kvmlab.forgetSecrets': true,
  'kvmlab.recordConsole': true,
  'kvmlab.stopRecording': true,
  'kvmlab.replayOnFreshVm': true,
  'kvmlab.importDiagram': true,
  'kvmlab.importVm': true,
  'kvmlab.exportDiagram': true,
  'kvmlab.exportPicture': true,
  'kvmlab.addVm': true,
  'kvmlab.addSwitch': true,
  'kvmlab.connectNic': true,
  'kvmlab.moveNic': true,
  'kvmlab.setFileVlans': true,
  'kvmlab.setAddresses': true,
  'kvmlab.addWire': true,
  'kvmlab.rename': true,
  'kvmlab.deleteFromLab': true,
  'kvmlab.groupVms': true,
  'kvmlab.ungroup': true,
  'kvmlab.pin': true,
  'kvmlab.unpin': true,
  'kvmlab.insertNetwork': true,
  'kvmlab.newLab': true,
  'kvmlab.openSample': true,
  'kvmlab.fetchImages': true,
  'kvmlab.fetchAndStart': true,
  'kvmlab.createImage': true,
  'kvmlab.snapshotImage': true,
  'kvmlab.rebaseImage': true,
  'kvmlab.compactImage': true,
  'kvmlab.migrate': true,
  'kvmlab.takeSnapshot': true,
  'kvmlab.restoreSnapshot': true,
  'kvmlab.compareSnapshots': true,
  'kvmlab.deleteSnapshot': true,
  'kvmlab.exportSnapshot': true,
  'kvmlab.importSnapshot': true,
  'kvmlab.haExport': true,
  'kvmlab.haDiff': true,
  'kvmlab.haSimulate': true,
  'kvmlab.haClear': true,
  'kvmlab.buildGuest': true,
  'kvmlab.refresh': false,
  'kvmlab.showLog': false,
};

/** Why a command is refused; undefined: it may go ahead. Nothing is run or written in a workspace that is not trusted. */
export function refusalOf(id: CommandId, isTrusted: boolean): UserError | undefined {
  if (isTrusted || !needsTrust[id]) return undefined;
  return new UserError('This workspace is not trusted, so KVM Lab neither runs nor writes anything in it.', [
    { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' },
  ]);
}

/** The settings that we read, without `kvmlab.`; the manifest lists the same ones. */
export interface Settings {
  readonly 'watch.intervalSeconds': number;
  readonly accel: 'auto' | 'kvm' | 'tcg';
  readonly inlayHints: boolean;
  readonly 'start.reserveMemory': number;
  readonly 'migration.bandwidth': number;
  readonly 'checks.start': 'ask' | 'always' | 'never';
  readonly 'defaults.memory': string;
  readonly 'defaults.cpus': number;
  readonly 'defaults.nicModel': string;
  readonly 'defaults.macPrefix': string;
  readonly 'defaults.vnc': boolean;
}

export const settingDefaults: Settings = {
  'watch.intervalSeconds': 2,
  accel: 'auto',
  inlayHints: false,
  'start.reserveMemory': 256,
  'migration.bandwidth': 0,
  'checks.start': 'ask',
  'defaults.memory': '256M',
  'defaults.cpus': 1,
  'defaults.nicModel': 'virtio',
  'defaults.macPrefix': '52:54:00',
  'defaults.vnc': false,
};

export const views = {
  labs: 'kvmlab.labs',
  installs: 'kvmlab.installs',
  host: 'kvmlab.host',
  images: 'kvmlab.images',
} as const;
/** "KVM Lab Console" among the terminal profiles. */
export const consoleProfile = 'kvmlab.console';
export const languageId = 'kvmlab';
/** Of files that lab files include. */
export const partLanguageId = 'kvmlab-part';
/** Of install scripts, `*.install.yaml`. */
export const installLanguageId = 'kvmlab-install';
/** Of `.diag` files. */
export const diagramLanguageId = 'nwdiag';
export const labFilePattern = '**/*.lab.{yaml,yml}';
