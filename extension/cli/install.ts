import { UserError } from '../base/user-error.ts';
import { resolvePath } from '../lab/files.ts';
import type { VmInstall } from '../lab/install.ts';
import { consolesOfLab } from '../runtime/console/console-list.ts';
import { folderOf } from '../runtime/paths.ts';
import type { RunEnd } from '../runtime/installs/script-run.ts';
import type { VmPlace } from '../runtime/installs/vm-disk.ts';
import { AlreadySo, VmInstaller } from '../runtime/installs/vm-installer.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type CliPorts, type Command, type ExitCode } from './command.ts';
import { playInstall, type PlayOrder } from './install-play.ts';
import { consoleTarget, type InstallTarget } from './install-target.ts';
import { openSoundLab, takeLabFile } from './lab-file.ts';
import { openScript } from './open-script.ts';
import { playOptions, readPlayOptions, readVariables } from './tn-inst-options.ts';

/** The console is listened to before the VM starts, and images are checked meanwhile. */
const slowestStartMs = 600_000;

export const installCommand: Command = {
  name: 'install',
  operands: '[FILE] VM',
  summary: 'Install a VM by the script that its lab names (install:)',
  details: [
    'The VM writes beside its disk; what it wrote takes the disk’s place when the script has come to its',
    'end. Whatever else happens, the disk is as it was. A VM that is installed is not installed again.',
    'Exit codes: 0 installed, 1 failed, 2 wrong use, 3 it is installed, runs, or is being installed.',
  ],
  options: [{ name: 'again', summary: 'Install it also if it is installed' }, ...playOptions],
  maxOperands: 2,
  async run(args, ports) {
    const { file, others } = await takeLabFile(args.operands, ports);
    const [name, extra] = others;
    if (name === undefined || extra !== undefined) throw new UsageError('Which VM? Name one.');
    const { lab, path: labPath } = await openSoundLab(file, ports);
    const vm = lab.vms.find(one => one.name === name);
    if (!vm) throw new UserError(`${file} has no VM ${name}.`);
    const { install } = vm;
    if (!install)
      throw new UserError(`${name} has no install script in ${file}. Add "install: NAME.install.yaml" to it.`);
    const path = resolvePath(install.script, folderOf(labPath), ports.images.places.home);
    const script = await openScript(install.script, ports, path);
    if (!script) return exitCodes.failed;
    const given = new Map([...install.vars, ...readVariables(args)]);
    const options = readPlayOptions(args.options);
    const connectMs = Math.max(options.connectMs, slowestStartMs);
    const order = { ...options, file: install.script, path, script, given, from: undefined, connectMs };
    return installVm({ labPath, lab, vm }, install, order, args.options.has('again'), ports);
  },
};

async function installVm(
  place: VmPlace,
  install: VmInstall,
  order: PlayOrder,
  isAgain: boolean,
  ports: CliPorts,
): Promise<ExitCode> {
  const { vm } = place;
  const { images, control, installs, clock, files } = ports;
  const installer = new VmInstaller({
    ...{ control, actions: images.actions, images: images.files, files, installs: installs.files, clock },
    home: images.places.home,
  });
  const record = isAgain ? undefined : await installer.installed(place);
  if (record) {
    const when = new Date(record.when).toISOString().slice(0, 16).replace('T', ' ');
    ports.err(`${vm.name} is installed, by ${record.script}, ${when} UTC. With --again it is installed anew.\n`);
    return exitCodes.already;
  }
  let code: ExitCode = exitCodes.failed;
  const play = async (start: () => Promise<void>): Promise<RunEnd> => {
    const played = await playInstall(order, () => Promise.resolve(targetOf(place, ports)), ports, start);
    code = played.code;
    return played.end;
  };
  try {
    const end = await installer.install(place, install, play);
    ports.err(end.kind === 'finished' ? `${vm.name} is installed.\n` : `The disk of ${vm.name} is as it was.\n`);
    return code;
  } catch (error) {
    if (!(error instanceof AlreadySo)) throw error;
    ports.err(`kvmlab: ${error.message}\n`);
    return exitCodes.already;
  }
}

function targetOf({ lab, vm }: VmPlace, ports: CliPorts): InstallTarget {
  const consoles = consolesOfLab(lab, `${ports.labCheck.runRoot}/${lab.name}`);
  const console = consoles.find(one => one.vm === vm.name && one.kind === 'serial');
  if (!console) throw new UserError(`${vm.name} has no ID, and so no console.`);
  return consoleTarget(console, ports);
}
