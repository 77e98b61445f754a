import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import { pidOf, type RunningVm, type ThingRef } from '../../runtime/state.ts';
import { stickFolder } from '../../runtime/sticks/stick-list.ts';
import { StickMounted } from '../../runtime/sticks/stick-slots.ts';
import type { FileUri, MediumArguments } from '../commands.ts';
import { editLabFile } from '../lab-files/edit-lab-file.ts';
import { runningVms } from '../machines/vm-action-commands.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';
import { pickStick, sticksHere } from './pick-stick.ts';

const shownMs = 6000;

/** Makes a stick of a folder, which the explorer may have named; gives its path. */
export async function newStick(services: Services, clicked?: FileUri, lab?: string): Promise<string | undefined> {
  const folder = clicked?.fsPath ?? (await askFolder('New USB Stick from Which Folder?', 'Put on Stick'));
  if (folder === undefined) return undefined;
  const [first] = services.store.labs;
  const beside = lab ?? first?.path;
  const suggested = `${stickFolder(beside === undefined ? folderOf(folder) : folderOf(beside))}/${baseName(folder)}.img`;
  const target = await vscode.window.showInputBox({
    title: 'New USB Stick',
    prompt: 'Image of the stick. "sticks" beside a lab file is where it is looked for.',
    value: suggested,
    validateInput: text => (/^\/.*\.(img|raw)$/.test(text) ? undefined : 'An absolute path that ends with .img.'),
  });
  if (target === undefined) return undefined;
  const { maker } = await services.machines.sticks();
  const order = { folder, bytes: undefined, label: undefined, replace: false };
  const { count, leftOut } = await withProgress(`Making ${baseName(target)}`, (report, signal) =>
    maker.pack(target, order, { signal, onProgress: percent => report({ message: `${Math.round(percent)} %` }) }),
  );
  const more = leftOut.length === 0 ? '' : ` Left out, as they are links or no files: ${leftOut.join(', ')}.`;
  void vscode.window.showInformationMessage(`${baseName(target)} is made, with ${count} items on it.${more}`);
  return target;
}

/** Of a VM, or of a stick of the lab file that is not in. */
export async function plugStick(services: Services, args: MediumArguments): Promise<void> {
  const [thing] = await runningVms(services, 'Plug a USB stick into which VM?', [args[0]], false);
  if (!thing) return;
  const path = args[2] ?? rowOf([args[0]])?.stick ?? (await askStick(services, thing));
  if (path === undefined) return;
  const { actions } = await services.machines.sticks();
  const outcome = await actions.plug(runningOf(services, thing), path);
  await services.machines.cables.look();
  tell(`${baseName(path)} ${outcome === 'already' ? 'was already' : 'is'} in ${thing.name}.`);
  void offerToWrite(services, thing, path).catch(services.report);
}

async function askStick(services: Services, thing: ThingRef): Promise<string | undefined> {
  const rows = (await sticksHere(services, thing.lab)).filter(row => row.vm === null);
  return pickStick(`USB Stick for ${thing.name}`, rows, () => newStick(services, undefined, thing.lab));
}

/** So that the stick is in at the next start, too. */
async function offerToWrite({ store }: Services, thing: ThingRef, path: string): Promise<void> {
  const snapshot = store.lab(thing.lab);
  const vm = snapshot?.lab?.vms.find(one => one.name === thing.name);
  const folder = `${folderOf(thing.lab)}/`;
  const written = path.startsWith(folder) ? path.slice(folder.length) : path;
  if (!snapshot || !vm || vm.sticks?.includes(written) === true) return;
  const write = 'Write to Lab File';
  const question = `${baseName(path)} is in ${thing.name} until it is pulled out or the VM ends.`;
  if ((await vscode.window.showInformationMessage(question, write)) !== write) return;
  const keys = [
    { thing: { kind: 'vm', name: vm.name }, path: ['sticks'], value: [...(vm.sticks ?? []), written] },
  ] as const;
  await editLabFile({ file: thing.lab, included: snapshot.reading.included }, { kind: 'setKeys', keys });
}

/** Called by its own button: `true` for force, and the path of the stick. */
export async function pullStick(services: Services, [clicked, second, chosen]: MediumArguments): Promise<void> {
  const path = chosen ?? rowOf([clicked])?.stick ?? (await askPlugged(services));
  if (path === undefined) return;
  const { actions } = await services.machines.sticks();
  const pulled = await actions.pull(path, { isForced: second === true }).catch((error: unknown) => {
    if (!(error instanceof StickMounted)) throw error;
    const force = { title: 'Pull Out by Force', command: 'kvmlab.pullStick', args: [clicked, true, path] };
    throw new UserError(error.message, [force], { cause: error });
  });
  await services.machines.cables.look();
  if (pulled === 'already') {
    tell(`${baseName(path)} is in no VM.`);
    return;
  }
  const done = `${baseName(path)} was pulled out of ${pulled.from.name ?? 'its VM'}.`;
  if (pulled.faults.length === 0) tell(done);
  else void vscode.window.showWarningMessage(`${done} ${pulled.faults.join(' ')}`);
}

async function askPlugged(services: Services): Promise<string | undefined> {
  const rows = (await sticksHere(services)).filter(row => row.vm !== null);
  if (rows.length === 0) throw new UserError('There is no USB stick in any VM that runs.');
  return pickStick('Pull Out Which USB Stick?', rows);
}

export async function unpackStick(services: Services, [clicked, , chosen]: MediumArguments): Promise<void> {
  const path =
    chosen ?? rowOf([clicked])?.stick ?? (await pickStick('Unpack Which USB Stick?', await sticksHere(services)));
  if (path === undefined) return;
  const parent = await askFolder(`Unpack ${baseName(path)} into a New Folder in…`, 'Unpack Here');
  if (parent === undefined) return;
  const folder = `${parent}/${baseName(path).replace(/\.\w+$/, '')}`;
  const { maker } = await services.machines.sticks();
  const { count, faults } = await withProgress(`Unpacking ${baseName(path)}`, (report, signal) =>
    maker.unpack(path, folder, { signal, onProgress: percent => report({ message: `${Math.round(percent)} %` }) }),
  );
  const done = `${count} items of ${baseName(path)} are in ${folder}.`;
  if (faults.length === 0) void vscode.window.showInformationMessage(done);
  else void vscode.window.showWarningMessage(`${done} ${faults.join(' ')}`);
}

async function askFolder(title: string, openLabel: string): Promise<string | undefined> {
  const options = { title, openLabel, canSelectFiles: false, canSelectFolders: true, canSelectMany: false };
  return (await vscode.window.showOpenDialog(options))?.[0]?.fsPath;
}

function runningOf({ store }: Services, thing: ThingRef): RunningVm {
  const pid = pidOf(store.stateOf(thing));
  const vm = store.host.vms.find(one => one.pid === pid);
  if (vm) return vm;
  throw new UserError(`${thing.name} is not running.`, [{ title: 'Start', command: 'kvmlab.start', args: [thing] }]);
}

const tell = (words: string): void => void vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, shownMs);
