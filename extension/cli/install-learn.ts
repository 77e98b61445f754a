import { UserError } from '../base/user-error.ts';
import { learnScript, type Learned } from '../dialogue/learn/learn-script.ts';
import { scriptText } from '../dialogue/script-text.ts';
import { consoleVmName, type KnownConsole } from '../runtime/console/console-list.ts';
import type { ConsoleRecorder } from '../runtime/console/console-recorder.ts';
import { exitCodes, type CliPorts, type ExitCode } from './command.ts';
import { replayOnFreshVm } from './install-replay.ts';
import { interact } from './konnect-live.ts';
import { findConsole } from './konnect-target.ts';
import { printable } from './text-table.ts';
import type { PlayOptions } from './tn-inst-options.ts';

export interface LearnOrder extends PlayOptions {
  /** The script to be written, as the user named it. */
  readonly file: string;
  /** The VM, as `konnect` names it. */
  readonly vm: string;
  /** Play it at once on a fresh VM. */
  readonly isReplayed: boolean;
}

/** Connects the user to a console, makes a script of what they type there, and proves it on a fresh VM. */
export async function learnInstall(order: LearnOrder, ports: CliPorts): Promise<ExitCode> {
  const { file } = order;
  const path = ports.folder.resolve(file);
  const refuse = (): ExitCode => {
    ports.err(`kvmlab: ${printable(file)} is there already. Name another file, or remove it.\n`);
    return exitCodes.already;
  };
  if (await ports.files.exists(path)) return refuse();
  const console = await findConsole(order.vm, 'serial', ports);
  const { code, learned } = await record(console, ports);
  if (code !== exitCodes.done) return code;
  if (learned.steps.every(({ deed }) => deed === undefined))
    throw new UserError(`Nothing was typed on the console of ${consoleVmName(console)}, so there is no script.`);
  // It may have come while it was typed; what was recorded is then kept beside it.
  const isTaken = await ports.files.exists(path);
  const written = isTaken ? `${path}.new` : path;
  await ports.files.write(written, scriptText(learned, `What was typed on the console of ${consoleVmName(console)}`));
  tell(isTaken ? `${file}.new` : file, learned, ports);
  return order.isReplayed ? replayOnFreshVm({ ...order, path: written, console, learned }, ports) : exitCodes.done;
}

async function record(console: KnownConsole, ports: CliPorts) {
  const recorder = ports.consoles.recorder(console);
  try {
    await begun(recorder);
    // Whoever comes to the console later than the user hears nothing of what they type before.
    const code = await interact(console, false, ports, state => {
      if (state.kind === 'connected') recorder.retryNow();
    });
    if (recorder.isIncomplete) ports.err('kvmlab: some of it came too fast to be recorded; look through the steps.\n');
    return { code, learned: learnScript(recorder.recording) };
  } finally {
    recorder.dispose();
  }
}

/** Resolves when it hears the console, or knows that there is nothing to hear. */
async function begun(recorder: ConsoleRecorder): Promise<void> {
  await recorder.start();
  await new Promise<void>(resolve => {
    if (recorder.state.kind !== 'connecting') resolve();
    const subscription = recorder.onDidChangeState(({ kind }) => {
      if (kind === 'connecting') return;
      subscription.dispose();
      resolve();
    });
  });
}

function tell(file: string, { steps, secrets }: Learned, ports: CliPorts): void {
  const names = secrets.map(({ name }) => name).join(', ');
  const known = secrets.length === 0 ? '' : ` What was typed unseen is not in it: ${names}.`;
  ports.err(printable(`kvmlab: ${file} has ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}.${known}`) + '\n');
}
