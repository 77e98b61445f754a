import { CancelSource, onCancel } from '../base/cancel.ts';
import { UserError } from '../base/user-error.ts';
import type { Learned } from '../dialogue/learn/learn-script.ts';
import type { InstallScript } from '../dialogue/install-script.ts';
import type { KnownConsole } from '../runtime/console/console-list.ts';
import { freshId, freshLab } from '../runtime/installs/fresh-lab.ts';
import { FreshVm } from '../runtime/installs/fresh-vm.ts';
import { readScriptFile } from '../runtime/installs/read-script.ts';
import { usedIds } from '../runtime/used-ids.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';
import { playInstall, type Played } from './install-play.ts';
import { consoleTarget, type InstallTarget } from './install-target.ts';
import { openLabsHere } from './lab-file.ts';
import { printable } from './text-table.ts';
import type { PlayOptions } from './tn-inst-options.ts';

export interface ReplayOrder extends PlayOptions {
  /** The script, as the user named it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  /** Where it was learned. */
  readonly console: KnownConsole;
  readonly learned: Learned;
}

/** Proves a script that was learned: plays it on a VM as it was before, which is removed afterwards. */
export async function replayOnFreshVm(order: ReplayOrder, ports: CliPorts): Promise<ExitCode> {
  const vm = await freshVmOf(order.console, ports);
  const { script } = await readScriptFile(order.path, ports.files, ports.labCheck.included);
  if (!vm || !script) return exitCodes.done;
  ports.err('kvmlab: playing it on a fresh VM\n');
  try {
    return (await play(order, script, vm, ports)).code;
  } finally {
    await vm.stop();
  }
}

async function play(order: ReplayOrder, script: InstallScript, vm: FreshVm, ports: CliPorts): Promise<Played> {
  const start = new Start(vm, ports);
  const installs = { ...ports.installs, secret: (name: string) => order.learned.values.get(name) };
  // It is listened to before it starts: what it prints first counts too.
  const target = (): Promise<InstallTarget> => {
    start.begin();
    return Promise.resolve(consoleTarget(vm.console(ports.labCheck.runRoot), ports));
  };
  try {
    const playing = { ...ports, installs, signal: start.signal };
    return await playInstall({ ...order, script, given: new Map(), from: undefined }, target, playing);
  } finally {
    await start.over();
  }
}

/** A VM that starts while its console is waited for; if it cannot, waiting is over. */
class Start {
  private readonly cancel = new CancelSource();
  private readonly vm: FreshVm;
  private readonly ports: CliPorts;
  private starting = Promise.resolve();

  constructor(vm: FreshVm, ports: CliPorts) {
    this.vm = vm;
    this.ports = ports;
  }

  get signal(): CancelSource['signal'] {
    return this.cancel.signal;
  }

  begin(): void {
    onCancel(this.ports.signal, () => this.cancel.cancel());
    this.starting = this.vm.start(this.cancel.signal);
    this.starting.catch(() => this.cancel.cancel());
  }

  /** Rejects if it did not start. */
  over(): Promise<void> {
    return this.starting;
  }
}

/** Undefined: there is none, and why was said. */
async function freshVmOf({ lab: name, vm: vmName }: KnownConsole, ports: CliPorts): Promise<FreshVm | undefined> {
  await openLabsHere(ports);
  const open = ports.store.labs.find(({ lab }) => lab?.name === name);
  const vm = open?.lab?.vms.find(one => one.name === vmName);
  const id = freshId(usedIds(ports.store), ports.random);
  if (!open?.lab || !vm || id === undefined) {
    ports.err(`kvmlab: not played again: no lab file of this folder has the VM ${printable(vmName)}.\n`);
    return undefined;
  }
  try {
    return new FreshVm({ files: ports.files, ...ports.installs.fresh }, open.path, freshLab(open.lab, vm, id));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    ports.err(`kvmlab: not played again: ${printable(error.message)}\n`);
    return undefined;
  }
}
