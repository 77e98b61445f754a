import { findStep } from '../dialogue/step-list.ts';
import type { InstallScript, Step } from '../dialogue/install-script.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { exitCodes, type CliPorts, type Command, type ExitCode } from './command.ts';
import { learnInstall } from './install-learn.ts';
import { playInstall } from './install-play.ts';
import { findInstallTarget } from './install-target.ts';
import { openScript } from './open-script.ts';
import { playOptions, readPlayOptions, readVariables } from './tn-inst-options.ts';

export const tnInstCommand: Command = {
  name: 'tn-inst',
  operands: 'SCRIPT VM|HOST:PORT|ssh://[USER@]HOST[:PORT]',
  summary: 'Play an install script (*.install.yaml) at a serial console',
  details: [
    'VM is a name, LAB/NAME, an ID or a port; HOST:PORT speaks telnet; ssh:// uses your own ssh.',
    'What the console prints goes to standard output, the steps go to standard error.',
    'With --learn you are connected as with konnect; Ctrl-] then q leaves and writes SCRIPT.',
    'It is then played on a VM as yours was at first (its image, empty disks), which goes again.',
    'Secrets come from the environment (KVMLAB_SECRET_NAME) or are asked for; they are shown nowhere.',
    'Exit codes: 0 done, 1 stuck at a step, 2 wrong use, 3 the console is not there.',
    'With --json: {outcome, step, of, file, line, does, expected, message, lastLines,',
    'guestShowedSecrets}; outcome: finished, stuck, cancelled or unconnected.',
  ],
  options: [
    { name: 'from', value: 'STEP', summary: 'Begin at this step: its name or number' },
    { name: 'learn', summary: 'Make SCRIPT of what you type at the console of a VM' },
    { name: 'no-replay', summary: 'With --learn: do not play it at once on a fresh VM' },
    ...playOptions,
  ],
  maxOperands: 2,
  async run(args, ports) {
    const { operands, options } = args;
    const [file, target] = operands;
    if (file === undefined) throw new UsageError('Which script, and where? kvmlab tn-inst SCRIPT VM');
    if (target === undefined) throw new UsageError('Where is it to be played? Name a VM, HOST:PORT or ssh://HOST.');
    if (options.has('learn')) return learn(file, target, args, ports);
    if (options.has('no-replay')) throw new UsageError('--no-replay goes with --learn.');
    const script = await openScript(file, ports);
    if (!script) return exitCodes.failed;
    const from = options.get('from');
    const order = {
      file,
      path: ports.folder.resolve(file),
      script,
      from: from === undefined ? undefined : stepNamed(script, from),
    };
    const play = { ...order, given: readVariables(args), ...readPlayOptions(options) };
    return (await playInstall(play, () => findInstallTarget(target, ports), ports)).code;
  },
};

function learn(file: string, vm: string, { options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  for (const name of ['from', 'var'])
    if (options.has(name)) throw new UsageError(`--${name} is for a script that is played, and not for --learn.`);
  const order = { file, vm, isReplayed: !options.has('no-replay'), ...readPlayOptions(options) };
  return learnInstall(order, ports);
}

function stepNamed(script: InstallScript, word: string): Step {
  const step = findStep(script, word);
  if (!step) throw new UsageError(`The script has no step ${word}. Take a step's name or its number.`);
  return step;
}
