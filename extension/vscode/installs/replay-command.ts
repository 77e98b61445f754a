import { CancelSource } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { vmFiles } from '../../lab/layout.ts';
import { freshId, freshLab } from '../../runtime/installs/fresh-lab.ts';
import { FreshVm } from '../../runtime/installs/fresh-vm.ts';
import { folderOf, baseName } from '../../runtime/paths.ts';
import type { ConsoleTarget } from '../../runtime/console/console-target.ts';
import type { ThingRef } from '../../runtime/state.ts';
import { usedIds } from '../../runtime/used-ids.ts';
import type { ReplayArguments } from '../commands.ts';
import { vmsOrPick } from '../consoles/console-commands.ts';
import type { Services } from '../services.ts';
import { connectMs } from './install-commands.ts';
import { askValues } from './install-values.ts';
import { pickScript, readScript, type ReadScript } from './pick-script.ts';

/** Plays a script on a VM as it was in its first hour, made for this and removed afterwards: that proves the script. */
export async function replayOnFreshVm(services: Services, [clicked, on]: ReplayArguments): Promise<void> {
  const uri = await pickScript(clicked);
  if (!uri) return;
  const read = await readScript(services, uri);
  const named = on && 'name' in on ? on : undefined;
  const [vm] = await vmsOrPick(services, [named], `Replay ${baseName(read.file)} on a fresh copy of which VM?`, false);
  if (vm) await proveScript(services, vm, read, new Map());
}

/** `known`: secrets that need not be asked for. */
export async function proveScript(
  services: Services,
  vm: ThingRef,
  { file, script }: ReadScript,
  known: ReadonlyMap<string, string>,
): Promise<void> {
  const { runs, parts } = await services.installs();
  const fresh = freshVmOf(services, vm, parts.fresh);
  const { port, logPath = '' } = fresh.console(parts.root);
  const target: ConsoleTarget = { lab: '', vm: `fresh ${vm.name}`, kind: 'serial', port, logPath };
  runs.refuseSecond(target);
  const values = await askValues(file, script, { given: new Map(), known }, parts);
  const isRunning = async (): Promise<boolean> => {
    await services.look();
    return services.store.host.vms.some(one => one.serialPort === port);
  };
  const life = new FreshLife(fresh, services.report);
  const qmpSocket = `${folderOf(logPath)}/${vmFiles(vm.name).qmp}`;
  const onOver = (): void => life.end();
  const order = { target, file, script, values, hasPrompt: false, connectMs, qmpSocket, isRunning, onOver };
  services.consoles.show(target, { preserveFocus: true });
  const { id } = runs.begin(order, parts.run(order), undefined);
  try {
    await life.begin();
  } catch (error) {
    runs.stop(id);
    throw error;
  }
}

function freshVmOf(
  { store, random }: Services,
  vm: ThingRef,
  ports: ConstructorParameters<typeof FreshVm>[0],
): FreshVm {
  const lab = store.lab(vm.lab)?.lab;
  const model = lab?.vms.find(({ name }) => name === vm.name);
  const id = freshId(usedIds(store), random);
  if (!lab || !model) throw new UserError(`There is no VM ${vm.name} in ${vm.lab} any more.`);
  if (id === undefined) throw new UserError('No ID is free for a fresh VM. Stop VMs that you do not need.');
  return new FreshVm(ports, vm.lab, freshLab(lab, model, id));
}

/** A fresh VM from its start to its end, whichever of them is asked for first. */
class FreshLife {
  private readonly vm: FreshVm;
  private readonly report: (error: unknown) => void;
  private readonly cancel = new CancelSource();
  private starting: Promise<void> | undefined;
  private isOver = false;

  constructor(vm: FreshVm, report: (error: unknown) => void) {
    this.vm = vm;
    this.report = report;
  }

  begin(): Promise<void> {
    this.starting = this.isOver ? Promise.resolve() : this.vm.start(this.cancel.signal);
    return this.starting;
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancel.cancel();
    const remove = (): Promise<void> => this.vm.stop();
    (this.starting ?? Promise.resolve()).then(remove, remove).catch(this.report);
  }
}
