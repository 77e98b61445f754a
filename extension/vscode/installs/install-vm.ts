import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { resolvePath } from '../../lab/files.ts';
import type { VmInstall } from '../../lab/install.ts';
import type { RunEnd } from '../../runtime/installs/script-run.ts';
import type { VmPlace } from '../../runtime/installs/vm-disk.ts';
import { VmInstaller, type InstallRecord } from '../../runtime/installs/vm-installer.ts';
import { folderOf } from '../../runtime/paths.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { vmsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';
import { socketOf } from './install-commands.ts';
import type { RunOrder } from './install-desk.ts';
import { askValues } from './install-values.ts';
import { consoleOf } from './pick-console.ts';
import { readScript } from './pick-script.ts';

/** Images are checked while the console is waited for. */
const slowestStartMs = 600_000;

/** Installs a VM by the script that its lab names. Its disk changes only when the script has come to its end. */
export async function installVm(services: Services, args: TargetArguments): Promise<void> {
  const list = () => vmsOf(services.store.labs).filter(({ thing }) => placeOf(services, thing)?.vm.install);
  const [vm] = await thingsOrPick(services, args, { title: 'Install which VM?', list, canPickMany: false });
  const place = vm && placeOf(services, vm);
  if (!vm || !place) return;
  const { install } = place.vm;
  if (!install)
    throw new UserError(`${vm.name} has no install script. Add "install: NAME.install.yaml" to it in the lab file.`, [
      { title: 'Open Lab File', command: 'kvmlab.openLabFile', args: [vm] },
      { title: 'Record Console', command: 'kvmlab.recordConsole', args: [vm] },
    ]);
  const installer = await installerOf(services);
  const record = await installer.installed(place);
  if (record && !(await wantsAgain(vm, record))) return;
  await play(services, vm, place, install, installer);
}

function placeOf({ store }: Services, { lab: labPath, name }: ThingRef): VmPlace | undefined {
  const lab = store.lab(labPath)?.lab;
  const vm = lab?.vms.find(one => one.name === name);
  return lab && vm && { labPath, lab, vm };
}

async function installerOf({ control, files, images, installs }: Services): Promise<VmInstaller> {
  const [{ parts }, { actions, files: imageFiles }] = await Promise.all([installs(), images.ports()]);
  const { installFiles, clock, home } = parts;
  return new VmInstaller({ control, files, actions, images: imageFiles, installs: installFiles, clock, home });
}

async function wantsAgain({ name }: ThingRef, { script, when }: InstallRecord): Promise<boolean> {
  const detail = `By ${script}, ${new Date(when).toLocaleString()}. Its disk is replaced when the install is done.`;
  const again = 'Install Again';
  return (await vscode.window.showWarningMessage(`${name} is installed.`, { modal: true, detail }, again)) === again;
}

async function play(
  services: Services,
  vm: ThingRef,
  place: VmPlace,
  install: VmInstall,
  installer: VmInstaller,
): Promise<void> {
  const { runs, parts } = await services.installs();
  const target = consoleOf(services, vm);
  runs.refuseSecond(target);
  const path = resolvePath(install.script, folderOf(vm.lab), parts.home);
  const { file, script } = await readScript(services, vscode.Uri.file(path));
  const values = await askValues(file, script, { given: new Map(install.vars), known: new Map() }, parts);
  const isRunning = async (): Promise<boolean> => {
    await services.look();
    return services.store.stateOf(vm).kind === 'running';
  };
  services.consoles.show(target, { preserveFocus: true });
  const end = await installer.install(place, install, start => {
    const common = { target, file, script, values, hasPrompt: false, connectMs: slowestStartMs };
    return playUntilOver(services, { ...common, qmpSocket: socketOf(services, vm), isRunning }, start);
  });
  await services.look();
  const words = end.kind === 'finished' ? `${vm.name} is installed.` : `The disk of ${vm.name} is as it was.`;
  vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, 10_000);
}

/** A script that is stuck is not over: the user may go on. */
async function playUntilOver(
  services: Services,
  order: Omit<RunOrder, 'onOver'>,
  start: () => Promise<void>,
): Promise<RunEnd> {
  const { runs, parts } = await services.installs();
  let over: (end: RunEnd) => void = () => undefined;
  const ended = new Promise<RunEnd>(resolve => (over = resolve));
  const whole = { ...order, onOver: over };
  const { id } = runs.begin(whole, parts.run(whole), undefined);
  try {
    await start();
  } catch (error) {
    runs.stop(id);
    throw error;
  }
  return ended;
}
