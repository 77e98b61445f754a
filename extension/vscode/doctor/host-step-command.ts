import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { switchScript } from '../../lab/layout.ts';
import type { Tap } from '../../lab/model.ts';
import { folderOf } from '../../runtime/paths.ts';
import { scriptFolder } from '../../runtime/lab-identity.ts';
import { quote } from '../../script/quote.ts';
import type { TargetArguments } from '../commands.ts';
import type { Services } from '../services.ts';
import { thingsOf } from '../targets.ts';
import { typeInTerminal } from './type-in-terminal.ts';

interface HostStep {
  readonly verb: string;
  readonly words: string;
  readonly needsRoot: boolean;
}

/** What can be done to this host for a switch, in the order in which it is done; only what its tap asks for. */
function stepsOf({ address, nat, proxy, dns, bridge, lan }: Tap): readonly HostStep[] {
  const step = (verb: string, words: string, needsRoot = true): HostStep => ({ verb, words, needsRoot });
  const onOff = (service: string, what: string, isWanted: boolean): readonly HostStep[] =>
    isWanted ? [step(`${service}-on`, `${what}: on`), step(`${service}-off`, `${what}: off`)] : [];
  const isLan = bridge !== undefined && lan !== undefined;
  return [
    step('host-status', 'Say what of it is there', false),
    ...(isLan ? [step('bridge-check', 'Say what making the bridge means; changes nothing', false)] : []),
    ...(isLan ? [step('bridge-up', `Put ${lan} into ${bridge}; undone unless confirmed`)] : []),
    ...(isLan ? [step('bridge-confirm', 'Confirm that the connection holds')] : []),
    step('host-up', 'Make the tap, with all that the lab file says'),
    ...(address === undefined ? [] : [step('host-hints', 'Say what to set in a guest', false)]),
    ...onOff('nat', 'Way out for VMs', nat),
    ...onOff('proxy', 'Web proxy', proxy !== undefined),
    ...onOff('dns', 'Name server', dns !== undefined),
    step('host-down', 'Remove the tap and its rules'),
    ...(isLan ? [step('bridge-down', `Give ${lan} its addresses back, and remove ${bridge}`)] : []),
  ];
}

/** Asks for a switch with a tap and a step, and types the command of its script in a terminal. */
export async function runHostStep(services: Services, args: TargetArguments): Promise<void> {
  await services.whenRead();
  const [clicked] = thingsOf(args, services.store.labs);
  const items = services.store.labs.flatMap(({ path, lab }) =>
    (lab?.switches ?? []).flatMap(({ name, tap }) =>
      lab && tap ? [{ label: name, description: lab.name, path, lab, tap }] : [],
    ),
  );
  const fitting = items.filter(
    one => !clicked || (one.path === clicked.lab && (clicked.kind !== 'switch' || clicked.name === one.label)),
  );
  if (fitting.length === 0)
    throw new UserError('There is no switch with a tap here. A tap is a key of a switch: tap: { interface: kvmadm0 }.');
  const one =
    fitting.length === 1
      ? fitting[0]
      : await vscode.window.showQuickPick(fitting, { title: 'This host on which switch?' });
  if (!one) return;
  const steps = stepsOf(one.tap).map(step => ({ label: step.words, description: step.verb, step }));
  const picked = await vscode.window.showQuickPick(steps, {
    title: `This host on switch ${one.label}`,
    matchOnDescription: true,
  });
  if (!picked) return;
  await services.control.generate(one.path);
  const { verb, needsRoot } = picked.step;
  const script = quote(`${scriptFolder(one.path, one.lab)}/${switchScript(one.label)}`);
  const runRoot = quote(folderOf(services.runDir(one.lab.name)));
  typeInTerminal(`switch ${one.label}`, `${needsRoot ? 'sudo ' : ''}${script} ${verb} RUN_ROOT=${runRoot}`);
}
