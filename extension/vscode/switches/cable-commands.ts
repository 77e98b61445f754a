import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { readTime } from '../../base/time-text.ts';
import { shortestFlapMs } from '../../lab/scenario.ts';
import * as cables from '../../runtime/change/cables.ts';
import type { VmLine } from '../../runtime/change/vm-nics.ts';
import { listCables, type LabCable } from '../../runtime/views/cable-list.ts';
import type { TargetArguments } from '../commands.ts';
import { loadEditRoom } from '../lab-files/edit-lab-file.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

const shownMs = 6000;

/** Pulls the cables that were clicked or picked, or plugs them in again, wherever they are pulled. */
export async function setCables(
  services: Services,
  isPulled: boolean,
  side: cables.CableSide,
  args: TargetArguments,
): Promise<void> {
  const chosen = await chosenCables(
    services,
    isPulled ? 'Pull which cables?' : 'Plug in which cables?',
    !isPulled,
    args,
  );
  const done: string[] = [];
  try {
    for (const cable of chosen) {
      const real = cableOf(services, cable, side);
      await real.set(isPulled);
      done.push(real.name);
    }
  } finally {
    await services.machines.cables.look();
  }
  if (done.length === 0) return;
  const words = `${done.join(', ')}: cable ${isPulled ? 'pulled' : 'plugged in'}.`;
  services.log.info(words);
  vscode.window.setStatusBarMessage(`KVM Lab: ${words}`, shownMs);
}

/** Pulls a cable and plugs it in, again and again, until it is stopped or the time is over. */
export async function flapCable(services: Services, args: TargetArguments): Promise<void> {
  const [cable] = await chosenCables(services, 'Flap which cable?', false, args);
  if (!cable) return;
  const { name } = cableOf(services, cable, 'guest');
  const times = await askTimes(name);
  if (!times) return;
  const what = cable.kind === 'nic' ? [cable.vm, String(cable.nic)] : [cable.name];
  const words = ['link', cable.lab, ...what, 'flap', '--every', times.every, '--for', times.for];
  try {
    await withProgress(`Flapping ${name}`, (report, signal) =>
      services.kvmlab.run(words, { signal, onLine: message => report({ message }) }),
    );
  } finally {
    await services.look();
    await services.machines.cables.look();
  }
}

interface FlapTimes {
  readonly every: string;
  readonly for: string;
}

async function askTimes(name: string): Promise<FlapTimes | undefined> {
  const text = await vscode.window.showInputBox({
    title: `Flap ${name}`,
    prompt:
      'Pulled once in the first time, for half of it; over after the second. Cancel the progress to end it early.',
    value: '2s for 30s',
    validateInput: typed => (timesOf(typed) ? undefined : 'Two times with their units, from 100ms on: 2s for 30s'),
  });
  return text === undefined ? undefined : timesOf(text);
}

function timesOf(text: string): FlapTimes | undefined {
  const [, every, whole] = /^\s*(\S+)\s+for\s+(\S+)\s*$/.exec(text) ?? [];
  if (every === undefined || whole === undefined || readTime(whole) === undefined) return undefined;
  return (readTime(every) ?? 0) < shortestFlapMs ? undefined : { every, for: whole };
}

function cableOf(services: Services, cable: LabCable, side: cables.CableSide): cables.Cable {
  const { store, control, changes, machines, management } = services;
  if (cable.kind === 'wire') return cables.wireCable(control, cable);
  const thing = { lab: cable.lab, kind: 'vm', name: cable.vm } as const;
  const line: VmLine = { name: cable.vm, ask: query => machines.actions.ask(thing, query) };
  const nic = store.lab(cable.lab)?.lab?.vms.find(({ name }) => name === cable.vm)?.nics[cable.nic - 1];
  const guest = cables.guestSide(line, cable.nic);
  if (side === 'guest' || !nic) return guest;
  const find = () => store.host.switches.find(one => one.name === nic.switch && store.labOf(one)?.path === cable.lab);
  const target = { lab: cable.lab, name: cable.vm, nic: cable.nic };
  const filter = changes.filterOf(target);
  const far = cables.switchSide(line, nic, { management, find, filter });
  return side === 'switch' ? far : cables.bothSides(guest, far);
}

/** What was clicked, in the tree or in a picture; else what is picked. Empty: the user thought better of it. */
async function chosenCables(
  services: Services,
  title: string,
  isPulled: boolean,
  args: TargetArguments,
): Promise<readonly LabCable[]> {
  await services.whenRead();
  const { editTarget } = await loadEditRoom();
  const [clicked, selected] = args;
  const target = editTarget(clicked, Array.isArray(selected) ? selected : []);
  const things = target?.things ?? [];
  const own = things.flatMap((thing): LabCable[] =>
    target && (thing.kind === 'nic' || thing.kind === 'wire') ? [{ lab: target.lab, ...thing }] : [],
  );
  if (own.length > 0) return own;
  await services.look();
  await services.machines.cables.look();
  const labs = services.store.labs.filter(({ path }) => target === undefined || path === target.lab);
  const vm = things.find(thing => thing.kind === 'vm');
  const items = listCables(labs, isPulled, vm?.name);
  if (items.length === 0)
    throw new UserError(`${title} None in the labs of this workspace is ${isPulled ? '' : 'not '}pulled.`);
  const options = { title, matchOnDescription: true, placeHolder: 'Tick one or more', canPickMany: true } as const;
  return ((await vscode.window.showQuickPick(items, options)) ?? []).map(({ cable }) => cable);
}
