import { UserError } from '../base/user-error.ts';
import { readArguments, UsageError } from './arguments.ts';
import { captureCommand, capturesCommand } from './capture.ts';
import { checkCommand } from './check.ts';
import { exitCodes, type CliPorts, type Command, type ExitCode } from './command.ts';
import { controlCommands } from './control.ts';
import { deployCommand } from './deploy.ts';
import { doctorCommand } from './doctor.ts';
import { ethlistCommand } from './ethlist.ts';
import { explainCommand } from './explain.ts';
import { getnetCommand } from './getnet.ts';
import { guestCommand } from './guest.ts';
import { haCommand } from './ha.ts';
import { helpOption, renderCommandHelp, renderHelp } from './help.ts';
import { imageCommand } from './image.ts';
import { installCommand } from './install.ts';
import { importCommand } from './import.ts';
import { kvmstickCommand } from './kvmstick.ts';
import { lockCommand } from './lock.ts';
import { konnectCommand } from './konnect.ts';
import { kvmlistCommand, vdelistCommand } from './lists.ts';
import { pictureCommand } from './picture.ts';
import { net2nwdiagCommand } from './net2nwdiag.ts';
import { pluginsCommand } from './plugins.ts';
import { portlistCommand } from './portlist.ts';
import { linkCommand } from './link.ts';
import { migrateCommand } from './migrate.ts';
import { monitorCommand } from './monitor.ts';
import { applyCommand, planCommand } from './plan.ts';
import { readyCommand } from './ready.ts';
import { reachCommand } from './reach.ts';
import { renewCommand } from './renew.ts';
import { runCommand } from './run.ts';
import { scenarioCommand } from './scenario.ts';
import { scriptCommand } from './script.ts';
import { snapshotCommand } from './snapshot.ts';
import { statusCommand } from './status.ts';
import { stpCommand } from './stp.ts';
import { testCommand } from './test.ts';
import { wireCommand } from './wire.ts';
import { tnInstCommand } from './tn-inst.ts';
import { nameVlanCommand, vlanApplyCommand, vlanCommand } from './vlan.ts';

const helpCommand: Command = {
  name: 'help',
  operands: '[COMMAND]',
  summary: 'Show this help, or that of a command',
  options: [],
  maxOperands: 1,
  run({ operands }, ports) {
    ports.out(operands[0] === undefined ? renderHelp(commands) : renderCommandHelp(commandOf(operands[0])));
    return Promise.resolve(exitCodes.done);
  },
};

/** Every command of `kvmlab`, in the order of the help. */
export const commands: readonly Command[] = [
  checkCommand,
  explainCommand,
  scriptCommand,
  renewCommand,
  deployCommand,
  ...controlCommands,
  statusCommand,
  readyCommand,
  doctorCommand,
  planCommand,
  applyCommand,
  reachCommand,
  pictureCommand,
  konnectCommand,
  monitorCommand,
  runCommand,
  tnInstCommand,
  installCommand,
  kvmlistCommand,
  vdelistCommand,
  portlistCommand,
  ethlistCommand,
  vlanCommand,
  nameVlanCommand,
  vlanApplyCommand,
  stpCommand,
  linkCommand,
  wireCommand,
  scenarioCommand,
  testCommand,
  captureCommand,
  capturesCommand,
  pluginsCommand,
  getnetCommand,
  net2nwdiagCommand,
  importCommand,
  imageCommand,
  kvmstickCommand,
  snapshotCommand,
  migrateCommand,
  lockCommand,
  haCommand,
  guestCommand,
  helpCommand,
];

/** Runs one command line (without `kvmlab` itself). Throws only what is a bug. */
export async function runCli(words: readonly string[], ports: CliPorts): Promise<ExitCode> {
  try {
    return await dispatch(words, ports);
  } catch (error) {
    if (error instanceof UsageError) {
      ports.err(`kvmlab: ${error.message} See: kvmlab help\n`);
      return exitCodes.usage;
    }
    if (!(error instanceof UserError)) throw error;
    ports.err(`kvmlab: ${error.message}\n`);
    return exitCodes.failed;
  }
}

async function dispatch(words: readonly string[], ports: CliPorts): Promise<ExitCode> {
  const [name, ...rest] = words;
  if (name === undefined) {
    ports.err(renderHelp(commands));
    return exitCodes.usage;
  }
  if (name === '--version') {
    ports.out(`${ports.version()}\n`);
    return exitCodes.done;
  }
  const command = name === '--help' || name === '-h' ? helpCommand : commandOf(name);
  const args = readArguments(rest, [...command.options, helpOption]);
  if (args.options.has('help')) {
    ports.out(renderCommandHelp(command));
    return exitCodes.done;
  }
  const surplus = args.operands[command.maxOperands];
  if (surplus !== undefined) throw new UsageError(`"${command.name}" can do nothing with ${surplus}.`);
  return command.run(args, ports);
}

function commandOf(name: string): Command {
  const command = commands.find(one => one.name === name);
  if (!command) throw new UsageError(`There is no command ${name}.`);
  return command;
}
