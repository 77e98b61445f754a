import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { SwitchPicture } from '../../runtime/switches/port-picture.ts';
import type { RunningSwitch } from '../../runtime/state.ts';
import { listMatrices } from '../../runtime/switches/matrix-list.ts';
import {
  commonVlans,
  listPorts,
  listSwitches,
  portsTitle,
  runningSwitch,
  vlansNow,
} from '../../runtime/switches/switch-list.ts';
import { planVlanChange } from '../../runtime/switches/vlan-change.ts';
import { targetFor, type MatrixTarget } from '../../runtime/switches/vlan-matrix.ts';
import { readTagged, readUntagged, type VlanChange } from '../../runtime/switches/vlan-words.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { rowOf, thingsOf } from '../targets.ts';

const shownMs = 6000;

/** Asks for the VLANs of the ports that were clicked or picked, and sets them live. */
export async function setVlans(services: Services, args: TargetArguments): Promise<void> {
  const of = (await clickedSwitch(services, args)) ?? (await pickSwitch(services, 'VLANs on which switch?'));
  if (!of) return;
  const picture = await services.switches.look(of);
  const numbers = clickedPorts(args, of) ?? (await pickPorts(picture));
  if (numbers.length === 0) return;
  const change = await askVlans(picture, numbers);
  if (!change) return;
  await services.switches.tell(of, planVlanChange(picture, numbers, change));
  const { ports } = await services.switches.look(of);
  const changed = ports.filter(port => numbers.includes(port.number));
  vscode.window.setStatusBarMessage(`KVM Lab: ${vlansNow(of, changed)}`, shownMs);
}

/** Makes a running switch as its lab file says, without touching who is plugged in. */
export const applyLabFile = (services: Services, args: TargetArguments): Promise<void> =>
  onSwitch(services, args, 'Apply the lab file to which switch?', target => services.vlanActions.applyFile(target));

/** Makes the lab file of a running switch say what runs. */
export const adoptIntoLabFile = (services: Services, args: TargetArguments): Promise<void> =>
  onSwitch(services, args, 'Write what runs on which switch into its lab file?', target =>
    services.vlanActions.adopt(target),
  );

/** Opens the VLAN matrix of the switch that was clicked; of one of the lab file's switches; of any that is picked. */
export async function openVlanMatrix(services: Services, args: TargetArguments): Promise<void> {
  await services.whenRead();
  const { store } = services;
  const row = rowOf(args);
  const of = store.host.switches.find(one => one.pid === row?.switchPid);
  const [thing] = of ? [] : thingsOf(args, store.labs);
  const target = of
    ? targetFor(of, store.labs)
    : thing?.kind === 'switch'
      ? { lab: thing.lab, name: thing.name, socket: '' }
      : await pickMatrix(services, thing?.lab);
  if (target) services.vlans.open(target);
}

async function pickMatrix({ store, look }: Services, lab: string | undefined): Promise<MatrixTarget | undefined> {
  await look();
  const items = listMatrices(store.labs, store.host.switches, lab);
  if (items.length === 0) throw new UserError('There is no switch, neither in a lab file nor running.');
  if (items.length === 1) return items[0]?.target;
  const options = { title: 'VLANs of which switch?', placeHolder: 'Choose one', matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.target;
}

async function onSwitch(
  services: Services,
  args: TargetArguments,
  question: string,
  work: (target: MatrixTarget) => Promise<string>,
): Promise<void> {
  const of = (await clickedSwitch(services, args)) ?? (await pickSwitch(services, question));
  if (!of) return;
  const words = await work(targetFor(of, services.store.labs));
  services.log.info(words);
  vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, shownMs);
}

/** The running switch of the row that was clicked. */
export async function clickedSwitch(
  { store, whenRead }: Services,
  args: TargetArguments,
): Promise<RunningSwitch | undefined> {
  await whenRead();
  const row = rowOf(args);
  const ofRow = store.host.switches.find(one => one.pid === row?.switchPid);
  const [thing] = ofRow ? [] : thingsOf(args, store.labs);
  const found = ofRow ?? (thing && runningSwitch(thing, store.labs, store.host.switches));
  if (row && !found) throw new UserError(`${row.label} does not run any more.`);
  return found;
}

export async function pickSwitch({ store, look }: Services, title: string): Promise<RunningSwitch | undefined> {
  await look();
  const items = listSwitches(store.host.switches);
  if (items.length === 0) throw new UserError(`${title} No switch runs that can be asked.`);
  const options = { title, placeHolder: 'Choose one', matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.of;
}

/** All selected ports of that switch, if a port was clicked. */
function clickedPorts(args: TargetArguments, of: RunningSwitch): readonly number[] | undefined {
  const [, selected] = args;
  const clicked = rowOf(args);
  if (clicked?.port === undefined) return undefined;
  const rows = (Array.isArray(selected) ? selected : []).flatMap(target => rowOf([target]) ?? []);
  const inSelection = rows.some(row => row.id === clicked.id) ? rows : [clicked];
  const ports = inSelection.flatMap(row => (row.switchPid === of.pid ? (row.port ?? []) : []));
  return ports.sort((a, b) => a - b);
}

async function pickPorts(picture: SwitchPicture): Promise<readonly number[]> {
  const title = `VLANs of which ports of switch ${picture.of.name}?`;
  const options = { title, placeHolder: 'Tick one or more', matchOnDescription: true, canPickMany: true } as const;
  const picked = await vscode.window.showQuickPick(listPorts(picture), options);
  return picked?.map(port => port.number) ?? [];
}

/** Undefined: the user thought better of it. An empty box leaves as it is what the box asks for. */
async function askVlans(picture: SwitchPicture, numbers: readonly number[]): Promise<VlanChange | undefined> {
  const now = commonVlans(picture.ports.filter(port => numbers.includes(port.number)));
  const title = `VLANs of ${portsTitle(picture.of, numbers)}`;
  const untagged = await vscode.window.showInputBox({
    title: `${title} (1 of 2)`,
    prompt: 'Untagged VLAN: 1 to 4093, or none',
    value: now.untagged,
    validateInput: text => refusalOf(() => asked(text, readUntagged)),
  });
  if (untagged === undefined) return undefined;
  const first = { untagged: asked(untagged, readUntagged) };
  const tagged = await vscode.window.showInputBox({
    title: `${title} (2 of 2)`,
    prompt: 'Tagged VLANs: 10, 20 for all of them, +10, -20 to change some, or none',
    value: now.tagged,
    validateInput: text =>
      refusalOf(() => planVlanChange(picture, numbers, { ...first, tagged: asked(text, readTagged) })),
  });
  return tagged === undefined ? undefined : { ...first, tagged: asked(tagged, readTagged) };
}

const asked = <T>(text: string, read: (text: string) => T): T | undefined =>
  text.trim() === '' ? undefined : read(text);

function refusalOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
